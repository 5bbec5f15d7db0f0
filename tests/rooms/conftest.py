"""The fixtures of the rooms' claims."""

from tests.rooms.slack_rooms import neighbours, room

__all__ = ["neighbours", "room"]
