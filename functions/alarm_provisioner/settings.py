"""What the provisioner needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ProvisionerSettings(Settings):
    """`alarm_prefix` begins the name of every alarm that is ours; `metric_namespace` is where they look."""

    incidents_table: str
    registry_table: str
    intake_queue_url: str
    provisioner_queue_url: str
    alarm_prefix: str
    metric_namespace: str
    alarm_writes_per_second: str = "3"
