"""How a postmortem will look, with words that are not saved yet: the same text, rendered by the same hands.

Knows that nothing is saved here. Refuses to know how a document is rendered.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import NotFound, Refusal
from deadair.domain.incident import Incident
from deadair.domain.merging import FIELDS, answers_in, extras_in, impact_in
from deadair.domain.postmortem import QUESTIONS, Postmortem, missing
from web import responses
from web.call import Call
from web.pages import postmortem_form
from web.pages.incident import number_of
from web.pages.postmortem_review import possible_reviewers
from web.reading_room import Reading
from web.views.postmortem_form import offered, typed_in
from web.views.reviewing import review_view

# What goes along so that writing goes on where it was.
CARRIED = ("token", "seen_edit", "seen", "offered", "reviewer")


def show(call: Call, ref: str) -> Response[Any]:
    """As it is stored."""
    number = number_of(ref)
    postmortem = call.web.incidents.postmortem(number)
    if postmortem is None:
        raise NotFound("There is no such postmortem.", field="postmortem", remedy="/incidents")
    return _page(call, number, postmortem)


def typed(call: Call, ref: str) -> Response[Any]:
    """As it was typed; nothing is saved."""
    number, fields = number_of(ref), call.request.fields
    known = call.web.incidents.postmortem(number) or Postmortem(incident=f"INC-{number}")
    sent = typed_in(fields, known)
    try:
        after = known.say(
            call.person, answers_in(sent.texts), extras_in(sent.texts), impact_in(sent.texts, known.impact)
        )
    except Refusal as refusal:
        return postmortem_form.form(call, number, sent, refusal)
    kept = {f"keep-{key}": "1" for key in sent.kept}
    carried = {name: fields[name] for name in (*CARRIED, *FIELDS) if name in fields} | kept
    return _page(call, number, after, carried)


def _page(call: Call, number: int, postmortem: Postmortem, carried: Mapping[str, str] | None = None) -> Response[Any]:
    incident = call.web.incidents.get(number)
    told = document(call, incident, postmortem)
    if call.wants_json:
        return responses.data({"markdown": told["markdown"]})
    values = {
        "incident": incident,
        "postmortem": postmortem,
        "title": told["title"],
        "sections": Reading(told).sections,
        "typed": carried,
        "missing": missing(postmortem, incident.severity),
        "offered_keys": offered(postmortem).keys() & QUESTIONS.keys(),
        "review": review_view(incident, postmortem, call.actor, possible_reviewers(call, postmortem)),
    }
    return call.page("postmortem_preview.html", values)


def document(call: Call, incident: Incident, postmortem: Postmortem) -> dict[str, Any]:
    """The document as the next version would say it, but for the chart: that is asked for once it is published."""
    from deadair.usecases.beside import Around
    from deadair.usecases.render_postmortem import render

    web, following = call.web, replace(postmortem, version=postmortem.version + 1)
    around = Around(registry=web.registry, audit=web.audit, templates=web.templates)
    beside = around.beside(web.incidents, incident, call.now)
    return render(incident, following, web.incidents.timeline(incident.number), beside, templates=web.templates)
