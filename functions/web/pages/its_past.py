"""What came before, on pages about one incident or one integration.

Knows that these pages are read while something is broken: what cannot be had is None, and the rest is shown. Refuses to
know the pages.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.domain.action_item import ActionItem
from deadair.domain.fix_held import Unheld
from deadair.domain.history import History
from deadair.domain.trends import BEFORE, Trends, back, trends
from deadair.usecases.look_back import LookBack
from deadair.usecases.over_time import LONG_AGO_KEPT
from web.call import Call
from web.views.trend_charts import Bars, bars

logger = logging.getLogger(f"deadair.{__name__}")
MONTHS = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Year:
    """The last twelve months of one integration."""

    found: Trends
    bars: Bars


def history(call: Call, dossier: Dossier) -> History | None:
    """What came before an incident, as the last look found it; of one that is over also what its fix came to since.

    Only the latter costs a call: whoever reads of one that is open is in a hurry.
    """
    incident = dossier.incident
    known = dossier.diagnosed.history if dossier.diagnosed else None
    if not incident.is_open:
        return LookBack(call.web.outlines).at(incident, known)
    return known if known and known.failure_class is incident.failure_class else None


def year(call: Call, slug: str) -> Year | None:
    """One question."""
    since = back(call.now, MONTHS)

    def ask() -> Year:
        found = trends(call.web.outlines.of_integration(slug, since - BEFORE), since, call.now)
        return Year(found, bars(found.months, found.classes))

    return _had(ask)


def actions(call: Call, slug: str) -> list[ActionItem] | None:
    """What is still to be done from its incidents, the earliest day first."""
    return _had(lambda: call.web.actions.of_integration(slug))


def failed(call: Call, number: int) -> list[Unheld]:
    """That the fix of an incident did not hold, as it showed in the last 90 days and some minutes ago."""
    lately = _had(lambda: call.web.over_time.lately(call.now, LONG_AGO_KEPT))
    return [one for one in lately.unheld if one.number == number] if lately else []


def _had(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except (BotoCoreError, ClientError):
        logger.warning("a page without the past", exc_info=True)
        return None
