"""The map: who feeds whom.

Reads the registry and the open incidents. Changes nothing.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from web import responses
from web.call import Call
from web.views.integration_map import as_data, integration_map


def show(call: Call) -> Response[Any]:
    """The whole map, or with `?system=` what one system has to do with."""
    system = call.request.query.get("system", "")
    seen = integration_map(call.web.registry.rows(), call.web.incidents.open_incidents(), system)
    if call.wants_json:
        return responses.data(as_data(seen))
    return call.page("map.html", {"map": seen})
