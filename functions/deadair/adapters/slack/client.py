"""The Web API methods that Deadair calls, and what their errors mean.

Knows slack_sdk. Every failure comes out as `SlackFailed`, which says whether and when to try again. Refuses to repeat
a call whose answer was lost: it may have worked, and only the caller can look. A call that the rate limit refused did
not work, so a new message is repeated; an edit leaves its turn to those. After two lost answers nothing more is asked
until the next batch begins. No token in any message.
"""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from deadair.adapters.slack.members import NOBODY, Member, member_from
from deadair.adapters.slack.message import Message
from deadair.domain.errors import Unavailable

TIMEOUT_S = 5
EVENT_TYPE = "deadair_notice"
# Nobody but a person can repair these: token, scope, channel or person are not what they should be.
PERMANENT = frozenset(
    {
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_authed",
        "not_in_channel",
        "token_expired",
        "token_revoked",
        "user_disabled",
        "user_not_found",
    }
)
GONE = frozenset({"message_not_found", "cant_update_message"})
# Slack reads JSON only where something is written; a method that reads wants its arguments in the address.
READING = frozenset(
    {"chat.getPermalink", "conversations.history", "conversations.replies", "users.info", "users.lookupByEmail"}
)
# What can wait while new messages are told.
EDITING = frozenset({"chat.update"})
LOST_ANSWERS = 2
PAGE = 200
PAGES = 5
WORD = re.compile(r"[a-z0-9_]{1,80}")


class SlackFailed(Unavailable):
    """Slack did not do what was asked. `error` is Slack's word, `retry_after_s` its wish (0: none)."""

    def __init__(self, method: str, error: str, retry_after_s: int = 0) -> None:
        super().__init__(f"Slack's {method} failed: {error}.")
        self.error = error
        self.retry_after_s = retry_after_s

    @property
    def permanent(self) -> bool:
        """Whether trying again helps nobody until a person has repaired something."""
        return self.error in PERMANENT


class SlackClient:
    """Messages in channels and direct messages. `token` is asked at each call, so that rotation works."""

    def __init__(self, base_url: str, token: Callable[[], str], timeout_s: float = TIMEOUT_S) -> None:
        self._base_url = base_url
        self._token = token
        self._timeout_s = timeout_s
        self._patient_until = 0.0
        self._ends_at: float | None = None
        self._lost = 0
        self._direct: dict[str, str] = {}

    def begin(self, patience_s: float, within_s: float) -> None:
        """A batch begins: as patient as that, and after `within_s` nothing more is asked."""
        self.be_patient(patience_s)
        self._ends_at, self._lost = time.monotonic() + within_s, 0

    def be_patient(self, seconds: float) -> None:
        """Until then, a call that the rate limit refused waits as Slack wishes and is repeated; an edit does not."""
        self._patient_until = time.monotonic() + seconds

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

    def _call(self, method: str, **arguments: Any) -> SlackResponse:
        while True:
            self._may_ask(method)
            try:
                web = _web(self._base_url, self._token(), self._timeout_s)
                if method in READING:
                    return web.api_call(method, http_verb="GET", params=arguments)
                return web.api_call(method, json=arguments)
            except SlackApiError as error:
                failed = _meaning(method, error)
            except (OSError, http.client.HTTPException, SlackClientError) as error:
                self._lost += 1
                raise SlackFailed(method, type(error).__name__) from None
            if not self._waits(method, failed.retry_after_s):
                raise failed
            time.sleep(failed.retry_after_s)

    def _may_ask(self, method: str) -> None:
        """A Slack that hangs must not keep the rest of a batch waiting for each of its answers."""
        if self._ends_at is None:
            return
        if self._lost >= LOST_ANSWERS:
            raise SlackFailed(method, "no_answer_to_others")
        if time.monotonic() > self._ends_at:
            raise SlackFailed(method, "no_time_left")

    def _waits(self, method: str, seconds: int) -> bool:
        return bool(seconds) and method not in EDITING and time.monotonic() + seconds <= self._patient_until


def _meaning(method: str, error: SlackApiError) -> SlackFailed:
    answer = error.response
    status = answer.status_code if isinstance(answer, SlackResponse) else 0
    headers = answer.headers if isinstance(answer, SlackResponse) else {}
    said = answer.get("error") if isinstance(answer, SlackResponse) and isinstance(answer.data, dict) else ""
    # An answer that is no JSON comes as its first hundred characters: no word of Slack's, and not for people.
    word = str(said) if WORD.fullmatch(str(said)) else f"http_{status}"
    wish = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return SlackFailed(method, word, int(wish) if wish.isascii() and wish.isdigit() else 0)


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


@lru_cache(maxsize=2)
def _web(base_url: str, token: str, timeout_s: float) -> WebClient:
    # No retry handlers: the default one repeats a call whose connection broke, and posts twice.
    # Its timeout is said to be whole seconds; urllib, which gets it, takes parts of one.
    return WebClient(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[])  # type: ignore[arg-type]
