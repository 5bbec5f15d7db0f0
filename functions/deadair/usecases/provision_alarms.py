"""Bring the alarms of some rows to what the rows say now, from whatever they are.

Knows no change, only the state of both sides, so it may be run again at any time: what is done already is not done
twice, and what failed is found again. Refuses to touch an alarm without our mark.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from deadair.adapters.cloudwatch.alarms import AT_ONCE, Alarms, Found, Taken
from deadair.adapters.dynamodb.rows_now import Rows, RowsNow
from deadair.domain.drift import Plan, missing_tags, plan
from deadair.domain.errors import OddRow
from deadair.domain.marks import WORDS, names_of
from deadair.domain.ownership import Integration
from deadair.domain.watch import Watch, watches

logger = logging.getLogger(__name__)

# The names of so many rows fit into one question.
ROWS_AT_ONCE = AT_ONCE // len(WORDS)
Enough = Callable[[], bool]


@dataclass
class Report:
    """What was done, by the names of the alarms.

    `left` are slugs for another run; `waiting` are alarms that CloudWatch has no room for, as `full` says.
    """

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    tagged: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    rows: int = 0
    same: int = 0
    full: bool = False

    @property
    def writes(self) -> int:
        """How many alarms were written."""
        return len(self.created) + len(self.changed) + len(self.deleted) + len(self.tagged)


class Provisioner:
    """The alarms of one stage: those with its prefix, reading metrics of its namespace."""

    def __init__(self, rows: RowsNow, alarms: Alarms, *, prefix: str, namespace: str) -> None:
        self.rows, self.alarms = rows, alarms
        self.prefix, self.namespace = prefix, namespace

    def look(self, slugs: Sequence[str], now: datetime) -> "Look":
        """Both sides as they are, and what would have to be written. Writes nothing."""
        rows = self.rows.of(slugs)
        wanted, unreadable = self._asked_by(rows, now)
        readable = [slug for slug in slugs if slug not in unreadable]
        found = self.alarms.named(name for slug in readable for name in names_of(self.prefix, slug))
        return Look(plan(wanted, found, self.prefix), found, rows, unreadable)

    def look_at_all(self, now: datetime) -> "Look":
        """The same for every row, and for the alarms of rows that are gone."""
        rows = self.rows.everything()
        wanted, unreadable = self._asked_by(rows, now)
        kept = {name for slug in unreadable for name in names_of(self.prefix, slug)}
        pages = self.alarms.beginning(f"{self.prefix}-")
        found = {name: alarm for page in pages for name, alarm in page.items() if name not in kept}
        return Look(plan(wanted, found, self.prefix), found, rows, unreadable)

    def wanted(self, row: Integration, now: datetime) -> tuple[Watch, ...]:
        """The alarms of a row."""
        return watches(row, prefix=self.prefix, namespace=self.namespace, now=now)

    def _asked_by(self, rows: Rows, now: datetime) -> tuple[list[Watch], tuple[str, ...]]:
        """The alarms that rows ask for, and the slugs of those rows that cannot be understood."""
        wanted: list[Watch] = []
        odd = []
        for row in rows.there:
            try:
                wanted += self.wanted(row, now)
            except OddRow:
                logger.exception("a row asks for alarms that cannot be understood", extra={"row": row.slug})
                odd.append(row.slug)
        return wanted, (*rows.unreadable, *odd)

    def converge(
        self,
        slugs: Sequence[str],
        now: datetime,
        *,
        enough: Enough = lambda: False,
        report: Report | None = None,
        tags_too: bool = False,
    ) -> Report:
        """Write what differs, deletions first, until `enough`. `tags_too` also looks at tags, a call for each."""
        report = report or Report()
        for start in range(0, len(slugs), ROWS_AT_ONCE):
            some = slugs[start : start + ROWS_AT_ONCE]
            if enough() or not self._settle(some, now, report, enough, tags_too=tags_too):
                report.left += some
        return report

    def _settle(self, slugs: Sequence[str], now: datetime, report: Report, enough: Enough, *, tags_too: bool) -> bool:
        """Write, and look whether the rows are still those that were written. False when the time is over.

        Two runs may hold the same row: the one that read it first may write last.
        """
        while True:
            look = self.look(slugs, now)
            if not self._write(look, report, enough, tags_too=tags_too):
                return False
            if not look.plan.writes or self.rows.of(slugs) == look.rows:
                break
        report.unreadable += look.unreadable
        report.clashes += look.plan.clashes
        report.rows += len(slugs)
        report.same += len(look.plan.same)
        return True

    def _write(self, look: "Look", report: Report, enough: Enough, *, tags_too: bool) -> bool:
        """Whether all of it could be done in time."""
        if look.plan.delete:
            self.alarms.delete(look.plan.delete)
            report.deleted += look.plan.delete
        for watch in look.plan.change:
            if enough():
                return False
            self._put(watch, report, report.changed)
        for watch in look.plan.create:
            if enough():
                return False
            self._create(watch, report)
        return not tags_too or self._tag((*look.plan.same, *look.plan.change), look.found, report, enough)

    def _create(self, watch: Watch, report: Report) -> None:
        """A new alarm. When CloudWatch is full, that is said once, and the rest wait for the next daily reconcile."""
        if report.full:
            report.waiting.append(watch.name)
        else:
            self._put(watch, report, report.created)

    def _put(self, watch: Watch, report: Report, done: list[str]) -> None:
        taken = self.alarms.put(watch.definition)
        if taken is Taken.DONE:
            done.append(watch.name)
        elif taken is Taken.REFUSED:
            report.refused.append(watch.name)
        else:
            logger.error("CloudWatch holds as many alarms as it takes; new ones wait", extra={"alarm": watch.name})
            report.full = True
            report.waiting.append(watch.name)

    def _tag(self, there: Sequence[Watch], found: dict[str, Found], report: Report, enough: Enough) -> bool:
        for watch in there:
            if enough():
                return False
            arn = found[watch.name]["AlarmArn"]
            if missing := missing_tags(watch.definition, self.alarms.tags(arn)):
                self.alarms.tag(arn, missing)
                report.tagged.append(watch.name)
        return True


@dataclass(frozen=True, slots=True)
class Look:
    """What is there and what would be written. `unreadable` are slugs of rows that keep the alarms they have."""

    plan: Plan
    found: dict[str, Found]
    rows: Rows
    unreadable: tuple[str, ...]
