"""What the local Slack remembers, in one SQLite file.

Knows rows: people, messages with every earlier wording, who has read how far, Homes; what hangs on them is in tables of
their own (hooks, reactions). Every change
is committed before it is answered (write-ahead log), so a hard kill of the process loses nothing that was acknowledged;
only a power cut may take the last moments. Refuses to know limits or permissions.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.local.slack.hooks import Hooks
from infra.local.slack.people import Person
from infra.local.slack.reactions import Reactions
from infra.local.slack.wire import Json

# A badge says "99+": counting on would read a whole busy channel at every change.
MOST_COUNTED = 100

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (channel TEXT, ts TEXT, thread_ts TEXT, seen_by TEXT, doc TEXT NOT NULL,
    PRIMARY KEY (channel, ts)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_thread ON messages (channel, thread_ts, ts);
CREATE TABLE IF NOT EXISTS edits (channel TEXT, ts TEXT, at TEXT, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reads (user TEXT, channel TEXT, ts TEXT NOT NULL, PRIMARY KEY (user, channel));
CREATE TABLE IF NOT EXISTS homes (user TEXT PRIMARY KEY, view TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS places (name TEXT PRIMARY KEY, address TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Message:
    """One message. *ephemeral_to* is the only person who sees it; *edited_ts* is when its wording last changed."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    deleted: bool = False


