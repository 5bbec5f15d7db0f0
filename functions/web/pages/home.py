"""The start page: what is open, what comes back, what is still to be done, what happened and what was learned lately.

Reads what is open at once; the rest adds to the page and holds it up by nothing: what cannot be had is said so. Changes
nothing.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.stages import Status
from web import responses
from web.call import Call
from web.pages.learned import lately
from web.views import shapes
from web.views.home import ended_lately, to_do
from web.views.incidents import lasted
from web.views.signal_line import home_line
from web.views.standing import as_data

logger = logging.getLogger(f"deadair.{__name__}")
LEARNED = 5
HAPPENED = timedelta(days=14)
T = TypeVar("T")


def show(call: Call) -> Response[Any]:
    """The page, or its JSON."""
    page = call.web.incidents.open_page()
    open_now = page.items
    learned = lately(call, LEARNED)
    if call.wants_json:
        return responses.data(
            {
                "open": [shapes.incident(one) for one in open_now],
                "unread": page.unread,
                "standing_errors": as_data(call.web.standing.errors(call.now)),
                "postmortems": [shapes.hit(found) for found in learned.hits] if learned else None,
            }
        )
    values = {
        "open": open_now,
        "unread": page.unread,
        "waiting": sum(one.status is Status.OPEN for one in open_now),
        "line": home_line(len(open_now)),
        "learned": learned,
        "again": _had(lambda: call.web.over_time.lately(call.now)),
        "happened": _had(lambda: ended_lately(call.web.over_time.since(call.now - HAPPENED, call.now))),
        "to_do": _had(lambda: to_do(call.web.actions.open_actions(), call.now.date())),
        "lasted": lasted,
    }
    return call.page("home.html", values)


def _had(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (BotoCoreError, ClientError):
        logger.warning("home without a part of it", exc_info=True)
        return None
