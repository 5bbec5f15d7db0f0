"""The Web API methods that Deadair calls, as what they are for.

Knows the arguments of each and how our own messages are found again. Refuses to know why a call failed: see `calling`.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from slack_sdk.web import SlackResponse

from deadair.adapters.slack.calling import Caller, SlackFailed
from deadair.adapters.slack.members import NOBODY, Member, member_from
from deadair.adapters.slack.message import Message

__all__ = ["SlackClient", "SlackFailed"]

EVENT_TYPE = "deadair_notice"
GONE = frozenset({"message_not_found", "cant_update_message"})
PAGE = 200
PAGES = 5


class SlackClient(Caller):
    """Messages in channels and direct messages, and who is a member."""

    @cached_property
    def _direct(self) -> dict[str, str]:
        """The channels of direct messages that are known, by person."""
        return {}

    def post(self, channel: str, message: Message, payload: dict[str, str], *, thread: str = "") -> str:
        """Post a message that carries `payload` as metadata, under the one with the ts `thread`. Returns its ts."""
        answer = self._call(
            "chat.postMessage",
            channel=channel,
            text=message.text,
            blocks=list(message.blocks),
            metadata={"event_type": EVENT_TYPE, "event_payload": payload},
            unfurl_links=False,
            unfurl_media=False,
            **({"thread_ts": thread} if thread else {}),
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, message: Message) -> bool:
        """Edit a message in place. False: it is gone."""
        try:
            self._call("chat.update", channel=channel, ts=ts, text=message.text, blocks=list(message.blocks))
        except SlackFailed as failed:
            if failed.error in GONE:
                return False
            raise
        return True

    def direct_channel(self, slack_id: str) -> str:
        """The channel of the direct messages with one person; it never changes, so it is asked for once."""
        if slack_id not in self._direct:
            self._direct[slack_id] = str(self._call("conversations.open", users=slack_id)["channel"]["id"])
        return self._direct[slack_id]

    def member(self, slack_id: str) -> Member | None:
        """The member with that id; None when there is none."""
        return self._member("users.info", user=slack_id)

    def member_by_email(self, email: str) -> Member | None:
        """The member with that address; None when there is none, and when they are deactivated."""
        return self._member("users.lookupByEmail", email=email)

    def _member(self, method: str, **arguments: str) -> Member | None:
        try:
            return member_from(self._call(method, **arguments)["user"])
        except SlackFailed as failed:
            if failed.error in NOBODY:
                return None
            raise

    def find(self, channel: str, wanted: dict[str, str], newer_than: int, since: datetime) -> str:
        """The ts of our message whose metadata hold `wanted` and a `version` above `newer_than`; else empty.

        A workspace that lets us post but not look finds nothing: told twice is better than never.
        """
        pages = self._pages("conversations.history", channel=channel, oldest=f"{since.timestamp():.6f}")
        return next((found for page in pages if (found := _found(page, wanted, newer_than))), "")

    def find_reply(self, channel: str, thread: str, wanted: dict[str, str], after: str) -> tuple[str, dict[str, str]]:
        """The ts and the payload of our message in a thread, later than the ts `after`; else both empty."""
        for page in self._pages("conversations.replies", channel=channel, ts=thread, oldest=after):
            for message in page.get("messages") or []:
                # The first of each page is the message above the thread, whatever its age.
                if str(message.get("ts")) > after and _carries(message.get("metadata"), wanted, newer_than=-1):
                    return str(message["ts"]), dict(message["metadata"]["event_payload"])
        return "", {}

    def _pages(self, method: str, **told: Any) -> Iterator[SlackResponse]:
        told["limit"] = PAGE
        for _ in range(PAGES):
            try:
                page = self._call(method, include_all_metadata=True, **told)
            except SlackFailed as failed:
                if failed.error != "missing_scope":
                    raise
                return
            yield page
            told["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not told["cursor"]:
                return


def _found(page: SlackResponse, wanted: dict[str, str], newer_than: int) -> str:
    """The ts of the first message of a page that carries what is wanted."""
    messages: list[dict[str, Any]] = page.get("messages") or []
    found = (message["ts"] for message in messages if _carries(message.get("metadata"), wanted, newer_than))
    return str(next(found, ""))


def _carries(metadata: Any, wanted: dict[str, str], newer_than: int) -> bool:
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return False
    payload = metadata.get("event_payload") or {}
    version = str(payload.get("version", ""))
    same = all(str(payload.get(name)) == value for name, value in wanted.items())
    return same and version.isascii() and version.isdigit() and int(version) > newer_than
