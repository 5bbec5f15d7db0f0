"""How a room reads its environment: one frozen dataclass per room, one variable per field.

Knows the rule that a field `incidents_table` is read from `INCIDENTS_TABLE`. Refuses to know any room.
Infrastructure asks the same class for the names, so that no name is typed twice.
"""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self

from deadair.domain.errors import MissingSetting


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The base of every room's settings. Fields are strings; a default makes a field optional."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The environment variables that this room reads, in the order of the fields."""
        return tuple(field.name.upper() for field in fields(cls))

    @classmethod
    def required_names(cls) -> tuple[str, ...]:
        """The environment variables without which this room does not start."""
        return tuple(field.name.upper() for field in fields(cls) if field.default is MISSING)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings once, at cold start.

        Raises MissingSetting, which names every variable that is absent or empty.
        """
        env = os.environ if environ is None else environ
        missing = [name for name in cls.required_names() if not env.get(name)]
        if missing:
            raise MissingSetting(*missing)
        given: dict[str, Any] = {name.lower(): env[name] for name in cls.names() if env.get(name)}
        return cls(**given)
