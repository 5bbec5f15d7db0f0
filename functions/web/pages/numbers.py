"""Numbers: how long incidents take to be detected, acknowledged, mitigated and resolved.

Reads the incidents that opened in the period, at most MOST past ones. Changes nothing.
"""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.numbers import MEASURES, By, numbers
from deadair.usecases.numbers import as_data, read_period
from web import addresses, responses
from web.call import Call

HERE = "/numbers"
PERIODS_DAYS = (30, 90, 365)
USUAL_DAYS = 90
# Ten megabytes of incidents, read in a second or two; `deadair numbers` reads them all.
MOST = 2_000
GROUPS_SHOWN = 100


def show(call: Call) -> Response[Any]:
    """The page, or its JSON."""
    days, by = _days(call.request.query.get("days", "")), _by(call.request.query.get("by", ""))
    period = read_period(call.web.incidents, call.now - timedelta(days=days), most=MOST)
    counted = numbers(period.incidents, by)
    if call.wants_json:
        return responses.data(as_data(counted, period, by) | {"cut": period.cut})
    values = {
        "counted": counted,
        "groups": counted.groups[:GROUPS_SHOWN],
        "left_out": len(counted.groups) - GROUPS_SHOWN,
        "cut": period.cut,
        "most": MOST,
        "days": days,
        "by": by.value,
        "measures": MEASURES,
        "periods": {each: _address(each, by) for each in PERIODS_DAYS},
        "ways": {way.value: _address(days, way) for way in By},
    }
    return call.page("numbers.html", values)


def _days(text: str) -> int:
    """One of the periods that the page offers; anything else is the usual one."""
    return next((days for days in PERIODS_DAYS if str(days) == text), USUAL_DAYS)


def _by(text: str) -> By:
    return By(text) if text in set(By) else By.INTEGRATION


def _address(days: int, by: By) -> str:
    return addresses.with_query(HERE, days=str(days), by=by.value)
