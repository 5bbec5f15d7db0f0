"""What the web room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class WebSettings(Settings):
    """`door` says who may come in: `closed` refuses everyone, `local` asks who you are (one machine only).

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
    door: str = "closed"
    intake_queue_url: str = ""
    fallback_owner: str = ""
    admins: str = ""
