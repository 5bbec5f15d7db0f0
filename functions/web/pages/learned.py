"""What was learned, on pages that are about something else.

Knows that an incident has to be worked while the knowledge base cannot be read: then there is nothing to show, which
is None and not an empty list. Refuses to know the pages.
"""

import logging
from typing import TYPE_CHECKING

from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from web.call import Call

if TYPE_CHECKING:
    from deadair.adapters.search import Hit, SearchResult

logger = logging.getLogger(f"deadair.{__name__}")
SEEN_BEFORE = 3


def lately(call: Call, limit: int, **filters: str) -> "SearchResult | None":
    """The newest postmortems."""
    try:
        return call.web.knowledge.search("", filters=filters, limit=limit)
    except Unavailable:
        logger.warning("a page without what was learned", exc_info=True)
        return None


def seen_before(call: Call, incident: Incident) -> "list[Hit] | None":
    """Past postmortems of the same kind."""
    try:
        return call.web.knowledge.related(
            integration=incident.integration,
            failure_class=incident.failure_class.value,
            exclude=incident.id,
            limit=SEEN_BEFORE,
        )
    except Unavailable:
        logger.warning("a page without what was learned", exc_info=True)
        return None
