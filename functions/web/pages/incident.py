"""One incident, and the same verbs as in Slack.

Each verb is one call of a use case. A refusal shows the incident as it is now, with the reason and the typed words.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.incident import Incident, parse_number
from deadair.domain.ownership import Person
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.assign import assign
from deadair.usecases.mitigate import mitigate
from deadair.usecases.note import note
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from web import addresses, responses
from web.call import Call
from web.pages.learned import seen_before
from web.refusals import status_of
from web.views import shapes
from web.views.coverage import is_stranger
from web.views.incidents import (
    in_short,
    lasted,
    milestones,
    people,
    postmortem_state,
    standing_by,
    timeline,
    verbs,
)
from web.views.signal_line import signal_line

Step = Callable[[Call, int, Mapping[str, str]], Incident]


def number_of(ref: str) -> int:
    """The number in an address. Raises NotFound for what is none."""
    number = parse_number(ref)
    if number is None:
        raise NotFound("There is no such incident.", field="incident", remedy="/incidents")
    return number


def show(call: Call, ref: str) -> Response[Any]:
    """The page, or its JSON."""
    number = number_of(ref)
    if call.wants_json:
        incident = call.web.incidents.get(number)
        state = postmortem_state(call.web.incidents.postmortem(number))
        entries, gap = in_short(call.web.incidents.timeline(number))
        told = shapes.whole_incident(incident, entries, milestones(incident), state)
        return responses.data({**told, "timeline_left_out": gap.count})
    return _page(call, number)


def act(call: Call, ref: str, verb: str) -> Response[Any]:
    """Take one step, then show where the incident is now."""
    number = number_of(ref)
    if verb not in STEPS:
        raise NotFound("There is no such step.", field="verb", remedy=addresses.incident(number))
    try:
        STEPS[verb](call, number, call.request.fields)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(call, number, refusal=refusal, verb=verb)
    return responses.see_other(addresses.with_query(addresses.incident(number), done=verb))


def _page(call: Call, number: int, *, refusal: Refusal | None = None, verb: str = "") -> Response[Any]:
    incident = call.web.incidents.get(number)
    entries, gap = in_short(call.web.incidents.timeline(number))
    done = call.request.query.get("done", "")
    values = {
        "incident": incident,
        "lasted": lasted(incident, call.now),
        "line": signal_line(incident, call.now),
        "milestones": milestones(incident),
        "timeline": timeline(entries),
        "gap": gap,
        "verbs": verbs(incident),
        "postmortem": postmortem_state(call.web.incidents.postmortem(number)),
        "related": seen_before(call, incident),
        "people": people(call.web.registry.rows()),
        "standing_by": standing_by(call.web.registry.get(incident.integration), incident.owner),
        "unclaimed": is_stranger(incident),
        "done": done if done in STEPS else "",
        "refusal": refusal,
        "verb": verb,
        "typed": call.request.fields if refusal else {},
    }
    return call.page("incident.html", values, status_of(refusal) if refusal else 200)


def _assign(call: Call, number: int, fields: Mapping[str, str]) -> Incident:
    return assign(call.web.incidents, number, call.actor, _person(call, fields.get("owner", "")), now=call.now)


def _person(call: Call, key: str) -> Person:
    """Whom the form names: somebody of the registry, or the one who asks."""
    everybody = [call.person, *people(call.web.registry.rows())]
    for person in everybody:
        if key and key.lower() in {person.email.lower(), person.name.lower()}:
            return person
    raise Invalid("Nobody of that name is in the registry.", field="owner", remedy="Choose a person from the list.")


STEPS: dict[str, Step] = {
    "acknowledge": lambda c, n, _: acknowledge(c.web.incidents, n, c.actor, now=c.now),
    "note": lambda c, n, f: note(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "mitigate": lambda c, n, f: mitigate(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "resolve": lambda c, n, f: resolve(c.web.incidents, n, c.actor, f.get("fix", ""), now=c.now),
    "reopen": lambda c, n, f: reopen(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "assign": _assign,
}
