"""Who reacted to what with which emoji.

Knows rows, in the order in which they were added. Refuses to know which emoji there are: a workspace may have its own.
"""

from __future__ import annotations

import sqlite3

from infra.local.slack.wire import Json

_SCHEMA = """CREATE TABLE IF NOT EXISTS reactions (channel TEXT, ts TEXT, name TEXT, user TEXT, at REAL,
    PRIMARY KEY (channel, ts, name, user)) WITHOUT ROWID"""


class Reactions:
    """Their table."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.execute(_SCHEMA)

    def add(self, channel: str, ts: str, name: str, user: str, at: float) -> bool:
        """Keep one; return whether it is new."""
        done = self._db.execute("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?, ?, ?)", (channel, ts, name, user, at))
        return done.rowcount > 0

    def remove(self, channel: str, ts: str, name: str, user: str) -> bool:
        """Take one away; return whether it was there."""
        where = "channel = ? AND ts = ? AND name = ? AND user = ?"
        return self._db.execute(f"DELETE FROM reactions WHERE {where}", (channel, ts, name, user)).rowcount > 0  # noqa: S608 - a constant

    def of(self, channel: str, ts: str) -> list[Json]:
        """Return what one message got, as Slack shows it."""
        rows = self._db.execute(
            "SELECT name, user FROM reactions WHERE channel = ? AND ts = ? ORDER BY at", (channel, ts)
        )
        found: dict[str, list[str]] = {}
        for name, user in rows:
            found.setdefault(name, []).append(user)
        return [{"name": name, "users": users, "count": len(users)} for name, users in found.items()]
