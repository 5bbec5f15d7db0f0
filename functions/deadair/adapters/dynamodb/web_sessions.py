"""What is remembered of sessions at the web: which are over before their time, and which sign-ins were used.

Knows one item for each person who signs out, and one for each sign-in; both expire, but for the word of who signed out
everywhere. Refuses to know living sessions: those are in their browsers.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, to_item
from deadair.adapters.dynamodb.transact import LostRace, commit, put_new, put_over
from deadair.domain.ended_sessions import LONGEST, Ended
from deadair.domain.errors import NotGenuine, Unavailable

TURNS = 5
# Expiry is not to the minute; a sign-in is refused long before by its own time.
REMEMBERED = timedelta(hours=1)


class WebSessions:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def ended(self, who: str) -> Ended:
        """Which of a person's sessions are over. Raises Unavailable."""
        return _ended(self._item(who))

    def end(self, who: str, session: str, now: datetime) -> Ended:
        """One session is over. Raises Unavailable."""
        return self._change(who, lambda ended: ended.and_one(session, now), now)

    def end_all(self, who: str, now: datetime) -> Ended:
        """All sessions that began until now are over. Raises Unavailable."""
        return self._change(who, lambda ended: ended.and_all(now), now)

    def use(self, sign_in: str, now: datetime) -> None:
        """A sign-in takes effect now, and never again. Raises NotGenuine when it has before."""
        item = keys.sign_in(sign_in) | to_item({"expires_at": int((now + REMEMBERED).timestamp())})
        try:
            commit(self._client, [put_new(self._table, item)])
        except LostRace as race:
            raise NotGenuine("This sign-in was used before.", field="used") from race

    def _change(self, who: str, change: Callable[[Ended], Ended], now: datetime) -> Ended:
        for _ in range(TURNS):
            item = self._item(who)
            seen = int(from_item(item)["version"]) if item else 0
            after = change(_ended(item))
            new = keys.sessions(who) | to_item(_fields(after, now) | {"version": seen + 1})
            try:
                commit(self._client, [put_over(self._table, new, seen) if seen else put_new(self._table, new)])
            except LostRace:
                continue
            return after
        raise Unavailable("Others sign out all the time.")

    def _item(self, who: str) -> Item | None:
        try:
            found = self._client.get_item(TableName=self._table, Key=keys.sessions(who), ConsistentRead=True)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The table did not say which sessions are over.") from error
        item: Item | None = found.get("Item")
        return item


def _ended(item: Item | None) -> Ended:
    if not item:
        return Ended()
    f = from_item(item)
    before = f.get("before")
    ids = {session: _instant(at) for session, at in f.get("ids", {}).items()}
    return Ended(_instant(before) if before else None, ids)


def _fields(ended: Ended, now: datetime) -> dict[str, Any]:
    told = {
        "before": ended.before.isoformat() if ended.before else "",
        "ids": {session: at.isoformat() for session, at in ended.ids.items()},
    }
    # Whoever signed out everywhere ended their feed addresses too, which live longer than any session.
    return told if ended.before else told | {"expires_at": int((now + LONGEST).timestamp()) + 1}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
