"""What is valid in the registry and still asks for somebody's attention.

Knows overlaps, dates that have passed, references that lead nowhere, thresholds that can never be crossed, and people
who only stand in for each other. Refuses to change anything, and to ask Slack: `check_people` does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.parts import PersonRow
from deadair.adapters.registry_file.write import as_fields
from deadair.domain.expectation import NOTHING, expectation_of
from deadair.domain.patterns import overlaps
from deadair.domain.rings import rings

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
    return in_order([*each, *_overlapping(rows), *_only_each_other(rows)])


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By slug, then by field."""
    return sorted(findings, key=lambda f: (f.slug, f.field, f.message))


def _row(row: Row, known: set[str], today: date) -> Iterator[Finding]:
    yield from _people(row)
    yield from _dates(row, today)
    yield from _without_effect(row)
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
    if owner is None:
        yield Finding(
            row.slug,
            "needs_owner",
            "needs_owner",
            f"nobody answers for it (named was: {row.needs_owner}); its incidents go to the fallback person",
            "write `owner` with one person, and take `needs_owner` out",
        )
        return
    if not owner.slack_id:
        yield Finding(
            row.slug,
            "owner_without_slack_id",
            "owner.slack_id",
            f"{owner.name} cannot get a direct message",
            "add the Slack member id",
        )
    for field in ("deputy", "escalation"):
        other: PersonRow | None = getattr(row, field)
        if other and same_person(other, owner):
            yield Finding(
                row.slug,
                f"{field}_is_owner",
                field,
                f"{other.name} is the owner already",
                "name somebody else, or nobody",
            )


def same_person(one: PersonRow, other: PersonRow) -> bool:
    """Whether two entries mean one human being: the same address, or the same Slack member."""
    same_id = bool(one.slack_id) and one.slack_id == other.slack_id
    return same_id or one.email.casefold() == other.email.casefold()


def _only_each_other(rows: Iterable[Row]) -> Iterator[Finding]:
    """People who are each other's deputies in a ring with nobody behind them: while they are away, nobody answers.

    From an owner one goes to the deputy, and from there to the deputy of what the deputy owns. A row that names an
    escalation contact who is a third person ends that way. One finding for each ring, however many rows it shares.
    """
    standing_in: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: row.slug):
        if row.owner and row.deputy and not same_person(row.owner, row.deputy) and not _third(row):
            standing_in.setdefault((row.owner.email.casefold(), row.deputy.email.casefold()), row)
    for ring in rings(standing_in):
        first, *others = sorted((standing_in[pair] for pair in pairwise((*ring, ring[0]))), key=lambda row: row.slug)
        *names, last = sorted({row.owner.name for row in (first, *others) if row.owner})
        slugs = ", ".join(f"`{row.slug}`" for row in others)
        yield Finding(
            first.slug,
            "cyclic_deputies",
            "deputy",
            f"{', '.join(names)} and {last} only stand in for each other, here and in {slugs}",
            "name an escalation contact, or another deputy for one of them",
        )


def _third(row: Row) -> bool:
    """Whether somebody beside owner and deputy is named."""
    named = [person for person in (row.owner, row.deputy) if person]
    return row.escalation is not None and not any(same_person(row.escalation, person) for person in named)


def _without_effect(row: Row) -> Iterator[Finding]:
    """Thresholds that no alarm can be made of, or that change none."""
    given = row.thresholds
    if given is None:
        return
    expectation = expectation_of(as_fields(row))
    levels = {level.per_hour for level in expectation.levels} if expectation else {None}
    for name in ("silence_min", "freshness_min"):
        if getattr(given, name) is not None and levels == {NOTHING}:
            yield _idle(row, name, "nothing is ever expected, so nothing is ever missed", "correct `expected`")
    if given.floor_pct is None:
        return
    if given.silence_min is None:
        yield _idle(row, "floor_pct", "there is no `silence_min` that it belongs to", "add `silence_min`")
    elif not levels - {NOTHING, None}:
        yield _idle(row, "floor_pct", "`expected` names no volume to take a share of", "add `expected.per_hour`")


def _idle(row: Row, name: str, why: str, remedy: str) -> Finding:
    return Finding(row.slug, "threshold_without_effect", f"thresholds.{name}", f"has no effect: {why}", remedy)


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
