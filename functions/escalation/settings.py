"""What the escalation room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class EscalationSettings(Settings):
    """`schedule_group` holds this stage's one-shot schedules; `schedule_role_arn` may only feed this room's queue."""

    incidents_table: str
    registry_table: str
    fallback_owner: str
    escalation_queue_url: str
    escalation_queue_arn: str
    escalation_dead_letter_arn: str
    schedule_group: str
    schedule_role_arn: str
