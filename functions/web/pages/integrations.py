"""The integrations and who answers for them.

Reads the registry, the incidents of each, and what was learned about it. Changes nothing.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import NotFound
from web import responses
from web.call import Call
from web.pages.learned import lately
from web.views import shapes
from web.views.incidents import lasted
from web.views.integrations import credential, rows

POSTMORTEMS = 5


def listing(call: Call) -> Response[Any]:
    """Every integration with its owner and what is open."""
    listed = rows(call.web.registry.rows(), call.web.incidents.open_incidents(), call.now)
    if call.wants_json:
        return responses.data(
            {
                "integrations": [
                    {**shapes.integration(row.integration), "open": [incident.id for incident in row.open]}
                    for row in listed
                ]
            }
        )
    return call.page("integrations.html", {"rows": listed, "lasted": lasted})


def show(call: Call, slug: str) -> Response[Any]:
    """One integration."""
    row = call.web.registry.get(slug)
    if row is None:
        raise NotFound("There is no such integration in the registry.", field="integration", remedy="/integrations")
    incidents = call.web.incidents.of_integration(slug)
    if call.wants_json:
        return responses.data({**shapes.integration(row), "incidents": [shapes.incident(one) for one in incidents]})
    learned = lately(call, POSTMORTEMS, integration=slug)
    values = {
        "row": row,
        "incidents": incidents,
        "credential": credential(row, call.now),
        "learned": learned,
        "lasted": lasted,
    }
    return call.page("integration.html", values)
