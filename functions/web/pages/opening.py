"""An incident is opened by hand, from the list of incidents or from its integration's page.

Knows the fields of the form. Refuses to show anything: a refusal goes to the list, which keeps the words.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, Refusal
from deadair.domain.severity import Severity
from deadair.usecases.open_by_hand import Opened, open_by_hand
from web import addresses, responses
from web.call import Call
from web.pages import incidents

# No slug begins so.
NONE_OF_THESE = "-"


def open_one(call: Call) -> Response[Any]:
    """Open it, or go to the one that is open already."""
    try:
        found = _opened(call)
    except Refusal as refusal:
        return incidents.listing(call, refusal)
    done = "open" if found.opened else "open-already"
    return responses.see_other(addresses.with_query(addresses.incident(found.incident.number), done=done))


def _opened(call: Call) -> Opened:
    fields, web = call.request.fields, call.web
    chosen, said = fields.get("integration", ""), fields.get("severity", "")
    if said and said not in set(Severity):
        raise Invalid("That is none of the choices.", field="severity", remedy="Choose one of the list.")
    severity = Severity(said) if said else None
    text, rows = fields.get("text", ""), web.registry.rows()
    slug = "" if chosen == NONE_OF_THESE else chosen
    return open_by_hand(web.incidents, rows, slug, call.actor, severity, text, now=call.now, fallback=web.fallback)
