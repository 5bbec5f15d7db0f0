"""What came before an incident: how often its integration failed in this way, and which fixes did not hold.

Knows how that is put together and said in one sentence. Refuses to read anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.fix_held import Unheld, unheld
from deadair.domain.outline import Outline
from deadair.domain.pattern import DAYS, Pattern, seen_before
from deadair.domain.severity import FailureClass

# So many are named, the latest ones.
NAMED = 5
ORDINALS = {3: "Third", 4: "Fourth", 5: "Fifth", 6: "Sixth", 7: "Seventh", 8: "Eighth", 9: "Ninth", 10: "Tenth"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A fix that did not hold: of incident `number`, and which incident showed it (the same: it was opened again)."""

    number: int
    shown_by: int
    fix: str = ""

    @property
    def is_reopened(self) -> bool:
        """Whether the very same incident was opened again."""
        return self.number == self.shown_by


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Of one incident and the class that it had when this was found out. `numbers` are the others, oldest first.

    `failed` are fixes that did not hold, its own or those before it; the ones that this incident showed come first.
    """

    failure_class: FailureClass
    numbers: tuple[int, ...] = ()
    days: int = DAYS
    is_pattern: bool = False
    failed: tuple[Failed, ...] = ()

    @property
    def count(self) -> int:
        """How many times, this one included."""
        return len(self.numbers) + 1


def history_of(outlines: Iterable[Outline], incident: Outline) -> History:
    """What the outlines of its integration, this one among them or not, say of an incident as it began."""
    known = {one.number: one for one in outlines} | {incident.number: incident}
    told = seen_before(_until(known.values(), incident.started_at), *incident.line, incident.started_at)
    others = told.others(incident.number)
    return History(
        failure_class=incident.failure_class,
        numbers=others,
        is_pattern=incident.is_real and told.is_pattern,
        failed=tuple(_failed(one) for one in _touching(unheld(known.values()), incident.number)),
    )


def sentence(pattern: History | Pattern, number: int = 0) -> str:
    """`Third time in 90 days: INC-3, INC-17.`; empty where it is no pattern."""
    if not pattern.is_pattern:
        return ""
    others = pattern.others(number) if isinstance(pattern, Pattern) else pattern.numbers
    shown = ", ".join(f"INC-{each}" for each in others[-NAMED:])
    more = f" and {len(others) - NAMED} before" if len(others) > NAMED else ""
    return f"{_times(pattern.count)} in {pattern.days} days: {shown}{more}."


def _times(count: int) -> str:
    return f"{ORDINALS[count]} time" if count in ORDINALS else f"{count} times"


def _until(outlines: Iterable[Outline], began: datetime) -> list[Outline]:
    return [one for one in outlines if one.started_at <= began]


def _touching(found: Iterable[Unheld], number: int) -> list[Unheld]:
    """Those that this incident showed, then those of its own fix."""
    mine = [one for one in found if number in {one.number, one.shown_by}]
    return sorted(mine, key=lambda one: (one.shown_by != number, -one.number))


def _failed(one: Unheld) -> Failed:
    return Failed(number=one.number, shown_by=one.shown_by, fix=one.fix)
