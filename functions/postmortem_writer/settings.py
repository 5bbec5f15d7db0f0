"""What the postmortem writer needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class WriterSettings(Settings):
    """Where incidents are read, and where documents and the index are written."""

    incidents_table: str
    knowledge_bucket: str
