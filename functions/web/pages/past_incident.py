"""An incident that is over is recorded afterwards, from the list of incidents, with the times that people remember.

Knows the fields of the form. Refuses to show anything: a refusal goes to the list, which keeps what was typed.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, Refusal
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.usecases.open_by_hand import Opened
from deadair.usecases.open_past import Remembered, open_past
from web import addresses, responses
from web.call import Call
from web.pages import incidents
from web.pages.opening import NONE_OF_THESE
from web.pages.typed_times import typed_time


def record(call: Call) -> Response[Any]:
    """Record it, or go to the one that was recorded before."""
    try:
        found = _recorded(call)
    except Refusal as refusal:
        return incidents.listing(call, refusal, form="past")
    done = "recorded" if found.opened else "recorded-already"
    return responses.see_other(addresses.with_query(addresses.incident(found.incident.number), done=done))


def _recorded(call: Call) -> Opened:
    fields, web = call.request.fields, call.web
    severity, failure_class = fields.get("severity", ""), fields.get("failure_class", "")
    _must_be_of(severity, set(Severity), "severity")
    _must_be_of(failure_class, set(FailureClass), "failure_class")
    chosen = fields.get("integration", "")
    known = Remembered(
        times={name: typed_time(call, name.value) for name in Milestone},
        text=fields.get("text", ""),
        fix=fields.get("fix", ""),
        severity=Severity(severity) if severity else None,
        failure_class=FailureClass(failure_class) if failure_class else None,
    )
    slug = "" if chosen == NONE_OF_THESE else chosen
    rows = web.registry.rows()
    return open_past(web.incidents, rows, slug, call.actor, known, now=call.now, fallback=web.fallback)


def _must_be_of(said: str, choices: set[Any], field: str) -> None:
    if said and said not in choices:
        raise Invalid("That is none of the choices.", field=field, remedy="Choose one of the list.")
