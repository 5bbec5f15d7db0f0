"""What was learned, on pages that are about something else.

Knows that an incident has to be worked while the knowledge base cannot be read: then there is nothing to show, which
is None and not an empty list. Refuses to know the pages.
"""

import logging
from typing import TYPE_CHECKING

from deadair.domain.diagnosed import Diagnosed
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.usecases.best_three import best_three
from web.call import Call

if TYPE_CHECKING:
    from deadair.adapters.search import Hit, SearchResult

logger = logging.getLogger(f"deadair.{__name__}")


def lately(call: Call, limit: int, **filters: str) -> "SearchResult | None":
    """The newest postmortems."""
    try:
        return call.web.knowledge.search("", filters=filters, limit=limit)
    except Unavailable:
        logger.warning("a page without what was learned", exc_info=True)
        return None


def seen_before(call: Call, incident: Incident, diagnosed: Diagnosed | None) -> "list[Hit] | None":
    """The past postmortems that help most."""
    try:
        return best_three(call.web.knowledge, incident, diagnosed)
    except Unavailable:
        logger.warning("a page without what was learned", exc_info=True)
        return None
