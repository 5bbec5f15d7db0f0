"""What the change room needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ChangeSettings(Settings):
    """`diagnosis_queue_url` is where an open incident is named that is to be looked at again; empty: nowhere."""

    incidents_table: str
    registry_table: str
    diagnosis_queue_url: str = ""
