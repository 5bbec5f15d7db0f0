"""What the intake room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class IntakeSettings(Settings):
    """`alarm_scope` is JSON: `{"accounts": [], "regions": [], "prefixes": []}`; an empty list admits all.

    What looks at `metric_namespace` is ours whatever its name, and what looks at another stage's is not. Alarms whose
    names begin with `stack_name` are about Deadair itself; `drill_alarm` is the watchdog's.
    """

    incidents_table: str
    registry_table: str
    knowledge_bucket: str
    fallback_owner: str
    metric_namespace: str
    stack_name: str
    drill_alarm: str
    alarm_scope: str = "{}"
