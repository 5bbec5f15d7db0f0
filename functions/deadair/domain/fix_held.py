"""Fixes that did not hold: what was said to have mended it, and it broke again.

Knows two signs, and no others: the same incident was opened again after a fix, or the same integration failed in the
same way within a month of a remedy that resembles one that was tried before. That it merely broke again is no sign:
another cause may have the same class. Refuses to say whose fix it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.outline import Outline
from deadair.domain.remedies import names, resembles
from deadair.domain.severity import FailureClass

WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """A fix that did not hold: that of incident `number`. `shown_by` is the incident that showed it, perhaps the same.

    `at` is when it broke again: when `shown_by` began, and for one that was opened again when it began at all.
    """

    number: int
    fix: str
    shown_by: int
    at: datetime
    integration: str
    failure_class: FailureClass
    integration_name: str = ""

    @property
    def id(self) -> str:
        """The name of the incident whose fix it was."""
        return f"INC-{self.number}"

    @property
    def is_reopened(self) -> bool:
        """Whether the very same incident was opened again."""
        return self.number == self.shown_by


def unheld(outlines: Iterable[Outline]) -> tuple[Unheld, ...]:
    """Every fix that did not hold, each once, the latest first."""
    lines: dict[tuple[str, FailureClass], dict[int, Outline]] = defaultdict(dict)
    for one in outlines:
        if one.is_real:
            lines[one.line][one.number] = one
    found = [each for line in lines.values() for each in _of_line(list(line.values()))]
    return tuple(sorted(found, key=lambda each: (each.at, each.number), reverse=True))


def _of_line(line: list[Outline]) -> list[Unheld]:
    """One integration and class. Of each fix the first incident that broke after it is the one that shows it."""
    ordered = sorted(line, key=lambda one: (one.started_at, one.number))
    again = [_unheld(one, fix, one) for one in ordered if (fix := _own(one))]
    for place, one in enumerate(ordered):
        after = _broke_after(one, ordered[place + 1 :])
        if after is not None and _was_tried(one, ordered[:place], after):
            again.append(_unheld(one, one.fix, after))
    return again


def _own(one: Outline) -> str:
    """The last fix after which this very incident was opened again."""
    return one.failed_fixes[-1] if one.failed_fixes else ""


def _broke_after(one: Outline, later: Sequence[Outline]) -> Outline | None:
    """The first that began within a month of its end; None as long as its fix holds, or was not said."""
    end = one.resolved_at
    if end is None or not one.fix:
        return None
    return next((each for each in later if end <= each.started_at <= end + WITHIN), None)


def _was_tried(one: Outline, earlier: Sequence[Outline], after: Outline) -> bool:
    """Whether its remedy had been tried before, or was what the next one needed again."""
    if resembles(one.fix, after.fix) or names(after.fix, one.number):
        return True
    return any(resembles(each.fix, one.fix) or names(one.fix, each.number) for each in earlier)


def _unheld(one: Outline, fix: str, shown_by: Outline) -> Unheld:
    return Unheld(
        number=one.number,
        fix=fix,
        shown_by=shown_by.number,
        at=shown_by.started_at,
        integration=one.integration,
        failure_class=one.failure_class,
        integration_name=one.integration_name,
    )
