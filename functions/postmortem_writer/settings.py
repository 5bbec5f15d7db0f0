"""What the postmortem writer needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class WriterSettings(Settings):
    """Where incidents, rows and metrics are read, and where documents and the index are written."""

    incidents_table: str
    registry_table: str
    metric_namespace: str
    knowledge_bucket: str
