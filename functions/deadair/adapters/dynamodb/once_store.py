"""Writes of one request that may be worked again when nobody knows whether they were done: each is done once.

Knows that a mark goes into the same transaction as what it marks. Refuses to know the request.
"""

from datetime import datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.dynamodb.transact import LostRace, Write, commit, put_new
from deadair.domain.errors import AlreadyDone, Stale

# Longer than a queue keeps a request.
KEPT = timedelta(days=6)


class OnceStore(IncidentStore):
    """The store for the request whose key is `request`, at `now`."""

    def __init__(self, store: IncidentStore, request: str, now: datetime) -> None:
        super().__init__(store.client, store.table)
        self._request, self._now, self._done = request, now, 0

    def commit(self, writes: list[Write], what: str) -> None:
        """All or nothing, and once. Raises AlreadyDone, Stale and Unavailable."""
        item = keys.request_done(self._request, self._done + 1)
        mark = put_new(self.table, item | to_item({"expires_at": int((self._now + KEPT).timestamp())}))
        try:
            commit(self.client, [*writes, mark])
        except LostRace as lost:
            if len(writes) in lost.over:
                raise AlreadyDone(f"{what} was changed by this very request.") from lost
            raise Stale(f"{what} was changed meanwhile. Nothing changed.", field="version", remedy="show") from lost
        self._done += 1
