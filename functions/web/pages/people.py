"""People: who owns what, who stands in for whom, and what somebody does next.

Reads the registry, incidents, action items and the knowledge base. Changes nothing, and counts nobody's incidents: a
page about a person is no place for scores.
"""

import logging
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import NotFound, Unavailable
from deadair.domain.outline import Outline
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.pattern import DAYS
from deadair.domain.person_key import find_person, person_key
from deadair.domain.standing_in import everybody
from deadair.usecases.their_work import Work, their_work
from web import addresses, responses
from web.call import Call
from web.pages.learned import lately
from web.views import shapes
from web.views.incidents import lasted
from web.views.people import People, people, roles
from web.views.postmortems import page_of

logger = logging.getLogger(f"deadair.{__name__}")
HERE = "/people"
PER_PAGE, POSTMORTEMS = 100, 5


def show_list(call: Call) -> Response[Any]:
    """Everybody whom the registry names, by name."""
    said, page = call.request.query.get("q", "").strip(), page_of(call.request.query)
    registry = call.web.registry.rows()
    found = people(registry, call.web.incidents.open_incidents(), said, page, PER_PAGE)
    if call.wants_json:
        return responses.data(_list_data(found))
    values = {
        "found": found,
        "said": said,
        "before": _page(said, page - 1) if page > 1 else "",
        "after": _page(said, page + 1) if page < found.pages else "",
    }
    return call.page("people.html", values)


def show(call: Call, who: str) -> Response[Any]:
    """One person."""
    registry = call.web.registry.rows()
    outlines = _outlines(call)
    named = everybody(registry)
    person = find_person(who, [*named, *(one.owner for one in outlines), call.person])
    if person is None:
        told = "Nobody whom the registry names has this address."
        raise NotFound(told, field="person", remedy=HERE)
    person = next((one for one in named if same_person(one, person)), person)
    if not call.wants_json and who != person_key(person):
        return responses.see_other(addresses.person(person))
    work, owned = _work(call, outlines, person), roles(registry, person)
    learned = lately(call, POSTMORTEMS, owner=person.name) if person.name else None
    if call.wants_json:
        return responses.data(_data(person, owned, work))
    values = {
        "who": person,
        "owned": owned,
        "work": work,
        "learned": learned,
        "lasted": lasted,
        "today": call.now.date(),
        "is_you": same_person(person, call.person),
    }
    return call.page("person.html", values)


def _outlines(call: Call) -> list[Outline]:
    """Incidents of the last months; none where they cannot be had."""
    try:
        return call.web.over_time.since(call.now - timedelta(days=DAYS), call.now)
    except (BotoCoreError, ClientError):
        logger.warning("a page without the last months", exc_info=True)
        return []


def _work(call: Call, outlines: list[Outline], person: Person) -> Work | None:
    """None where it cannot be read."""
    try:
        return their_work(call.web.incidents, call.web.actions, outlines, person, call.now)
    except (BotoCoreError, ClientError, Unavailable):
        logger.warning("a page without what somebody does next", exc_info=True)
        return None


def _page(said: str, page: int) -> str:
    return addresses.with_query(HERE, q=said, page=str(page) if page > 1 else "")


def _list_data(found: People) -> dict[str, Any]:
    listed = [
        {
            "key": person_key(one.person),
            "name": one.person.name,
            "owns": one.owns,
            "stands_in_for": one.stands_in,
            "open": [incident.id for incident in one.open],
        }
        for one in found.rows
    ]
    return {"people": listed, "total": found.total}


def _data(person: Person, owned: dict[str, list[Integration]], work: Work | None) -> dict[str, Any]:
    return {
        "key": person_key(person),
        "name": person.name,
        "email": person.email,
        **{role: [row.slug for row in rows] for role, rows in owned.items()},
        "open": [shapes.incident(one) for one in work.open] if work else None,
        "actions": [
            {"id": one.id, "text": one.text, "kind": one.kind.value, "due_on": one.due_on.isoformat()}
            for one in work.items
        ]
        if work
        else None,
        "postmortems": [
            {"incident": f"INC-{one.incident}", "waits_for": "answers" if one.draft else "review"}
            for one in work.waiting
        ]
        if work
        else None,
    }
