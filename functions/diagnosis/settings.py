"""What the diagnosis needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class DiagnosisSettings(Settings):
    """`diagnosis_queue_url` is the room's own queue, on which it asks itself to look again."""

    incidents_table: str
    registry_table: str
    metric_namespace: str
    diagnosis_queue_url: str
