"""What can break between marketing tools, as cards: each cause told three ways, at three places.

The cards in `cards/*.toml` are written by hand, one file for each failure class. Knows their shape; `telling.py` makes
write-ups of them. All companies and all incidents are invented.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CARDS = Path(__file__).with_name("cards")
WAYS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """An integration of a write-up: its slug, its name as people write it, and whose side may fail."""

    slug: str
    name: str
    vendor: str

    @property
    def ends(self) -> tuple[str, str]:
        """Where the records come from and where they go."""
        source, _, target = self.name.partition(" → ")
        return source, target or source


@dataclass(frozen=True, slots=True)
class Cause:
    """One card. Every tuple has one entry for each way of telling it; `code` may be empty."""

    key: str
    failure_class: str
    tags: tuple[str, ...]
    severity: tuple[str, ...]
    found: tuple[str, ...]
    consent: tuple[bool, ...]
    places: tuple[Place, ...]
    titles: tuple[str, ...]
    broke: tuple[str, ...]
    saw: tuple[str, ...]
    code: tuple[str, ...]
    fix: tuple[str, ...]
    catch: tuple[str, ...]


@cache
def causes() -> tuple[Cause, ...]:
    """All cards, by class and then as they stand in their file."""
    return tuple(
        _cause(file.stem, row)
        for file in sorted(CARDS.glob("*.toml"))
        for row in tomllib.loads(file.read_text("utf-8"))["card"]
    )


def _cause(failure_class: str, row: dict[str, list[str]]) -> Cause:
    told = {
        name: tuple(row[name])
        for name in ("tags", "severity", "found", "titles", "broke", "saw", "code", "fix", "catch")
    }
    return Cause(
        key=str(row["key"]),
        failure_class=failure_class,
        consent=tuple(bool(one) for one in row.get("consent", [False] * WAYS)),
        places=tuple(Place(*one.split("|")) for one in row["places"]),
        **told,
    )
