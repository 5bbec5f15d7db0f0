"""What the notifier needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class NotifierSettings(Settings):
    """`slack_secrets` is the SSM path under which `bot-token` and `signing-secret` lie."""

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    slack_secrets: str
    slack_channel: str
    web_url: str
    slack_api_url: str = "https://slack.com/api/"
