"""What the signal room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SignalSettings(Settings):
    """`metric_namespace` is where the alarms that the registry raises look."""

    incidents_table: str
    metric_namespace: str
