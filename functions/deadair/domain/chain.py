"""The people of an incident, in the order in which they are told, and when the next one's turn is.

Knows who is away, whose working time it is, and that nobody is told twice. Refuses to know why an incident waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.domain.escalation import Rung, Told
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.reachability import ALWAYS, Reach

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
    at = _deadline(people, wait, known[-1]) if known else wait.since
    absent: list[_Absent] = [] if known or not wait.begun else _absent(people, people.chain[:1], wait.since)
    for place, link in enumerate(people.chain):
        if any(same_person(link[1], told.person) for told in known):
            # Who was passed over before them was said when they were told.
            absent = []
            continue
        if place == 0 and wait.begun:
            continue
        away = _absent(people, (link,), now)
        if not away:
            return Turn(link, at, tuple(one.words for one in absent))
        absent += away
    absent = _absent(people, people.chain, now)
    return Turn(None, at, tuple(one.words for one in absent), min((one.back_at for one in absent), default=None))


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


@dataclass(frozen=True, slots=True)
class _Absent:
    """Somebody who is away, and when they are back."""

    words: str
    back_at: datetime


def _absent(people: People, links: tuple[Link, ...], at: datetime) -> list[_Absent]:
    """Those of them who are away at an instant."""
    found = []
    for rung, person in links:
        reach = people.reach_of(person)
        away, back_at = reach.away_at(at), reach.back_at(at)
        if away is not None and back_at is not None:
            why = f" ({away.why})" if away.why else ""
            found.append(_Absent(f"{person.name} ({rung.value}) is away until {away.until_on:%d %b}{why}", back_at))
    return found
