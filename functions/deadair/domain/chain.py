"""The people of an incident, in the order in which they are told, and when the next one's turn is.

Knows who is away, whose working time it is, and that nobody is told twice. Refuses to know why an incident waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.domain.escalation import Rung, Told
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.reachability import ALWAYS, Reach, same_person

Link = tuple[Rung, Person]


@dataclass(frozen=True, slots=True)
class People:
    """The chain of one incident, and when each of them can be reached, by their address in lower case."""

    chain: tuple[Link, ...]
    reach: Mapping[str, Reach] = field(default_factory=dict)

    def reach_of(self, person: Person) -> Reach:
        """When somebody can be reached."""
        return self.reach.get(person.email.strip().casefold(), ALWAYS)


def chain_of(incident: Incident, row: Integration | None, fallback: Person) -> tuple[Link, ...]:
    """Everybody with a name, once, at the first place where they stand."""
    contact = contact_of(row) if row else None
    deputy = row.deputy if row else None
    places = (
        (Rung.OWNER, incident.owner),
        (Rung.DEPUTY, deputy),
        (Rung.CONTACT, contact),
        (Rung.FALLBACK, fallback),
    )
    chain: list[Link] = []
    for rung, person in places:
        if person is not None and person.name and not any(same_person(person, other) for _, other in chain):
            chain.append((rung, person))
    return tuple(chain)


def contact_of(row: Integration) -> Person | None:
    """The escalation contact of a row; whatever an unchecked row says there, nobody else loses their turn by it."""
    fields = row.row.get("escalation")
    if not isinstance(fields, Mapping) or not isinstance(fields.get("name"), str):
        return None
    return Person(fields["name"], str(fields.get("email") or ""), str(fields.get("slack_id") or ""))


@dataclass(frozen=True, slots=True)
class Wait:
    """An incident waits for an answer since an instant. `begun` says that the first of the chain knows it since then.

    `minutes` go by before the next one's turn; `working`: in the working time of whoever was told last.
    """

    since: datetime
    told: tuple[Told, ...]
    minutes: int
    working: bool
    begun: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn is next, from when on, and who was passed over and why. No `link`: there is nobody left."""

    link: Link | None
    at: datetime
    passed: tuple[str, ...] = ()
    back_at: datetime | None = None


def next_turn(people: People, wait: Wait, now: datetime) -> Turn:
    """The next of the chain who is not away and was not told. At once, where nobody before them could be."""
    known = _known(people, wait)
    left = [
        link
        for place, link in enumerate(people.chain)
        if not (place == 0 and wait.begun) and not any(same_person(link[1], told.person) for told in known)
    ]
    passed = [_absence(people, *people.chain[0], wait.since)] if wait.begun and people.chain and not known else []
    back: list[datetime] = []
    found: Link | None = None
    for rung, person in left:
        returns = people.reach_of(person).back_at(now)
        if returns is None:
            found = (rung, person)
            break
        back.append(returns)
        passed.append(_absence(people, rung, person, now))
    at = _deadline(people, wait, known[-1]) if known else wait.since
    return Turn(found, at, tuple(filter(None, passed)), min(back, default=None))


def _known(people: People, wait: Wait) -> list[Told]:
    """Who knows of it: the first of the chain by the incident's own notice, unless they are away, and the told."""
    known = list(wait.told)
    if wait.begun and people.chain:
        rung, person = people.chain[0]
        if people.reach_of(person).away_at(wait.since) is None:
            known.insert(0, Told(person, rung, wait.since))
    return known


def _deadline(people: People, wait: Wait, told: Told) -> datetime:
    if not wait.working:
        return told.at + timedelta(minutes=wait.minutes)
    return people.reach_of(told.person).after_work(told.at, wait.minutes)


def _absence(people: People, rung: Rung, person: Person, at: datetime) -> str:
    away = people.reach_of(person).away_at(at)
    if away is None:
        return ""
    why = f" ({away.why})" if away.why else ""
    return f"{person.name} ({rung.value}) is away until {away.until_on:%d %b}{why}"
