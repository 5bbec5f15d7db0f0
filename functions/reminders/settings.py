"""What the reminders need to know about their surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RemindersSettings(Settings):
    """`slack_channel` hears once a month; `fallback_owner` (JSON) has what nobody holds any more.

    Where Slack does not take a digest, its person is told by e-mail from `email_sender`; where that is empty,
    `operator_topic` is told. `slack_secrets` is the SSM path under which `bot-token` lies.
    """

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    slack_secrets: str
    slack_channel: str
    web_url: str
    operator_topic: str
    fallback_owner: str
    email_sender: str = ""
    slack_api_url: str = "https://slack.com/api/"
