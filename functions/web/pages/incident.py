"""One incident: what a person under stress needs to know of it, and the same steps as in Slack.

A refusal shows the incident as it is now, with the reason and the typed words.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.domain.errors import NotFound, Refusal
from deadair.domain.flags import flags
from deadair.domain.incident import Incident, parse_number
from deadair.domain.permission import Act, may, whose
from deadair.domain.severity import FailureClass, Severity, why_severity
from deadair.domain.standing_in import everybody
from deadair.usecases.last_step import own_last
from deadair.usecases.steadily import steadily
from web import addresses, responses
from web.call import Call
from web.pages import actions, its_past
from web.pages.incident_steps import STEPS, time_of
from web.pages.learned import seen_before
from web.pages.typed_times import carried, said_again
from web.refusals import status_of
from web.views import first_minutes, shapes
from web.views import first_minutes_data as data
from web.views.coverage import is_stranger, of_no_integration
from web.views.incidents import (
    in_short,
    lasted,
    milestones,
    postmortem_state,
    standing_by,
    timeline,
    verbs,
)
from web.views.signal_line import signal_line
from web.views.who_next import who_next

# What the form that opens an incident sends here.
OPENED = ("open", "open-already", "recorded", "recorded-already")
# Where on the page a step was taken, so that the reader is there again afterwards.
FOR_EVERYBODY = frozenset({"note"})
PLACES = {"check": "checks", "milestone": "milestones", "cause": "cause", "link": "links", "affected": "affected"}


def number_of(ref: str) -> int:
    """The number in an address. Raises NotFound for what is none."""
    number = parse_number(ref)
    if number is None:
        raise NotFound("There is no such incident.", field="incident", remedy="/incidents")
    return number


def show(call: Call, ref: str) -> Response[Any]:
    """The page, or its JSON."""
    number = number_of(ref)
    return responses.data(_data(call, number)) if call.wants_json else _page(call, number)


def act(call: Call, ref: str, verb: str) -> Response[Any]:
    """Take one step, then show where the incident is now."""
    number = number_of(ref)
    if verb not in STEPS:
        raise NotFound("There is no such step.", field="verb", remedy=addresses.incident(number))
    try:
        after = steadily(lambda: STEPS[verb](call, number, call.request.fields))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(call, number, refusal=refusal, verb=verb)
    there = addresses.with_query(addresses.incident(after.number), done=verb, **carried(at=time_of(call, verb)))
    return responses.see_other(f"{there}#{PLACES[verb]}" if verb in PLACES else there)


def _page(call: Call, number: int, *, refusal: Refusal | None = None, verb: str = "") -> Response[Any]:
    dossier, story = call.web.dossier(number), call.web.story(number)
    entries = story.timeline
    shown, gap = in_short(entries)
    incident, clock = dossier.incident, call.clock
    done = call.request.query.get("done", "")
    values = {
        **_first_minutes(call, dossier),
        "incident": incident,
        "lasted": lasted(incident, call.now),
        "line": signal_line(incident, call.now),
        "milestones": milestones(incident),
        "corrections": first_minutes.corrections(entries),
        "timeline": timeline(shown),
        "gap": gap,
        **_rights(call, incident),
        "actions_part": actions.part(call, incident, story.actions, actions.INCIDENT),
        "postmortem": postmortem_state(dossier.postmortem),
        "related": seen_before(call, incident, dossier.diagnosed),
        "history": its_past.history(call, dossier),
        "people": everybody(call.web.registry.rows()),
        "unclaimed": is_stranger(incident),
        "nobodys": of_no_integration(incident),
        "undoable": own_last(call.web.incidents, number, call.actor, call.now),
        "classes": list(FailureClass),
        "severities": list(Severity),
        "done": done if done in {*STEPS, *OPENED} else "",
        "clock": clock,
        "read_as": said_again(call.request.query, clock, call.now, "at"),
        "refusal": refusal,
        "verb": verb,
        "typed": call.request.fields if refusal else {},
    }
    return call.page("incident.html", values, status_of(refusal) if refusal else 200)


def _rights(call: Call, incident: Incident) -> dict[str, Any]:
    """Which steps the reader may take: all, all with a reason why they insist, or those that are everybody's."""
    actor = call.actor
    mine, insists = may(incident, actor, Act.WORK), actor.rights.admin
    shown = verbs(incident)
    return {
        "verbs": shown if mine or insists else tuple(verb for verb in shown if verb in FOR_EVERYBODY),
        "works": mine or insists,
        "insists": insists and not mine,
        "whose": "" if mine else whose(incident),
    }


def _first_minutes(call: Call, dossier: Dossier) -> dict[str, Any]:
    """What is asked first."""
    incident = dossier.incident
    return {
        "affected": first_minutes.affected(dossier.diagnosed, call.web.registry.rows()),
        "why": why_severity(incident),
        "next": who_next(incident, call.web.world(incident), call.now) if incident.is_open else None,
        "diagnosed": dossier.diagnosed,
        "checks": first_minutes.checklist(incident, dossier.diagnosed),
        "before_alarm": first_minutes.before_alarm(incident),
        "holds": first_minutes.holds(incident, call.now),
        "flags": flags(incident, call.now),
        "settable": first_minutes.settable(incident),
        "standing_by": standing_by(call.web.registry.get(incident.integration), incident.owner),
    }


def _data(call: Call, number: int) -> dict[str, Any]:
    """Everything on the page, for programs."""
    dossier, entries = call.web.dossier(number), call.web.incidents.timeline(number)
    shown, gap = in_short(entries)
    incident, diagnosed = dossier.incident, dossier.diagnosed
    return {
        **shapes.whole_incident(incident, shown, milestones(incident), postmortem_state(dossier.postmortem)),
        **data.told(incident),
        "severity_why": why_severity(incident),
        "next": data.following(who_next(incident, call.web.world(incident), call.now)) if incident.is_open else None,
        "diagnosis": data.found(diagnosed),
        "checks": data.checks(first_minutes.checklist(incident, diagnosed)),
        "holds": data.holds(first_minutes.holds(incident, call.now)),
        "corrections": data.corrections(first_minutes.corrections(entries)),
        "flags": list(flags(incident, call.now)),
        "standing_by": standing_by(call.web.registry.get(incident.integration), incident.owner),
        "timeline_left_out": gap.count,
    }
