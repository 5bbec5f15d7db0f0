"""The response addresses that are out.

Knows for whom and where each answers and how often it was used. Refuses to know when that is too often: Slack's limits
are the workspace's.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace

_SCHEMA = "CREATE TABLE IF NOT EXISTS hooks (id TEXT PRIMARY KEY, doc TEXT NOT NULL)"


@dataclass(frozen=True)
class Hook:
    """One response address: who and where it answers, how often it was used, until when it lives (epoch seconds)."""

    id: str
    user: str
    channel: str
    message_ts: str | None
    expires: float
    uses: int = 0


class Hooks:
    """Their table."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.execute(_SCHEMA)

    def put(self, hook: Hook) -> None:
        """Add or replace a response address."""
        self._db.execute("INSERT OR REPLACE INTO hooks VALUES (?, ?)", (hook.id, json.dumps(asdict(hook))))

    def use(self, hook_id: str) -> Hook | None:
        """Count one use of a response address and return it as it was before; None when it never was."""
        row = self._db.execute("SELECT doc FROM hooks WHERE id = ?", (hook_id,)).fetchone()
        if row is None:
            return None
        hook = Hook(**json.loads(row[0]))
        self.put(replace(hook, uses=hook.uses + 1))
        return hook
