"""The integrations: who answers for them, how they are, and what happened to each.

Reads the registry, the incidents, the signals, CloudWatch and the audit log. Changes nothing. The list asks CloudWatch
nothing; a page of one integration asks twice, and says so where it gets no answer.
"""

import logging
from dataclasses import asdict, dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.cloudwatch.series import AlarmNow, HourOfRecords
from deadair.domain.action_item import ActionItem
from deadair.domain.errors import NotFound, OddRow, Refusal, Unavailable
from deadair.domain.expectation import Expectation, expectation_of
from deadair.domain.expiry import credential, version_end
from deadair.domain.handling import handling_of
from deadair.domain.marks import names_of
from deadair.domain.ownership import Integration
from deadair.domain.permission import may_change, names, whose_row
from deadair.domain.standing_in import everybody
from deadair.domain.trends import Wanted
from deadair.domain.watch import Watch, watches
from deadair.usecases.own_clock import Clock
from web import addresses, responses
from web.call import Call
from web.pages import its_past
from web.pages.learned import lately
from web.pages.typed_times import said_again
from web.refusals import status_of
from web.views import health_chart, integration_alarms, shapes
from web.views.incidents import administrators, lasted
from web.views.integrations import NOBODY, Listing, in_order, listing, told
from web.views.postmortems import page_of
from web.views.row_changes import changes
from web.views.trends_data import as_data

logger = logging.getLogger(f"deadair.{__name__}")
POSTMORTEMS = 5
CHANGES = 5
LATELY = 8
DONE = frozenset({"maintain", "end"})
FILTERS = ("q", "owner")
PER_PAGE, PER_ANSWER = 100, 200


