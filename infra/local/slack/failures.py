"""The switches that make the local Slack fail on purpose, so that tests fail where Slack would hurt.

Knows how long, how often and for which methods to fail, and Slack's limit of about one message a second per channel.
Refuses to fail by itself: every switch is off until a test throws it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.local.slack.wire import BadRequest, Json, Response, json_response

MODES = ("none", "429", "500", "hang", "ok_false", "rate")
# What goes wrong with a sign-in while the calls themselves succeed: in the token, or at the question who you are.
TOKEN_TWISTS = (
    "oidc_nonce",
    "oidc_no_nonce",
    "oidc_aud",
    "oidc_iss",
    "oidc_team",
    "oidc_at_hash",
    "oidc_unverified",
    "oidc_alg_none",
    "oidc_signature",
    "oidc_expired",
    "oidc_future",
)
DENIED = "oidc_denied"
TWISTS = (*TOKEN_TWISTS, DENIED)
# A hanging Slack lets go in the end, so that a forgotten switch does not hold a socket for ever.
LONGEST_HANG_SECONDS = 120.0


@dataclass
class Switch:
    """One thrown switch. *after* fails once the work is done: the caller cannot tell that it was."""

    mode: str = "none"
    methods: tuple[str, ...] = ()
    left: int | None = None
    until: datetime | None = None
    error: str = "internal_error"
    retry_after: int = 1
    after: bool = False

    def covers(self, method: str, now: datetime) -> bool:
        """Return whether a call of *method* at *now* fails."""
        if self.mode in ("none", "rate", *TWISTS) or not self.is_on(now):
            return False
        return not self.methods or method in self.methods

    def is_on(self, now: datetime) -> bool:
        """Return whether it is neither spent nor over at *now*."""
        return self.left != 0 and (self.until is None or now < self.until)


class Failures:
    """The current switch, and when each channel last took a message."""

    def __init__(self) -> None:
        self.switch = Switch()
        self._released = asyncio.Event()
        self._last_post: dict[str, datetime] = {}

    def throw(self, order: Json, now: datetime) -> Json:
        """Throw the switch that *order* describes and return it as JSON; raise BadRequest for an unknown mode."""
        mode = str(order.get("mode", "none"))
        if mode not in (*MODES, *TWISTS):
            raise BadRequest(f"mode: {mode!r} is unknown; use one of {', '.join((*MODES, *TWISTS))}")
        seconds, count = order.get("seconds"), order.get("count")
        self.switch = Switch(
            mode=mode,
            methods=tuple(order.get("methods") or ()),
            left=int(count) if count is not None else None,
            until=now + timedelta(seconds=float(seconds)) if seconds is not None else None,
            error=str(order.get("error", "internal_error")),
            retry_after=int(order.get("retry_after", 1)),
            after=bool(order.get("after")),
        )
        self._last_post.clear()
        self._released.set()
        self._released = asyncio.Event()
        return self.shown()

    def release(self) -> None:
        """Let go of the calls that hang."""
        self._released.set()

    def shown(self) -> Json:
        """Return the switch as JSON."""
        until = self.switch.until.isoformat() if self.switch.until else None
        return {
            "mode": self.switch.mode,
            "methods": list(self.switch.methods),
            "left": self.switch.left,
            "until": until,
        }

    def twist(self, now: datetime, among: Collection[str]) -> str:
        """Return which of *among* goes wrong with this sign-in, or an empty text."""
        if self.switch.mode not in among or not self.switch.is_on(now):
            return ""
        if self.switch.left is not None:
            self.switch.left -= 1
        return self.switch.mode

    async def strike(self, method: str, now: datetime) -> Response | None:
        """Return the failure that this call gets, or None."""
        if not self.switch.covers(method, now):
            return None
        if self.switch.left is not None:
            self.switch.left -= 1
        return await self._failure(self.switch)

    async def _failure(self, switch: Switch) -> Response:
        if switch.mode == "429":
            return too_fast(switch.retry_after)
        if switch.mode == "ok_false":
            return json_response({"ok": False, "error": switch.error})
        if switch.mode == "hang":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._released.wait(), LONGEST_HANG_SECONDS)
        return Response(500, b"Internal Server Error", "text/plain; charset=utf-8")

    def over_rate(self, channel: str, now: datetime) -> bool:
        """Return whether *channel* took a message less than a second ago, when the `rate` switch is on."""
        if self.switch.mode != "rate" or (self.switch.until is not None and now >= self.switch.until):
            return False
        last = self._last_post.get(channel)
        if last is not None and now - last < timedelta(seconds=1):
            return True
        self._last_post[channel] = now
        return False


def too_fast(retry_after: int = 1) -> Response:
    """Return Slack's answer to a caller that is too fast."""
    body: dict[str, Any] = {"ok": False, "error": "ratelimited"}
    return json_response(body, 429, Retry_After=str(retry_after))
