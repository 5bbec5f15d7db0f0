"""The fixtures of the rooms' claims."""

from tests.rooms.intake_room import intake, table
from tests.rooms.slack_rooms import neighbours, room

__all__ = ["intake", "neighbours", "room", "table"]
