"""What the Slack room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SlackSettings(Settings):
    """`slack_team` is the only workspace that is answered; empty answers the workspace that signs.

    `kept_queue` is the address of the queue for what cannot be worked now; without one people are asked to try again.
    `admins` are the addresses of the administrators, with commas between them. `slack_emoji` is the reaction that adds
    a message to a timeline; empty adds none. `fallback_owner` is the person, as JSON, who gets what belongs to no
    integration.
    """

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    slack_secrets: str
    web_url: str
    slack_team: str = ""
    kept_queue: str = ""
    admins: str = ""
    fallback_owner: str = ""
    slack_emoji: str = "stopwatch"
    slack_hooks: str = "hooks.slack.com"
    slack_api_url: str = "https://slack.com/api/"