class Store:
    """The file. One connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self.hooks = Hooks(self._db)
        self.reactions = Reactions(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def follow(self, address: str) -> None:
        """Let links to the app's pages follow it: a stack that starts on other ports has moved, its messages not."""
        known = self._db.execute("SELECT address FROM places WHERE name = 'app'").fetchone()
        with self._transaction():
            if known and known[0] != address:
                moved = (f"{known[0]}/", f"{address}/")
                self._db.execute("UPDATE messages SET doc = replace(doc, ?, ?)", moved)
                self._db.execute("UPDATE homes SET view = replace(view, ?, ?)", moved)
            self._db.execute("INSERT OR REPLACE INTO places VALUES ('app', ?)", (address,))

    def people(self) -> list[Person]:
        """Return everybody, by name."""
        rows = self._db.execute("SELECT doc FROM people")
        return sorted((Person(**json.loads(doc)) for (doc,) in rows), key=lambda person: person.name.casefold())

    def put_person(self, person: Person) -> None:
        """Add or replace *person*."""
        self._db.execute("INSERT OR REPLACE INTO people VALUES (?, ?)", (person.id, json.dumps(asdict(person))))

    def put_message(self, message: Message) -> None:
        """Add *message*, or replace the one with its channel and ts."""
        row = (message.channel, message.ts, message.thread_ts, message.ephemeral_to, json.dumps(asdict(message)))
        self._db.execute("INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?)", row)

    def edit_message(self, before: Message, after: Message) -> None:
        """Replace *before* by *after* and keep the earlier wording."""
        with self._transaction():
            earlier = (before.channel, before.ts, after.edited_ts, json.dumps(asdict(before)))
            self._db.execute("INSERT INTO edits VALUES (?, ?, ?, ?)", earlier)
            self.put_message(after)

    def message(self, channel: str, ts: str) -> Message | None:
        """Return one message that is not deleted."""
        row = self._db.execute("SELECT doc FROM messages WHERE channel = ? AND ts = ?", (channel, ts)).fetchone()
        found = Message(**json.loads(row[0])) if row else None
        return None if found is None or found.deleted else found

    def messages(self, channel: str, *, seen_by: str, limit: int) -> list[Message]:
        """Return the newest *limit* messages of *channel*, oldest first; ephemeral ones only of *seen_by*."""
        rows = self._db.execute(
            "SELECT doc FROM messages WHERE channel = ? AND (seen_by IS NULL OR seen_by = ?)"
            " AND NOT json_extract(doc, '$.deleted') ORDER BY ts DESC LIMIT ?",
            (channel, seen_by, limit),
        )
        return [Message(**json.loads(doc)) for (doc,) in rows][::-1]

    def history(self, channel: str, *, oldest: str, latest: str, limit: int, inclusive: bool = False) -> list[Message]:
        """Return the newest *limit* messages after *oldest* and before *latest* that are no replies, newest first."""
        after, before = (">=", "<=") if inclusive else (">", "<")
        rows = self._db.execute(
            f"SELECT doc FROM messages WHERE channel = ? AND ts {after} ? AND ts {before} ? AND seen_by IS NULL"  # noqa: S608 - two constants
            " AND (thread_ts IS NULL OR thread_ts = ts) AND NOT json_extract(doc, '$.deleted')"
            " ORDER BY ts DESC LIMIT ?",
            (channel, oldest, latest, limit),
        )
        return [Message(**json.loads(doc)) for (doc,) in rows]

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """Return the replies that everybody sees, oldest first."""
        rows = self._db.execute(
            "SELECT doc FROM messages WHERE channel = ? AND thread_ts = ? AND seen_by IS NULL ORDER BY ts",
            (channel, thread_ts),
        )
        found = [Message(**json.loads(doc)) for (doc,) in rows]
        return [message for message in found if not message.deleted]

    def everything(self, naming: str = "") -> list[Json]:
        """Return every message that names it, deleted ones too, each with its earlier wordings under `edits`."""
        edits: dict[tuple[str, str], list[Json]] = {}
        past = self._db.execute(
            "SELECT channel, ts, at, edits.doc FROM edits JOIN messages USING (channel, ts)"
            " WHERE instr(messages.doc, ?) ORDER BY at",
            (naming,),
        )
        for channel, ts, at, doc in past:
            before = json.loads(doc)
            edits.setdefault((channel, ts), []).append({"at": at, "text": before["text"], "blocks": before["blocks"]})
        found = self._db.execute("SELECT doc FROM messages WHERE instr(doc, ?) ORDER BY ts", (naming,))
        rows = [json.loads(doc) for (doc,) in found]
        return [{**row, "edits": edits.get((row["channel"], row["ts"]), [])} for row in rows]

    def newest_ts(self) -> str:
        """Return the newest ts that was ever given, or an empty text."""
        row = self._db.execute("SELECT max(ts) FROM messages").fetchone()
        return row[0] or ""

    def unread(self, user: str, channel: str) -> int:
        """Return how many messages of others *user* has not seen in *channel*, at most MOST_COUNTED."""
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM messages WHERE channel = ?1 AND (seen_by IS NULL OR seen_by = ?2)"
            " AND ts > coalesce((SELECT ts FROM reads WHERE user = ?2 AND channel = ?1), '')"
            " AND json_extract(doc, '$.user') <> ?2 AND NOT json_extract(doc, '$.deleted') LIMIT ?3)",
            (channel, user, MOST_COUNTED),
        ).fetchone()
        return int(row[0])

    def read_up_to(self, user: str, channel: str) -> str:
        """Return up to which ts *user* has read *channel*; empty when never."""
        row = self._db.execute("SELECT ts FROM reads WHERE user = ? AND channel = ?", (user, channel)).fetchone()
        return row[0] if row else ""

    def mark_read(self, user: str, channel: str, ts: str) -> bool:
        """Note that *user* has read *channel* up to *ts*; return whether that was news."""
        done = self._db.execute(
            "INSERT INTO reads VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET ts = excluded.ts WHERE excluded.ts > reads.ts",
            (user, channel, ts),
        )
        return done.rowcount > 0

    def put_home(self, user: str, view: Json) -> None:
        """Keep what *user* sees on the app's Home."""
        self._db.execute("INSERT OR REPLACE INTO homes VALUES (?, ?)", (user, json.dumps(view)))

    def homes(self) -> dict[str, Json]:
        """Return every published Home by user."""
        return {user: json.loads(view) for user, view in self._db.execute("SELECT user, view FROM homes")}

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """BEGIN … COMMIT, or ROLLBACK when the body raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *rest: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
