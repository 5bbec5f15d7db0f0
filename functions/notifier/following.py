"""Who is told of an incident if nobody answers, and when: for the card.

Knows the chain and its deadlines as far as the row and the incident tell them. Refuses to promise an hour that
depends on somebody's working time, unless the escalation has already named it.
"""

from datetime import timedelta

from deadair.adapters.slack.card_facts import Upcoming
from deadair.domain.chain import chain_of
from deadair.domain.handling import handling_of
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.patience import patience

# Whoever stands last in every chain stands in no row.
NOBODY = Person("")


def following(incident: Incident, row: Integration | None) -> tuple[Upcoming, ...]:
    """The rest of the chain, its first with the time of their turn where that is known."""
    escalation = incident.escalation
    if escalation.waits is not None:
        return (Upcoming(escalation.waits.person.name, escalation.waits.at),)
    told = [incident.owner, *(one.person for one in escalation.told)]
    chain = [person for _, person in chain_of(incident, row, NOBODY)] + _only_named(row)
    left = [person for person in chain if not any(same_person(person, other) for other in told)]
    if not left:
        return ()
    limits = patience(incident.severity, handling_of(row.row if row else None), consent=incident.consent)
    since = max((one.at for one in escalation.told), default=incident.pending_since or incident.opened_at)
    at = None if limits.working else since + timedelta(minutes=limits.ack_min)
    return (Upcoming(left[0].name, at), *(Upcoming(person.name) for person in left[1:]))


def _only_named(row: Integration | None) -> list[Person]:
    """A contact of whom the row says no more than a name: nobody can be told, but the card can name them."""
    contact = row.row.get("escalation") if row else None
    return [Person(contact)] if isinstance(contact, str) and contact else []
