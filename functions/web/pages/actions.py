"""Action items: the list of all, the part of an incident's pages, and the forms behind both.

Knows where a form leads back to: only to pages of ours that it names. Refuses to decide who may: the use cases do.
"""

import re
from datetime import date
from typing import Any

from aws_lambda_powertools.event_handler import Response
from markupsafe import Markup

from deadair.domain import addresses as places
from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.incident import Incident, parse_number
from deadair.domain.ownership import Person
from deadair.domain.standing_in import everybody
from deadair.usecases.actions.add_action import DUE, add_action
from deadair.usecases.actions.change_action import change_action
from deadair.usecases.actions.end_action import end_action, reopen_action
from deadair.usecases.steadily import steadily
from web import addresses, responses
from web.call import Call, render
from web.refusals import status_of
from web.views.actions import FILTERS, as_data, filtered, kinds, rows

ID = re.compile(r"INC-([1-9][0-9]{0,8})-A([1-9][0-9]{0,2})", re.IGNORECASE)
LIST, INCIDENT, FORM = "list", "incident", "postmortem"
DONE = frozenset({"added", "done", "drop", "reopen", "change"})


def show(call: Call) -> Response[Any]:
    """All of them, the reader's own first; filters in the address."""
    return _list(call)


def add(call: Call, ref: str) -> Response[Any]:
    """A new one for an incident."""
    fields, number = call.request.fields, parse_number(ref)
    if number is None:
        raise NotFound("There is no such incident.", field="incident", remedy=places.INCIDENTS)
    try:
        add_action(
            call.web.incidents,
            number,
            call.actor,
            fields.get("text", ""),
            kind=_kind(fields.get("kind", "")) or ActionKind.PREVENTIVE,
            owner=_owner(call, fields.get("owner", "")),
            due_on=_day(fields.get("due_on", "")),
            link=fields.get("link", ""),
            now=call.now,
            today=_today(call),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _list(call, refusal, about=number)
    return _back(call, number, "added")


def act(call: Call, item: str, verb: str) -> Response[Any]:
    """End it, go on with it, or change it."""
    incident, number = _named(item)
    if verb not in DONE - {"added"}:
        raise NotFound("There is no such step.", field="verb", remedy=places.ACTIONS)
    try:
        steadily(lambda: _step(call, incident, number, verb))
    except NotFound:
        raise
    except Refusal as refusal:
        return _list(call, refusal, about=incident)
    return _back(call, incident, verb)


def _step(call: Call, incident: int, number: int, verb: str) -> ActionItem:
    store, fields = call.web.incidents, call.request.fields
    if verb == "reopen":
        return reopen_action(store, incident, number, call.actor, now=call.now)
    if verb == "change":
        return _change(call, incident, number)
    status = ActionStatus.DROPPED if verb == "drop" else ActionStatus.DONE
    return end_action(store, incident, number, call.actor, status, now=call.now, why=fields.get("why", ""))


def _change(call: Call, incident: int, number: int) -> ActionItem:
    """What a form leaves empty stays, but the link, which an empty field takes away."""
    fields, seen = call.request.fields, call.request.fields.get("seen", "")
    return change_action(
        call.web.incidents,
        incident,
        number,
        call.actor,
        now=call.now,
        today=_today(call),
        text=fields.get("text") or None,
        kind=_kind(fields.get("kind", "")),
        owner=_owner(call, fields.get("owner", "")),
        due_on=_day(fields.get("due_on", "")),
        link=fields.get("link"),
        seen=int(seen) if seen.isascii() and seen.isdigit() else None,
    )


def part(call: Call, incident: Incident, items: list[ActionItem], back: str) -> Markup:
    """The part of an incident's page, or of its postmortem's form. `back` is where its forms lead."""
    values = {
        "rows": rows(items, call.person, call.actor.rights, _today(call)),
        "incident": incident,
        "back": back,
        "due": _today(call) + DUE,
        "done": _done(call),
        **_shared(call),
    }
    # What the template made is escaped already.
    return Markup(render("actions_part.html", values))  # noqa: S704


def _list(call: Call, refusal: Refusal | None = None, *, about: int = 0) -> Response[Any]:
    query = {name: call.request.query.get(name, "")[:200] for name in FILTERS if name in call.request.query}
    known = _items(call, query.get("status", ""))
    shown = rows(filtered(known, query, call.person), call.person, call.actor.rights, _today(call))
    if call.wants_json:
        return responses.data({"actions": [as_data(row) for row in shown], "filters": query})
    values = {
        "mine": [row for row in shown if row.mine],
        "others": [row for row in shown if not row.mine],
        "late": sum(bool(row.late) for row in shown),
        "filters": dict.fromkeys(FILTERS, "") | {"status": ActionStatus.OPEN.value} | query,
        "integrations": sorted({item.integration for item in known} | ({query.get("integration", "")} - {""})),
        "owners": _owners(known),
        "statuses": [*(status.value for status in ActionStatus), "all"],
        "back": LIST,
        "done": _done(call),
        "refusal": refusal,
        "about": about,
        "typed": call.request.fields if refusal else {},
        **_shared(call),
    }
    return call.page("actions.html", values, status_of(refusal) if refusal else 200)


def _shared(call: Call) -> dict[str, Any]:
    return {
        "token": call.signer.token(call.session) if call.session else "",
        "people": everybody(call.web.registry.rows()),
        "kinds": kinds(),
        "today": _today(call),
        "person": call.person,
    }


def _items(call: Call, status: str) -> list[ActionItem]:
    """What is open, what ended of late, or both."""
    actions = call.web.actions
    if status in {"", ActionStatus.OPEN.value}:
        return actions.open_actions()
    ended = actions.ended_actions()
    return [*actions.open_actions(), *ended] if status == "all" else ended


def _owners(items: list[ActionItem]) -> list[Person]:
    found = {item.owner.email.casefold() or item.owner.name: item.owner for item in items}
    return sorted(found.values(), key=lambda person: person.name.casefold())


def _back(call: Call, incident: int, verb: str) -> Response[Any]:
    """Where the form stands, with what was done."""
    back = call.request.fields.get("back", "")
    if back == INCIDENT:
        return responses.see_other(f"{addresses.with_query(places.incident(incident), items=verb)}#actions")
    if back == FORM:
        return responses.see_other(
            f"{addresses.with_query(places.incident(incident) + '/postmortem', items=verb)}#actions"
        )
    return responses.see_other(addresses.with_query(places.ACTIONS, items=verb))


def _done(call: Call) -> str:
    said = call.request.query.get("items", "")
    return said if said in DONE else ""


def _named(item: str) -> tuple[int, int]:
    found = ID.fullmatch(item)
    if not found:
        raise NotFound("There is no such action item.", field="action", remedy=places.ACTIONS)
    return int(found[1]), int(found[2])


def _today(call: Call) -> date:
    """The day on the reader's own clock."""
    return call.now.astimezone(call.clock.zone).date()


def _day(text: str) -> date | None:
    """The day of a field; None where it is empty. Raises Invalid."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as odd:
        raise Invalid("That is no day.", field="due_on", remedy="Write it as 2026-12-12.") from odd


def _kind(text: str) -> ActionKind | None:
    try:
        return ActionKind(text) if text else None
    except ValueError as odd:
        raise Invalid("That is none of the kinds.", field="kind", remedy="Choose one of the list.") from odd


def _owner(call: Call, key: str) -> Person | None:
    """Whom a form names; None where it names nobody. Raises Invalid."""
    if not key.strip():
        return None
    for person in [call.person, *everybody(call.web.registry.rows())]:
        if key.strip().casefold() in {person.email.casefold(), person.name.casefold()} - {""}:
            return call.web.members.must_be_there(person, call.now) if person != call.person else person
    raise Invalid("Nobody of that name is in the registry.", field="owner", remedy="Choose a person from the list.")
