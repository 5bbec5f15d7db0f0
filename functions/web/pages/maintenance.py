"""Planned maintenance of one integration, from its page: a window is written down, or ended early.

Knows the fields of the two forms. Refuses to show anything: the integration's page does.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.typed_length import parse_length
from deadair.usecases.maintain import Maintenance, end_maintenance, maintain
from web import addresses, responses
from web.call import Call
from web.pages import integrations
from web.pages.typed_times import carried, typed_time


def plan(call: Call, slug: str) -> Response[Any]:
    """Write a window down."""
    fields = call.request.fields
    integrations.row_of(call, slug)
    try:
        begins = typed_time(call, "begins_at") or call.now
        length = parse_length(fields.get("for", ""))
        if length is None:
            raise Invalid("That is no length of time.", field="for", remedy="Choose one of the list.")
        reason = fields.get("reason", "")
        ends = begins + length
        maintain(_at(call), [slug], call.actor, begins_at=begins, ends_at=ends, reason=reason, now=call.now)
    except Refusal as refusal:
        return integrations.page(call, slug, refusal)
    times = carried(begins=begins, ends=ends)
    return responses.see_other(addresses.with_query(addresses.integration(slug), done="maintain", **times))


def end(call: Call, slug: str) -> Response[Any]:
    """End a window now, for all integrations that it names."""
    window = call.request.fields.get("window", "")
    mine = {one.id for one in call.web.maintenance.of(slug)}
    if window not in mine:
        raise NotFound("There is no such window here.", field="integration", remedy="/integrations")
    try:
        end_maintenance(_at(call), window, call.actor, now=call.now)
    except NotFound:  # over already: somebody was faster
        pass
    except Refusal as refusal:
        return integrations.page(call, slug, refusal)
    return responses.see_other(addresses.with_query(addresses.integration(slug), done="end"))


def _at(call: Call) -> Maintenance:
    return Maintenance(call.web.maintenance, call.web.incidents, call.web.registry)
