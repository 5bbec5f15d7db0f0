"""What the escalation room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class EscalationSettings(Settings):
    """`slack_secrets` is where the bot's token lies, by which owners who have left are found; empty looks for nobody.

    `schedule_group` holds this stage's one-shot schedules; `schedule_role_arn` may only feed this room's queue.
    """

    incidents_table: str
    registry_table: str
    fallback_owner: str
    escalation_queue_url: str
    escalation_queue_arn: str
    escalation_dead_letter_arn: str
    schedule_group: str
    schedule_role_arn: str
    slack_secrets: str = ""
    slack_api_url: str = "https://slack.com/api/"
    slack_team: str = ""
