"""What was learned before, for a card that waits for nothing.

Knows how long an answer may take, and that one that does not come is not asked for again while it is still under way.
Refuses to fail: what cannot be had is what was had last, or nothing.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from deadair.adapters.search import Hit, KnowledgeIndex
from deadair.adapters.slack.card_past import Earlier
from deadair.adapters.slack.links import Links
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.usecases.best_three import best_three

logger = logging.getLogger(f"deadair.{__name__}")
# The first answer of a process fetches the index. A card without its past is better than one that comes late; the next
# drawing, a few seconds after, has it.
PATIENCE_S = 2.0
KEPT = 200


@dataclass
class Remembering:
    """One per process, asked by one thread at a time."""

    knowledge: KnowledgeIndex
    links: Links
    patience_s: float = PATIENCE_S
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "remembering"))
    _asked: "Future[list[Hit]] | None" = None
    _last: dict[int, tuple[Earlier, ...]] = field(default_factory=dict)

    def of(self, incident: Incident, diagnosed: Diagnosed | None, *, afresh: bool) -> tuple[Earlier, ...]:
        """The best three past postmortems, or those of the last time, or none."""
        found = self._hits(incident, diagnosed, afresh=afresh)
        if found is None:
            return self._last.get(incident.number, ())
        if len(self._last) >= KEPT:
            self._last.clear()
        told = tuple(self._earlier(hit, incident) for hit in found)
        self._last[incident.number] = told
        return told

    def _hits(self, incident: Incident, diagnosed: Diagnosed | None, *, afresh: bool) -> "list[Hit] | None":
        if self._asked is not None and not self._asked.done():
            return None
        self._asked = self._pool.submit(best_three, self.knowledge, incident, diagnosed, afresh=afresh)
        try:
            return self._asked.result(self.patience_s)
        except (TimeoutError, Unavailable) as why:
            logger.warning("a card without its past: %s", type(why).__name__, extra={"incident": incident.id})
            return None

    def _earlier(self, hit: "Hit", incident: Incident) -> Earlier:
        elsewhere = hit.integration != incident.integration
        where = (hit.integration_name or hit.integration or hit.company) if elsewhere else ""
        return Earlier(hit.id, self.links.document(hit.id), hit.fix, hit.date, where)
