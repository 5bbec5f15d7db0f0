"""Give an alarm to an integration: its row gets a pattern that fits the alarm's name.

Knows that a pattern must fit the alarm that it is made for, and must not reach into another row's alarms. Who may
is asked with the change. Refuses to know doors.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import StoredRow
from deadair.domain.errors import Invalid
from deadair.domain.ownership import Integration, matches_pattern
from deadair.domain.patterns import LITERAL, common_name
from deadair.domain.timeline import Actor
from deadair.usecases.change_row import change_row


def claim_alarm(
    writer: RegistryWriter,
    registry: Iterable[Integration],
    slug: str,
    actor: Actor,
    *,
    alarm: str,
    pattern: str,
    now: datetime,
) -> StoredRow:
    """The row with the pattern in it; a pattern that is there already changes nothing.

    Raises Invalid for a pattern that does not fit or overlaps, and whatever `change_row` raises.
    """
    if not matches_pattern(alarm, pattern):
        raise Invalid(
            "The pattern does not fit this alarm's name.",
            field="pattern",
            remedy="Keep the name, or put * for a part that changes.",
        )
    _must_not_overlap(pattern, slug, registry)
    return change_row(writer, slug, lambda row: _with_pattern(row, pattern), actor, now=now)


def _with_pattern(row: dict[str, Any], pattern: str) -> dict[str, Any]:
    known = row.get("alarm_patterns") or []
    return row if pattern in known else {**row, "alarm_patterns": [*known, pattern]}


def _must_not_overlap(pattern: str, slug: str, registry: Iterable[Integration]) -> None:
    for row in registry:
        for other in row.alarm_patterns if row.slug != slug else ():
            if _may_meet(pattern, other) and (example := common_name(pattern, other)) is not None:
                raise Invalid(
                    f"“{pattern}” and “{other}” of {row.name} would both claim an alarm such as “{example or 'x'}”.",
                    field="pattern",
                    remedy="Write a narrower pattern.",
                )


def _may_meet(one: str, other: str) -> bool:
    """Whether the beginnings allow it: a quick look that spares most rows the search for a common name."""
    (a, b) = (_beginning(one), _beginning(other))
    return a.startswith(b) or b.startswith(a)


def _beginning(pattern: str) -> str:
    found = LITERAL.match(pattern)
    return found[0] if found else ""
