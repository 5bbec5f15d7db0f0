"""When somebody is reminded, and of what: once on each of their working days, in their morning.

Knows days and hours of a person, and what of their work is near, over or waits. Refuses to know how it is told, and to
read any clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from deadair.domain.action_item import ActionItem
from deadair.domain.ownership import Person, same_person
from deadair.domain.reachability import ALWAYS, Reach

MORNING = time(9)
# A schedule that comes late, or a Slack that was away, is made up for within the working day.
STILL = timedelta(hours=8)
SOON = timedelta(days=3)
# Whoever resolved it yesterday knows.
DRAFT_RESTS = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A postmortem that waits for somebody: `draft` to be written, or else a review that was asked of them."""

    incident: int
    title: str
    draft: bool = True
    answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one person is told on one of their days. `later` is what is open beyond that; it is told once a week."""

    person: Person
    day: date
    overdue: tuple[ActionItem, ...] = ()
    soon: tuple[ActionItem, ...] = ()
    later: tuple[ActionItem, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.overdue or self.soon or self.later or self.waiting)

    @property
    def count(self) -> int:
        """How many things it names."""
        return len(self.overdue) + len(self.soon) + len(self.later) + len(self.waiting)


@dataclass(slots=True)
class Work:
    """What one person has to do, as it is gathered."""

    person: Person
    items: list[ActionItem] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


def gathered(of: Iterable[tuple[Person, ActionItem | Waiting]]) -> list[Work]:
    """By person, however each of their things names them; of several ways the one with more is kept."""
    found: list[Work] = []
    for person, thing in of:
        work = next((one for one in found if same_person(one.person, person)), None)
        if work is None:
            work = Work(person)
            found.append(work)
        known = work.person
        work.person = Person(known.name or person.name, known.email or person.email, known.slack_id or person.slack_id)
        (work.items if isinstance(thing, ActionItem) else work.waiting).append(thing)  # type: ignore[arg-type]
    return found


def due_day(reach: Reach | None, zone: tzinfo, now: datetime) -> date | None:
    """The day, on their clock, for which somebody is to have their digest by now; None: not now."""
    told = reach or ALWAYS
    local = now.astimezone(zone)
    today = local.date()
    if today.weekday() not in (told.weekdays or ALWAYS.weekdays):
        return None
    if any(away.from_on <= today <= away.until_on for away in told.away):
        return None
    begins = datetime.combine(today, _begins(told), zone).astimezone(UTC)
    return today if begins <= now < begins + STILL else None


def _begins(reach: Reach) -> time:
    """Nine, or when their first hours begin where they do not work at nine."""
    nine = MORNING.hour * 60
    if not reach.hours or any(start <= nine < end for start, end in reach.hours):
        return MORNING
    after = [start for start, _ in reach.hours if start > nine]
    first = min(after or [start for start, _ in reach.hours])
    return time(first // 60, first % 60)


def digest_of(work: Work, day: date, reach: Reach | None) -> Digest:
    """What somebody is told on that day. On the first working day of their week: everything that is open."""
    weekdays = (reach.weekdays if reach else None) or ALWAYS.weekdays
    items = sorted((item for item in work.items if item.is_open), key=lambda item: (item.due_on, item.id))
    soon = [item for item in items if day <= item.due_on <= day + SOON]
    later = [item for item in items if item.due_on > day + SOON]
    return Digest(
        person=work.person,
        day=day,
        overdue=tuple(item for item in items if item.is_overdue(day)),
        soon=tuple(soon),
        later=tuple(later) if day.weekday() == min(weekdays) else (),
        waiting=tuple(sorted(work.waiting, key=lambda one: (one.draft, one.incident))),
    )


def is_first_working_day(now: datetime) -> bool:
    """Whether today, in UTC, is the first of the month from Monday to Friday, and its morning has come."""
    today = now.astimezone(UTC)
    first = today.date().replace(day=1)
    while first.weekday() >= SATURDAY:
        first += timedelta(days=1)
    return today.date() == first and today.time() >= MORNING


def a_year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
