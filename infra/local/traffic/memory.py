"""What the traffic remembers over a restart: who is broken and how, and up to which minute each was played.

Knows one small file in the state directory. A file that cannot be read is as good as none: then everything is well.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.traffic.how import How


@dataclass(frozen=True, slots=True)
class Break:
    """One integration is broken in the way of `how` since that time (seconds since the epoch)."""

    how: How
    since: float


@dataclass(frozen=True, slots=True)
class Mended:
    """The last break of an integration: since when it was broken, and since when it is whole again."""

    broke: float
    since: float


@dataclass
class Memory:
    """The state of the traffic. `marks` count how often an integration's history was played again."""

    file: Path
    broken: dict[str, Break] = field(default_factory=dict)
    played: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    mended: dict[str, Mended] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Memory":
        """What the file says."""
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            broken = {slug: Break(How(one["how"]), float(one["since"])) for slug, one in told["broken"].items()}
            mended = {slug: Mended(*map(float, one)) for slug, one in told.get("mended", {}).items()}
            return cls(file, broken, _numbers(told["played"]), _numbers(told["marks"]), mended)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(file)

    def write(self) -> None:
        """Keep it, in one step."""
        broken = {slug: {"how": one.how.value, "since": one.since} for slug, one in self.broken.items()}
        draft = self.file.with_suffix(".new")
        told = {"broken": broken, "played": self.played, "marks": self.marks}
        mended = {slug: [one.broke, one.since] for slug, one in self.mended.items()}
        draft.write_text(json.dumps(told | {"mended": mended}), encoding="utf-8")
        draft.replace(self.file)

    def mark(self, slug: str) -> str:
        """What tells this integration's signals from those of a history that is gone."""
        again = self.marks.get(slug, 0)
        return f"-{again}" if again else ""


def _numbers(told: dict[str, Any]) -> dict[str, int]:
    return {slug: int(number) for slug, number in told.items()}