@dataclass(frozen=True, slots=True)
class FromCloudWatch:
    """What CloudWatch says, None where it did not answer."""

    hours: list[HourOfRecords] | None = None
    alarms: dict[str, AlarmNow] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the row asks for. `odd`: nobody can tell."""

    expectation: Expectation | None = None
    alarms: tuple[Watch, ...] = ()
    floor_pct: float | None = None
    odd: bool = False


def show_list(call: Call) -> Response[Any]:
    """Integrations with their owners and what is open, filtered and in pages."""
    query = call.request.query
    filters = {name: query[name].strip() for name in FILTERS if query.get(name, "").strip()}
    registry = call.web.registry.rows()
    ordered = in_order(registry, call.web.incidents.open_incidents(), filters)
    page, size = page_of(query), PER_ANSWER if call.wants_json else PER_PAGE
    slugs = [row.slug for row, _ in ordered[(page - 1) * size : page * size]]
    health = call.web.health.get_many(slugs)
    found = listing(ordered, health, call.now, everything=len(registry), page=page, size=size)
    after = _address(filters, page + 1) if page < found.pages else ""
    if call.wants_json:
        return responses.data(_list_data(found, after))
    values = {
        "found": found,
        "filters": filters,
        "owners": everybody(registry),
        "nobody": NOBODY,
        "before": _address(filters, page - 1) if page > 1 else "",
        "after": after,
        "without": {name: _address({**filters, name: ""}) for name in filters},
    }
    return call.page("integrations.html", values)


def show(call: Call, slug: str) -> Response[Any]:
    """One integration."""
    return page(call, slug)


def row_of(call: Call, slug: str) -> Integration:
    """The row of an address. Raises NotFound."""
    row = call.web.registry.get(slug)
    if row is None:
        raise NotFound("There is no such integration in the registry.", field="integration", remedy="/integrations")
    return row


def page(call: Call, slug: str, refusal: Refusal | None = None) -> Response[Any]:
    """Its page, or its JSON; with the reason why a step on it was refused."""
    row, registry = row_of(call, slug), call.web.registry.rows()
    values = {**_now(call, row), **_around(call, row, registry)}
    if call.wants_json:
        return responses.data(_data(values))
    done = call.request.query.get("done", "")
    asked = {"refusal": refusal, "typed": call.request.fields if refusal else {}}
    shown = {**values, **asked, "done": done if done in DONE and not refusal else "", "lasted": lasted}
    shown |= _rights(call, row, registry) | {"feed": call.feed(f"{addresses.integration(row.slug)}.atom")}
    return call.page("integration.html", shown, status_of(refusal) if refusal else 200)


def _rights(call: Call, row: Integration, registry: list[Integration]) -> dict[str, Any]:
    """Whether the reader may hold its notices back; if not, whose it is and who administers."""
    actor = call.actor
    works = may_change(row, actor)
    clock = call.clock if works else Clock()
    return {
        "clock": clock,
        "read_as": said_again(call.request.query, clock, call.now, "begins", "ends"),
        "works": works,
        "as_admin": works and not names(row, actor.person),
        "whose": whose_row(row),
        "admins": administrators(call.web.settings.admins, registry),
    }


def _now(call: Call, row: Integration) -> dict[str, Any]:
    """How it is."""
    asked, prefix = _asked(call, row), call.web.settings.alarm_prefix
    expectation, seen = asked.expectation, _cloudwatch(call, row.slug)
    return {
        "health": call.web.health.get(row.slug),
        "chart": seen.hours and health_chart.health_chart(seen.hours, expectation, asked.floor_pct, call.now),
        "expectation": expectation,
        "odd": asked.odd,
        "alarms": integration_alarms.alarm_lines(
            row, asked.alarms, seen.alarms, expectation, prefix=prefix, now=call.now
        ),
        "answered": seen.alarms is not None,
        "credential": credential(row, call.now),
        "version": version_end(row, call.now),
        "windows": [one for one in call.web.maintenance.of(row.slug) if one.ends_at > call.now],
    }


def _around(call: Call, row: Integration, registry: list[Integration]) -> dict[str, Any]:
    """What it is, what happened to it and what hangs on it."""
    return {
        "row": row,
        "told": told(row.row),
        "handling": handling_of(row.row),
        "incidents": call.web.incidents.of_integration(row.slug),
        "year": its_past.year(call, row.slug),
        "actions": its_past.actions(call, row.slug),
        "changes": changes(call.web.audit.of(row.slug, CHANGES)),
        "lately": call.web.changes.latest(row.slug, LATELY),
        "learned": lately(call, POSTMORTEMS, integration=row.slug),
        "fed_by": _fed_by(row, registry),
        "dependents": _dependents(row, registry),
    }


def _asked(call: Call, row: Integration) -> Asked:
    """A row that no import wrote may say anything; its page shows what can be understood."""
    prefix, namespace = call.web.settings.alarm_prefix, call.web.settings.metric_namespace
    try:
        floor_pct = health_chart.floor_of(row.row)
        return Asked(expectation_of(row.row), watches(row, prefix=prefix, namespace=namespace, now=call.now), floor_pct)
    except OddRow:
        logger.warning("a row cannot be understood", exc_info=True, extra={"row": row.slug})
        return Asked(odd=True)


def _cloudwatch(call: Call, slug: str) -> FromCloudWatch:
    """Two questions. Who did not answer the first is not asked the second: somebody is waiting for the page."""
    hours = None
    try:
        hours = call.web.metrics.last_hours(slug, call.now)
        return FromCloudWatch(hours, call.web.metrics.alarms(names_of(call.web.settings.alarm_prefix, slug)))
    except Unavailable:
        logger.warning("a page without what CloudWatch knows", exc_info=True)
        return FromCloudWatch(hours)


def _actions(items: list[ActionItem] | None) -> list[dict[str, Any]] | None:
    if items is None:
        return None
    return [{"id": one.id, "text": one.text, "owner": one.owner.name, "due_on": str(one.due_on)} for one in items]


def _fed_by(row: Integration, registry: list[Integration]) -> list[Integration]:
    return [other for other in registry if row.slug in (other.row.get("dependents") or ())]


def _dependents(row: Integration, registry: list[Integration]) -> list[tuple[str, Integration | None]]:
    """What needs it, by slug; None where the registry has no such row."""
    by_slug = {other.slug: other for other in registry}
    return [(slug, by_slug.get(slug)) for slug in row.row.get("dependents") or ()]


def _address(filters: dict[str, str], page: int = 1) -> str:
    return addresses.with_query("/integrations", **filters, page=str(page) if page > 1 else "")


def _list_data(found: Listing, after: str) -> dict[str, Any]:
    listed = [
        {
            **shapes.integration(row.integration),
            "open": [incident.id for incident in row.open],
            "last_record_at": shapes.instant(row.health.last_record_at) if row.health else None,
        }
        for row in found.rows
    ]
    return {"integrations": listed, "total": found.total, "next": after.replace("?", ".json?", 1) or None}


def _data(seen: dict[str, Any]) -> dict[str, Any]:
    """Everything on the page of one integration."""
    row, learned, chart = seen["row"], seen["learned"], seen["chart"]
    return {
        **shapes.integration(row),
        "health": shapes.health(seen["health"]),
        "last_24_h": health_chart.as_data(chart) if chart else None,
        "alarms": [integration_alarms.as_data(line) for line in seen["alarms"]],
        "credential_days_left": seen["credential"].days,
        "version_days_left": seen["version"].days,
        "incidents": [shapes.incident(one) for one in seen["incidents"]],
        "last_12_months": as_data(seen["year"].found, Wanted(integration=row.slug)) if seen["year"] else None,
        "actions": _actions(seen["actions"]),
        "postmortems": [shapes.hit(found) for found in learned.hits] if learned else None,
        "changes": [shapes.change(one) for one in seen["changes"]],
        "lately_changed": [shapes.near_change(one) for one in seen["lately"]],
        "maintenance": [shapes.window(one) for one in seen["windows"]],
        "handling": asdict(seen["handling"]),
        "fed_by": [other.slug for other in seen["fed_by"]],
    }
