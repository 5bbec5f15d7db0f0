"""The switches that make the local Slack fail on purpose, so that tests fail where Slack would hurt.

Knows which switches are thrown and what each does to a call, to a request on its way to the app, to a sign-in. Refuses
to fail by itself: every switch is off until somebody throws it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from datetime import datetime

from infra.local.slack.pace import Pace
from infra.local.slack.switches import CALLS, GONE, PACES, TO_APP, Switch, switch_from
from infra.local.slack.wire import Json, Response, json_response

# A hanging Slack lets go in the end, so that a forgotten switch does not hold a socket for ever.
LONGEST_HANG_SECONDS = 120.0
NOBODY: frozenset[str] = frozenset()


class Failures:
    """The thrown switches. A new one replaces the others unless its order says `also`."""

    def __init__(self) -> None:
        self._switches: list[Switch] = []
        self._pace: Pace | None = None
        self._released = asyncio.Event()
        self.leave: Callable[[float], object] = float  # the server puts its way to stop listening here

    def throw(self, order: Json, now: datetime) -> Json:
        """Throw the switch that *order* describes and return all as JSON; raise BadRequest for what is none."""
        switch = switch_from(order, now)
        if switch.mode == GONE:
            self.leave(float(order.get("seconds") or 5))
            return self.shown()
        kept = self._switches if order.get("also") else []
        self._switches = [*kept, *([switch] if switch.mode != "none" else [])]
        if switch.mode in PACES or not order.get("also"):
            self._pace = Pace(switch.burst, tiers=switch.mode == "tiers")
        self._released.set()
        self._released = asyncio.Event()
        return self.shown()

    def release(self) -> None:
        """Let go of the calls that hang."""
        self._released.set()

    def shown(self) -> Json:
        """Return the newest switch as JSON, and all of them under `all`."""
        shown = [switch.shown() for switch in self._switches]
        return {**(shown[-1] if shown else Switch("none").shown()), "all": shown}

    async def strike(
        self, method: str, now: datetime, about: AbstractSet[str] = NOBODY, *, after: bool = False
    ) -> Response | None:
        """Return the failure that this call gets before (or *after*) its work, or None."""
        for switch in self._switches:
            if switch.mode in CALLS and switch.after == after and switch.covers(method, about, now):
                switch.spend()
                return await self._failure(switch)
        return None

    async def _failure(self, switch: Switch) -> Response:
        if switch.mode == "429":
            return too_fast(switch.retry_after)
        if switch.mode == "ok_false":
            return json_response({"ok": False, "error": switch.error})
        if switch.mode == "garbage":
            return Response(200, b"<!doctype html><title>Slack is down</title>", "text/html; charset=utf-8")
        if switch.mode == "hang":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._released.wait(), LONGEST_HANG_SECONDS)
        return Response(500, b"Internal Server Error", "text/plain; charset=utf-8")

    def to_app(self, kind: str, person: str, now: datetime) -> str:
        """Return what goes wrong with a request of that *kind* to the app, or an empty text."""
        return self._first(TO_APP, kind, frozenset({person}), now)

    def twist(self, now: datetime, among: Collection[str]) -> str:
        """Return which of *among* goes wrong with this sign-in, or an empty text."""
        return self._first(among, "", NOBODY, now)

    def _first(self, modes: Collection[str], method: str, about: AbstractSet[str], now: datetime) -> str:
        for switch in self._switches:
            if switch.mode in modes and switch.covers(method, about, now):
                switch.spend()
                return switch.mode
        return ""

    def over_pace(self, method: str, channel: str, now: datetime) -> int:
        """Return how many seconds the caller is too early, when a pace is switched on."""
        on = any(switch.mode in PACES and switch.is_on(now) for switch in self._switches)
        return self._pace.wait(method, channel, now) if on and self._pace else 0


def too_fast(retry_after: int = 1) -> Response:
    """Return Slack's answer to a caller that is too fast."""
    return json_response({"ok": False, "error": "ratelimited"}, 429, Retry_After=str(retry_after))
