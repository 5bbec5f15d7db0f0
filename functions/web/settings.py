"""What the web room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class WebSettings(Settings):
    """`oidc_*` say who tells us who somebody is, and whose people may come in; without them nobody may.

    `oidc_teams` are workspaces (or tenants), `oidc_domains` those of e-mail addresses; without both, `slack_team`.
    `fallback_owner` is the person, as JSON, who is told when nobody else is left. `admins` are the addresses of the
    administrators, with commas between them.
    """

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    web_secrets: str
    web_url: str
    signal_queue_url: str
    change_queue_url: str
    signal_secrets: str
    metric_namespace: str
    alarm_prefix: str
    oidc_issuer: str = "https://slack.com"
    oidc_client_id: str = ""
    oidc_scopes: str = "openid profile email"
    oidc_teams: str = ""
    oidc_domains: str = ""
    slack_team: str = ""
    slack_secrets: str = ""
    slack_api_url: str = "https://slack.com/api/"
    intake_queue_url: str = ""
    fallback_owner: str = ""
    admins: str = ""
