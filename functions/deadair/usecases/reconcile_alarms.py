"""Once a day: every row's alarms as the row asks, no alarm of a row that is gone, and the dates that come near.

Knows that it may not get through in one run: it says from which slug on the next one goes on. Refuses to hurry, and
to count an alarm as left over that bears no mark of ours.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.errors import OddRow
from deadair.domain.marks import raised_by
from deadair.domain.own_signal import OwnSignal, due
from deadair.usecases.provision_alarms import ROWS_AT_ONCE, Enough, Provisioner, Report

logger = logging.getLogger(__name__)

Say = Callable[[OwnSignal], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reconcile is: the last slug that is done, and whether CloudWatch takes no more alarms."""

    after: str = ""
    full: bool = False


def reconcile(
    provisioner: Provisioner,
    place: Place,
    now: datetime,
    *,
    say: Say = lambda _: None,
    enough: Enough = lambda: False,
    progress: Progress = lambda _done, _all: None,
) -> tuple[Report, Place | None]:
    """Go on from a place. Returns what was done, and the place for the next run, None at the end."""
    report = Report(full=place.full)
    if not place.after:
        leftovers = left_over(provisioner)
        provisioner.alarms.delete(leftovers)
        report.deleted += leftovers
    slugs = [slug for slug in provisioner.rows.slugs() if slug > place.after]
    for start in range(0, len(slugs), ROWS_AT_ONCE):
        progress(start, len(slugs))
        portion = slugs[start : start + ROWS_AT_ONCE]
        provisioner.converge(portion, now, enough=enough, report=report, tags_too=True)
        if report.left:
            return report, Place(slugs[start - 1] if start else place.after, full=report.full)
        for signal in _dates(provisioner, portion, now):
            say(signal)
    progress(len(slugs), len(slugs))
    return report, None


def left_over(provisioner: Provisioner) -> list[str]:
    """The alarms with our name and our mark whose row is gone. The alarms are read before the rows.

    An alarm of a row that comes back meanwhile is made again: its coming back is a change of the registry.
    """
    found = {
        name: raised_by(name, alarm.get("AlarmDescription") or "", provisioner.prefix)
        for page in provisioner.alarms.beginning(f"{provisioner.prefix}-")
        for name, alarm in page.items()
    }
    slugs = set(provisioner.rows.slugs())
    return sorted(name for name, slug in found.items() if slug and slug not in slugs)


def _dates(provisioner: Provisioner, slugs: list[str], now: datetime) -> Iterator[OwnSignal]:
    for row in provisioner.rows.of(slugs).there:
        try:
            yield from due(row, provisioner.prefix, now)
        except OddRow:
            logger.exception("a row has dates that cannot be understood", extra={"row": row.slug})
