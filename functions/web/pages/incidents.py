"""The list of incidents, open and past.

Reads the open and the past incidents by their state. Changes nothing.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.dynamodb.lists import Page
from deadair.domain.errors import Refusal
from deadair.domain.incident import Incident
from deadair.domain.standing_in import everybody
from web import addresses, responses
from web.call import Call
from web.refusals import status_of
from web.views import shapes
from web.views.incidents import FILTERS, lasted, wanted

PAST_PER_PAGE = 25
# A narrow filter over a long past reads at most this many pages before it asks the reader to go on.
READS = 4


def listing(call: Call, refusal: Refusal | None = None, form: str = "open") -> Response[Any]:
    """Incidents, filtered by the address. `refusal`: one could not be opened, or by the form `past` recorded."""
    query = call.request.query
    filters = {name: query[name] for name in FILTERS if query.get(name)}
    state = query.get("state", "")
    nothing: Page[Incident] = Page([])
    open_page = nothing if state == "past" else call.web.incidents.open_page()
    open_now = [one for one in open_page.items if wanted(one, filters)]
    past = nothing if state == "open" else _past(call, filters, query.get("before", ""))
    unread = open_page.unread + past.unread
    if call.wants_json:
        found = [shapes.incident(one) for one in [*open_now, *past.items]]
        return responses.data({"incidents": found, "next": past.next or None, "unread": unread})
    rows = call.web.registry.rows()
    values = {
        "open": open_now,
        "past": past.items,
        "unread": unread,
        "state": state if state in {"open", "past"} else "",
        "filters": filters,
        "without": {name: _address(state, {**filters, name: ""}) for name in filters},
        "states": {name: _address(name, filters) for name in ("", "open", "past")},
        "more": _address("past", filters, past.next) if past.next else "",
        "first": not query.get("before"),
        "integrations": rows,
        "owners": everybody(rows),
        "lasted": lasted,
        "refusal": refusal,
        "form": form,
        "typed": call.request.fields if refusal else {},
        "clock": call.clock,
    }
    return call.page("incidents.html", values, status_of(refusal) if refusal else 200)


def _past(call: Call, filters: dict[str, str], before: str) -> Page[Incident]:
    found: list[Incident] = []
    cursor, unread = before, 0
    for _ in range(READS):
        page = call.web.incidents.past_incidents(PAST_PER_PAGE, cursor)
        found += [incident for incident in page.items if wanted(incident, filters)]
        cursor, unread = page.next, unread + page.unread
        if not cursor or len(found) >= PAST_PER_PAGE:
            break
    return Page(found, cursor, unread)


def _address(state: str, filters: dict[str, str], before: str = "") -> str:
    return addresses.with_query("/incidents", state=state, **filters, before=before)
