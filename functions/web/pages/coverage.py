"""Coverage: what nobody would be told about, and the form that gives an alarm to an integration.

Reads the registry and the incidents, open and lately past. Changes one row at a time, in the name of the person who
asks, and offers only rows that they may change.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.incident import Incident, parse_number
from deadair.domain.ownership import Integration
from deadair.domain.permission import may_change
from web import addresses, responses
from web.call import Call
from web.refusals import status_of
from web.views.coverage import STRANGER, alarm_of, as_data, coverage, is_stranger
from web.views.incidents import administrators
from web.views.postmortems import page_of

RECENT = 50
PER_PAGE = 100
# More rows than this are found by typing, not in a list to choose from.
MOST_TO_CHOOSE = 200


def show(call: Call) -> Response[Any]:
    """The page, or its JSON."""
    if call.wants_json:
        return responses.data(as_data(coverage(_registry(call), _incidents(call))))
    return _page(call)


def claim(call: Call) -> Response[Any]:
    """Write a pattern into a row, then say what will happen from now on."""
    fields = call.request.fields
    incident = _incident(call, fields.get("incident", ""))
    slug, pattern = fields.get("integration", "").strip(), fields.get("pattern", "").strip()
    try:
        _claim(call, incident, slug, pattern)
    except Refusal as refusal:
        return _page(call, refusal=refusal, typed=fields)
    there = addresses.with_query("/coverage", done=slug, pattern=pattern, incident=incident.id)
    return responses.see_other(there)


def _claim(call: Call, incident: Incident, slug: str, pattern: str) -> None:
    # The row's model comes with it, and pydantic with that: only this form pays for them.
    from deadair.usecases.claim_alarm import claim_alarm

    registry = _registry(call)
    if slug not in {row.slug for row in registry}:
        raise Invalid("There is no such integration.", field="integration", remedy="Choose one of the registry.")
    writer, alarm = call.web.registry_writer, alarm_of(incident)
    claim_alarm(writer, registry, slug, call.actor, alarm=alarm, pattern=pattern, now=call.now)


def _registry(call: Call) -> list[Integration]:
    """The rows as of now: whoever just gave an alarm away wants to see it."""
    return call.web.registry.rows(0)


def _incidents(call: Call) -> list[Incident]:
    return [*call.web.incidents.open_incidents(), *call.web.incidents.past_incidents(RECENT).items]


def _incident(call: Call, ref: str) -> Incident:
    number = parse_number(ref)
    incident = call.web.incidents.get(number) if number is not None else None
    if incident is None or not is_stranger(incident):
        raise NotFound("There is no such alarm without a row.", field="coverage", remedy="/coverage")
    return incident


def _page(call: Call, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[Any]:
    registry, page, actor = _registry(call), page_of(call.request.query), call.actor
    mine = sorted((row for row in registry if may_change(row, actor)), key=lambda row: row.name.casefold())
    seen = coverage(registry, _incidents(call))
    values = {
        "seen": seen,
        "gaps": seen.gaps[(page - 1) * PER_PAGE : page * PER_PAGE],
        "before": _address(page - 1) if page > 1 else "",
        "after": _address(page + 1) if page * PER_PAGE < len(seen.gaps) else "",
        "mine": mine,
        "rows": {row.slug: row for row in registry},
        "admins": administrators(call.web.settings.admins, registry),
        "to_choose": len(mine) <= MOST_TO_CHOOSE,
        "done": _done(call, registry),
        "stranger": STRANGER,
        "refusal": refusal,
        "typed": typed or {},
    }
    return call.page("coverage.html", values, status_of(refusal) if refusal else 200)


def _done(call: Call, registry: list[Integration]) -> dict[str, Any] | None:
    """What was just done, if it is true: an address can be made up, a row cannot."""
    query = call.request.query
    row = next((row for row in registry if row.slug == query.get("done")), None)
    pattern, number = query.get("pattern", ""), parse_number(query.get("incident", ""))
    if row is None or pattern not in row.alarm_patterns:
        return None
    return {"row": row, "pattern": pattern, "incident": number}


def _address(page: int) -> str:
    return addresses.with_query("/coverage", page=str(page) if page > 1 else "")
