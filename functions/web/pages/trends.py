"""Trends: what happened over the months, what comes back, and what would have seen it earlier.

Reads incidents in outline, kept in the process for a while, the registry, and the newest published answers. Changes
nothing. Drills, false alarms and merged incidents are in no figure.
"""

import logging
from datetime import UTC, date, datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable
from deadair.domain.gaps import lacks
from deadair.domain.outline import Outline
from deadair.domain.ownership import Integration
from deadair.domain.severity import Severity
from deadair.domain.trends import BEFORE, Caught, Wanted, back, month_of, trends
from deadair.usecases.caught_earlier import Said, caught_earlier
from web import addresses, responses
from web.call import Call
from web.views import trend_charts
from web.views.trends_data import as_data, choices

logger = logging.getLogger(f"deadair.{__name__}")
HERE = "/trends"
# What the page offers, in months; an address may name any day of the last two years.
PERIODS = (3, 6, 12, 24)
USUAL, FURTHEST = 12, 24
ANSWERS, NAMED, SHOWN = 6, 6, 8


def show(call: Call) -> Response[Any]:
    """The page, or its JSON."""
    query = call.request.query
    since = _since(query.get("since", ""), call.now)
    wanted = Wanted(query.get("integration", "").strip(), query.get("owner", "").strip(), _severity(query))
    outlines = call.web.over_time.since(since - BEFORE, call.now)
    found = trends(outlines, since, call.now, wanted)
    if call.wants_json:
        return responses.data(as_data(found, wanted))
    shown = [one for one in outlines if one.is_real and one.started_at >= since and wanted.admits(one)]
    rows = {row.slug: row for row in _rows(call)}
    values = {
        "found": found,
        "bars": trend_charts.bars(found.months, found.classes),
        "spans": trend_charts.spans(found.months),
        "gaps": {caught.failure_class: _gaps(caught, rows) for caught in found.caught},
        "named": {one.integration: one.integration_name for one in shown},
        "answers": _answers(call, shown),
        "patterns": found.patterns[:SHOWN],
        "unheld": found.unheld[:SHOWN],
        "wanted": wanted,
        "periods": [_period(months, since, wanted, call.now) for months in PERIODS],
        "choices": choices(outlines, since, wanted),
        "severities": list(Severity),
        "since": since,
        "all": _address(since, Wanted()),
        "json": _address(since, wanted).replace(HERE, f"{HERE}.json", 1),
    }
    return call.page("trends.html", values)


def _since(text: str, now: datetime) -> datetime:
    """The first instant of the month of a day; the usual where the text is no day of the last two years."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return back(now, USUAL)
    begin = datetime(day.year, day.month, 1, tzinfo=UTC)
    return min(max(begin, back(now, FURTHEST)), month_of(now))


def _period(months: int, since: datetime, wanted: Wanted, now: datetime) -> tuple[int, str, bool]:
    """A period that is offered: its months, its address, and whether it is the one that is shown."""
    begin = back(now, months)
    return months, _address(begin, wanted), begin == since


def _severity(query: Any) -> str:
    said = query.get("severity", "").strip().upper()
    return said if said in set(Severity) else ""


def _address(since: datetime, wanted: Wanted) -> str:
    fields = {"integration": wanted.integration, "owner": wanted.owner, "severity": wanted.severity}
    return addresses.with_query(HERE, since=f"{since:%Y-%m-%d}", **fields)


def _rows(call: Call) -> list[Integration]:
    """The registry; without it no gap is named."""
    try:
        return call.web.registry.rows()
    except (BotoCoreError, ClientError, Unavailable):
        return []


def _gaps(caught: Caught, rows: dict[str, Integration]) -> tuple[list[Integration], int]:
    """The rows that do not say what would have seen this class, the most often hit first; and how many are left out."""
    found = [rows[slug] for slug in caught.slugs if slug in rows and lacks(rows[slug].row, caught.watched)]
    return found[:NAMED], max(len(found) - NAMED, 0)


def _answers(call: Call, shown: list[Outline]) -> list[Said]:
    """What people wrote; nothing where it cannot be read."""
    try:
        return caught_earlier(call.web.client("dynamodb"), call.web.settings.incidents_table, shown, ANSWERS)
    except (BotoCoreError, ClientError, Unavailable):
        logger.warning("a page without what people wrote", exc_info=True)
        return []
