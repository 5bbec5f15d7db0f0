"""What is valid in the registry and still asks for somebody's attention.

Knows overlaps, dates that have passed and references that lead nowhere. Refuses to change anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deadair.adapters.registry_file.model import Row
from deadair.domain.patterns import overlaps

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `code` is for counting, `slug` the row, the rest for people."""

    slug: str
    code: str
    field: str
    message: str
    remedy: str


def check_registry(rows: list[Row], *, today: date) -> list[Finding]:
    """Every finding, by slug."""
    known = {row.slug for row in rows}
    each = (finding for row in rows for finding in _row(row, known, today))
    return sorted([*each, *_overlapping(rows)], key=lambda f: (f.slug, f.field, f.message))


def _row(row: Row, known: set[str], today: date) -> Iterator[Finding]:
    yield from _people(row)
    yield from _dates(row, today)
    for slug in row.dependents:
        if slug not in known:
            yield Finding(
                row.slug,
                "unknown_dependent",
                "dependents",
                f"`{slug}` is not in the registry",
                "add its row, or take it out",
            )


def _people(row: Row) -> Iterator[Finding]:
    owner = row.owner
    if not owner.slack_id:
        yield Finding(
            row.slug,
            "owner_without_slack_id",
            "owner.slack_id",
            f"{owner.name} cannot get a direct message",
            "add the Slack member id",
        )
    for field in ("deputy", "escalation"):
        other = getattr(row, field)
        if other and _same_person(other.email, owner.email, other.slack_id, owner.slack_id):
            yield Finding(
                row.slug,
                f"{field}_is_owner",
                field,
                f"{other.name} is the owner already",
                "name somebody else, or nobody",
            )


def _same_person(email: str, other_email: str, slack_id: str, other_slack_id: str) -> bool:
    return email.casefold() == other_email.casefold() or bool(slack_id and slack_id == other_slack_id)


def _dates(row: Row, today: date) -> Iterator[Finding]:
    if row.credential and (ends := row.credential.expires_on) and (said := _ending(ends, today)):
        yield Finding(
            row.slug, f"credential_{said[0]}", "credential.expires_on", said[1], "rotate it, write the new date"
        )
    if row.api_version and (ends := row.api_version.ends_on) and (said := _ending(ends, today)):
        yield Finding(row.slug, f"api_version_{said[0]}", "api_version.ends_on", said[1], "move to the next version")


def _ending(ends: date, today: date) -> tuple[str, str] | None:
    """A word for counting and words for people; None while there is time."""
    days = (ends - today).days
    if days < 0:
        return "ended", f"ended on {ends}, {_days(-days)} ago"
    if ends - today <= SOON:
        return "ends_soon", f"ends on {ends}, {f'in {_days(days)}' if days else 'today'}"
    return None


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _overlapping(rows: Iterable[Row]) -> Iterator[Finding]:
    for one, other, example in overlaps((pattern, row.slug) for row in rows for pattern in row.alarm_patterns):
        # As `find_integration` decides: the longer pattern, then the slug that sorts first.
        (pattern, winner), (shadowed, loser) = sorted([one, other], key=lambda claim: (-len(claim[0]), claim[1]))
        yield Finding(
            loser,
            "overlapping_patterns",
            "alarm_patterns",
            f"`{shadowed}` and `{pattern}` of `{winner}` both match `{example}`, which `{winner}` gets",
            "make one of them narrower",
        )
