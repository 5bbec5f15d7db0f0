"""What the relay needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RelaySettings(Settings):
    """The bus that carries the facts."""

    incident_bus: str
