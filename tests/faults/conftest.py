"""The fixtures that claims about faults share with those of the rooms."""

from tests.rooms.intake_room import intake, table

__all__ = ["intake", "table"]
