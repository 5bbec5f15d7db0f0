"""What changed near the start of an incident: told by others, by the registry's log and by the row's own dates.

Knows where changes are found and that none of the places may keep the others from being heard. Refuses to judge them.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import takewhile

from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.domain.change import AFTER, BEFORE, Change, nearest, of_dates, of_registry
from deadair.domain.diagnosed import NearChange
from deadair.domain.errors import Invalid, OddRow
from deadair.domain.ownership import Integration

logger = logging.getLogger("deadair.changes")

# One read each; a row that is edited more often than this in a day is being set up.
ENTRIES_READ = 20


def near_changes(
    changes: ChangeStore, audit: AuditLog, row: Integration, *, around: datetime, now: datetime
) -> tuple[NearChange, ...]:
    """What changed from a day before `around` to an hour after it, at most five, nearest and most telling first.

    Nothing later than `now` is told. Raises botocore's errors.
    """
    found = [*changes.between(row.slug, around - BEFORE, min(around + AFTER, now))]
    found += _heard(_of_registry(audit, row.slug, around), "the audit log cannot be read")
    found += _heard(of_dates(row, around), "the row's dates cannot be read")
    told = nearest((change for change in found if change.at <= now), around)
    return tuple(NearChange(change.at, change.kind.value, change.text, change.by) for change in told)


def _of_registry(audit: AuditLog, slug: str, around: datetime) -> Iterator[Change]:
    recent = takewhile(lambda entry: entry.at >= around - BEFORE, audit.history(slug))
    for count, entry in enumerate(recent):
        if count == ENTRIES_READ:
            return
        if change := of_registry(entry):
            yield change


def _heard(changes: Iterable[Change], otherwise: str) -> list[Change]:
    """What can be read of it: a log or a row that was written past us must not hide the deploy beside it."""
    found: list[Change] = []
    try:
        found.extend(changes)
    except (Invalid, OddRow):
        logger.warning(otherwise, exc_info=True)
    return found
