"""The form of a postmortem: answer, have it saved as a draft, have it reviewed, publish.

Words are saved first, then the step is taken, so that a refused step loses no word. Of what somebody else saved
meanwhile nothing is overwritten: what only one of them changed goes together, of the rest both texts are shown, and
the next save decides. A form that saves by itself gets JSON, and decides nothing.
"""

from collections.abc import Collection, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.alarm import digest
from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.merging import NUMBERS, fields_of, marks, marks_text
from deadair.domain.postmortem import Postmortem, missing
from deadair.usecases.edit_postmortem import Edited, edit_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from web import addresses, responses
from web.call import Call
from web.pages import actions
from web.pages.incident import number_of
from web.pages.postmortem_review import STEPS, ask, possible_reviewers
from web.refusals import status_of
from web.views.incidents import lasted
from web.views.postmortem_data import drafted_data, saved_data
from web.views.postmortem_form import Field, Met, Typed, form_fields, met_in, offered, typed_in
from web.views.reviewing import review_view

# What the page says after a step that led back to it.
DONE = {
    "saved": "Saved as a draft.",
    "merged": "Saved as a draft, together with what somebody else wrote meanwhile.",
    "asked": "Saved, and asked for a review. They hear of it now.",
    "approved": "Approved. Whoever wrote it hears of it, and can publish it.",
    "returned": "Your words are with whoever wrote it.",
}


def show(call: Call, ref: str) -> Response[Any]:
    """The form, prefilled."""
    number = number_of(ref)
    if call.wants_json:
        return responses.data(drafted_data(call.web.incidents.get(number), call.web.incidents.postmortem(number)))
    return form(call, number)


def save(call: Call, ref: str) -> Response[Any]:
    """Save what was typed, then take the step of the button that was pressed."""
    number, action = number_of(ref), call.request.fields.get("action", "save")
    if action in STEPS:
        return _step(call, number, action)
    typed = typed_in(call.request.fields, _known(call, number))
    if action == "edit":
        return form(call, number, typed)
    if call.wants_json:
        return responses.data(saved_data(_edit(call, number, typed, by_itself=action == "autosave"), call.now))
    try:
        edited = _edit(call, number, typed)
    except NotFound:
        raise
    except Refusal as refusal:
        return form(call, number, typed, refusal)
    if edited.merged.met:
        return form(call, number, typed, met=met_in(edited))
    return _then(call, number, action, "merged" if edited.merged.theirs else "saved")


def _edit(call: Call, number: int, typed: Typed, *, by_itself: bool = False) -> Edited:
    return edit_postmortem(
        call.web.incidents, number, call.actor, typed.texts, typed.seen, now=call.now, by_itself=by_itself
    )


def _then(call: Call, number: int, action: str, done: str) -> Response[Any]:
    """What was to follow the save."""
    try:
        if action == "publish":
            publish_postmortem(call.web.incidents, number, call.actor, now=call.now)
            return responses.see_other(f"{addresses.incident(number)}?done=publish")
        if action == "ask":
            ask(call, number)
    except Refusal as refusal:
        return form(call, number, refusal=refusal, drafted=True)
    return _back(number, "asked" if action == "ask" else done)


def _step(call: Call, number: int, action: str) -> Response[Any]:
    try:
        done = STEPS[action](call, number)
    except NotFound:
        raise
    except Refusal as refusal:
        return form(call, number, refusal=refusal, drafted=True)
    return _back(number, done)


def _back(number: int, done: str) -> Response[Any]:
    return responses.see_other(f"{addresses.incident(number)}/postmortem?done={done}")


def _known(call: Call, number: int) -> Postmortem:
    return call.web.incidents.postmortem(number) or Postmortem(incident=f"INC-{number}")


def form(
    call: Call,
    number: int,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    *,
    met: Mapping[str, Met] | None = None,
    drafted: bool = False,
) -> Response[Any]:
    """The page. Of fields that others changed too, what was typed stands in the box and theirs below it."""
    incident, postmortem = call.web.incidents.get(number), call.web.incidents.postmortem(number)
    known = postmortem or Postmortem(incident=incident.id)
    lacks = missing(known, incident.severity)
    if met and typed:
        typed = Typed({key: typed.texts[key] for key in met}, marks(fields_of(known)), typed.kept)
    publishing = call.request.fields.get("action") == "publish"
    wrong = _wrong(refusal, lacks, publishing=publishing)
    fields = form_fields(known, typed, met, wrong)
    values = {
        "incident": incident,
        "postmortem": postmortem,
        "edit": known.edit,
        "seen": marks_text(typed.seen if typed and not met else marks(fields_of(known))),
        "offered": marks_text(offered(known)),
        "offered_keys": offered(known).keys(),
        "fields": fields,
        "all_fields": [field for group in fields.values() for field in group],
        "extras_open": _is_said(fields) or bool({*wrong} & NUMBERS.keys()),
        "met_count": len(met or {}),
        "missing": lacks,
        "publishing": publishing,
        "review": review_view(incident, known, call.actor, possible_reviewers(call, known)),
        "lasted": lasted(incident, call.now),
        "who_mark": digest("words", call.person.email or call.person.slack_id or call.person.name)[:12],
        "refusal": refusal,
        "drafted": drafted,
        "done": DONE.get(call.request.query.get("done", ""), "") if refusal is None else "",
        "actions_part": actions.part(call, incident, call.web.actions.of_incident(number), actions.FORM),
    }
    status = status_of(refusal) if refusal else 409 if met else 200
    return call.page("postmortem_form.html", values, status)


def _wrong(refusal: Refusal | None, lacks: Collection[str], *, publishing: bool) -> Collection[str]:
    """The fields that stand in the way."""
    if refusal is None:
        return ()
    return lacks if publishing and isinstance(refusal, Invalid) else (refusal.field,)


def _is_said(fields: Mapping[str, list[Field]]) -> bool:
    """Whether anything beyond the questions is said, so that it stands open."""
    return any(field.text for name in ("extras", "numbers") for field in fields[name])
