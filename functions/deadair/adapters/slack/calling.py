"""One call of Slack's Web API, and what its failure means.

Knows slack_sdk, the limits of a batch and whose turn it is. Every failure comes out as `SlackFailed`, which says
whether and when to try again. Refuses to repeat a call whose answer was lost: it may have worked, and only the caller
can look. A call that the rate limit refused did not work, so a new message is repeated; an edit leaves its turn to
those. After two lost answers nothing more is asked until the next batch begins. No token in any message.
"""

import http.client
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from deadair.adapters.slack.pace import Pace, seconds_of
from deadair.domain.errors import Unavailable

TIMEOUT_S = 5
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
# The token is over; another may lie where it came from already.
TOKEN_OVER = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
# Our own word: others of ours go first, and Slack was not asked.
PACED = "paced"
# Slack reads JSON only where something is written; a method that reads wants its arguments in the address.
READING = frozenset(
    {"chat.getPermalink", "conversations.history", "conversations.replies", "users.info", "users.lookupByEmail"}
)
# What can wait while new messages are told.
EDITING = frozenset({"chat.update"})
LOST_ANSWERS = 2
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


class Caller:
    """Calls with the token as it is now. `token` is asked at each call, so that rotation works.

    `renew` reads the token anew where Slack says that it is over. `pace` is what workers know together of Slack's
    limits; without it each waits for itself.
    """

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str],
        timeout_s: float = TIMEOUT_S,
        *,
        renew: Callable[[], str] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._base_url = base_url
        self._token = token
        self._renew = renew or token
        self._pace = pace
        self._timeout_s = timeout_s
        self._patient_until = 0.0
        self._ends_at: float | None = None
        self._lost = 0

    def begin(self, patience_s: float, within_s: float) -> None:
        """A batch begins: as patient as that, and after `within_s` nothing more is asked."""
        self.be_patient(patience_s)
        self._ends_at, self._lost = time.monotonic() + within_s, 0
        if self._pace:
            self._pace.look()

    def be_patient(self, seconds: float) -> None:
        """Until then, a call that the rate limit refused waits as Slack wishes and is repeated; an edit does not."""
        self._patient_until = time.monotonic() + seconds

    def _call(self, method: str, **arguments: Any) -> SlackResponse:
        token = self._token()
        while True:
            self._may_ask(method)
            self._wait_for_turn(method, arguments)
            try:
                return self._ask(method, arguments, token)
            except SlackFailed as failed:
                if failed.retry_after_s and self._pace:
                    self._pace.refused(method, arguments, failed.retry_after_s)
                if failed.error in TOKEN_OVER and token != (token := self._renew()):
                    continue
                if not (_is_new(method, arguments) and self._waits(failed.retry_after_s)):
                    raise
                time.sleep(failed.retry_after_s)

    def _ask(self, method: str, arguments: dict[str, Any], token: str) -> SlackResponse:
        try:
            web = _web(self._base_url, token, self._timeout_s)
            if method in READING:
                return web.api_call(method, http_verb="GET", params=arguments)
            return web.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _meaning(method, error) from None
        except (OSError, http.client.HTTPException, SlackClientError) as error:
            self._lost += 1
            raise SlackFailed(method, type(error).__name__) from None

    def _wait_for_turn(self, method: str, arguments: dict[str, Any]) -> None:
        """Where Slack was too busy lately, all workers take turns. Only a new message waits for one."""
        if self._pace is None:
            return
        left = max(0.0, self._patient_until - time.monotonic()) if _is_new(method, arguments) else 0.0
        turn = self._pace.turn(method, arguments, left)
        if not turn.taken:
            raise SlackFailed(method, "ratelimited" if turn.refused else PACED, seconds_of(turn))
        time.sleep(turn.wait_s)

    def _may_ask(self, method: str) -> None:
        """A Slack that hangs must not keep the rest of a batch waiting for each of its answers."""
        if self._ends_at is None:
            return
        if self._lost >= LOST_ANSWERS:
            raise SlackFailed(method, "no_answer_to_others")
        if time.monotonic() > self._ends_at:
            raise SlackFailed(method, "no_time_left")

    def _waits(self, seconds: int) -> bool:
        return bool(seconds) and time.monotonic() + seconds <= self._patient_until


def _is_new(method: str, arguments: dict[str, Any]) -> bool:
    """Whether somebody is told what they do not know, or we ask something. Edits and threads can wait for those."""
    return method not in EDITING and "thread_ts" not in arguments


def _meaning(method: str, error: SlackApiError) -> SlackFailed:
    answer = error.response
    status = answer.status_code if isinstance(answer, SlackResponse) else 0
    headers = answer.headers if isinstance(answer, SlackResponse) else {}
    said = answer.get("error") if isinstance(answer, SlackResponse) and isinstance(answer.data, dict) else ""
    # An answer that is no JSON comes as its first hundred characters: no word of Slack's, and not for people.
    word = str(said) if WORD.fullmatch(str(said)) else f"http_{status}"
    wish = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return SlackFailed(method, word, int(wish) if wish.isascii() and wish.isdigit() else 0)


@lru_cache(maxsize=2)
def _web(base_url: str, token: str, timeout_s: float) -> WebClient:
    # No retry handlers: the default one repeats a call whose connection broke, and posts twice.
    # Its timeout is said to be whole seconds; urllib, which gets it, takes parts of one.
    return WebClient(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[])  # type: ignore[arg-type]
