"""The form of the five questions: answer, save as a draft, publish.

Two steps of the use cases: answers are saved first, then published, so that a refused publication loses no word.
When somebody else saved meanwhile nothing is overwritten: both texts are shown, and the next save decides.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, NotFound, Refusal, Stale
from deadair.domain.postmortem import Postmortem
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from web import addresses, responses
from web.call import Call
from web.pages.incident import number_of
from web.refusals import status_of
from web.views.incidents import lasted, milestones
from web.views.postmortems import questions, seen_edit, typed_answers


def show(call: Call, ref: str) -> Response[Any]:
    """The form, prefilled."""
    number = number_of(ref)
    postmortem = call.web.incidents.postmortem(number)
    if call.wants_json:
        return responses.data(_data(postmortem, call.web.incidents.get(number).id))
    return _form(call, number, postmortem)


def save(call: Call, ref: str) -> Response[Any]:
    """Save the answers; publish as well, if that button was pressed."""
    number, fields = number_of(ref), call.request.fields
    publishing = fields.get("action") == "publish"
    typed = typed_answers(fields)
    try:
        answer_postmortem(call.web.incidents, number, call.actor, typed, now=call.now, seen_edit=seen_edit(fields))
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(call, number, call.web.incidents.postmortem(number), typed, refusal)
    if not publishing:
        return responses.see_other(f"{addresses.incident(number)}/postmortem?done=saved")
    try:
        publish_postmortem(call.web.incidents, number, call.actor, now=call.now)
    except Refusal as refusal:
        return _form(call, number, call.web.incidents.postmortem(number), typed, refusal, drafted=True)
    return responses.see_other(f"{addresses.incident(number)}?done=publish")


def _form(
    call: Call,
    number: int,
    postmortem: Postmortem | None,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    *,
    drafted: bool = False,
) -> Response[Any]:
    incident = call.web.incidents.get(number)
    stale = isinstance(refusal, Stale)
    known = postmortem or Postmortem(incident=incident.id)
    values = {
        "incident": incident,
        "postmortem": postmortem,
        "edit": known.edit,
        "questions": questions(known, typed, missing=isinstance(refusal, Invalid)),
        "milestones": milestones(incident),
        "lasted": lasted(incident, call.now),
        "refusal": refusal,
        "stale": stale,
        "drafted": drafted,
        "saved": call.request.query.get("done") == "saved" and refusal is None,
    }
    return call.page("postmortem_form.html", values, status_of(refusal) if refusal else 200)


def _data(postmortem: Postmortem | None, incident: str) -> dict[str, Any]:
    known = postmortem or Postmortem(incident=incident)
    return {
        "incident": known.incident,
        "status": known.status.value if postmortem else "none",
        "answers": known.answers,
        "suggested": known.suggested,
        "unanswered": list(known.unanswered),
        "version": known.version,
        "edit": known.edit,
    }
