"""What the notifier needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class NotifierSettings(Settings):
    """`slack_secrets` is the SSM path under which `bot-token` and `signing-secret` lie.

    Where Slack does not take a notice, its person is told by e-mail from `email_sender`, an address that SES may send
    from; where that is empty, `operator_topic` is told. `own_queue` is the address of this room's queue.
    """

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    slack_secrets: str
    slack_channel: str
    web_url: str
    metric_namespace: str
    operator_topic: str
    own_queue: str
    email_sender: str = ""
    slack_api_url: str = "https://slack.com/api/"
