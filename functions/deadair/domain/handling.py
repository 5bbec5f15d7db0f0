"""How an integration's incidents are handled, as its row says: when one begins anew, when it may end by itself.

Knows the defaults and that consent never ends by itself. Refuses to fail: what a row says oddly counts as not said,
for a row must not be able to stop an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

REOPEN_MIN = 30
DAY_MIN = 1440
WEEK_MIN = 10_080
# From how many minutes to how many each field goes.
BOUNDS = {
    "reopen_min": (0, DAY_MIN),
    "resolves_itself_after_min": (5, WEEK_MIN),
    "ack_min": (1, DAY_MIN),
    "update_min": (5, DAY_MIN),
}


@dataclass(frozen=True, slots=True)
class Handling:
    """Minutes. An ALARM within `reopen_min` of the end goes on with the same incident.

    `resolves_itself_after_min` after its recovery an incident ends by itself; None: never. `ack_min` and `update_min`
    stand in for the deadlines that follow from severity; None: they do.
    """

    reopen_min: int = REOPEN_MIN
    resolves_itself_after_min: int | None = None
    ack_min: int | None = None
    update_min: int | None = None

    @property
    def reopens_within(self) -> timedelta:
        """How long after its end an ALARM goes on with the same incident."""
        return timedelta(minutes=self.reopen_min)


USUAL = Handling()


def handling_of(row: Mapping[str, Any] | None) -> Handling:
    """What a row (JSON types; None: no row) says of the handling of its incidents."""
    if not row:
        return USUAL
    given = row.get("handling")
    said = {name: _minutes(given, name) for name in BOUNDS} if isinstance(given, Mapping) else {}
    if "consent" in _classes(row):
        said["resolves_itself_after_min"] = None
    return Handling(**{name: minutes for name, minutes in said.items() if minutes is not None})


def _classes(row: Mapping[str, Any]) -> Any:
    classes = row.get("data_classes")
    return classes if isinstance(classes, list | str) else ()


def _minutes(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    least, most = BOUNDS[name]
    counts = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    return int(value) if counts else None  # type: ignore[arg-type]
