"""One thing that goes wrong on purpose: what, for whom, how often, how long.

Knows the modes and reads them from an order. Refuses to act.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.slack.wire import BadRequest, Json

# What a call of a method gets instead of its answer.
CALLS = ("429", "500", "hang", "ok_false", "garbage")
# How fast an app may be: one message a second per channel, or that and the documented tier of each method.
PACES = ("rate", "tiers")
# What goes wrong on the way to the app.
TO_APP = ("app_lost_answer", "app_twice", "app_forged", "app_stale", "app_gone")
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
GONE = "gone"
MODES = ("none", GONE, *CALLS, *PACES, *TO_APP, *TOKEN_TWISTS, DENIED)


@dataclass
class Switch:
    """One thrown switch. *after* fails once the work is done: the caller cannot tell that it was.

    *methods* are the calls (or kinds of request to the app) it is for, *people* the users or channels; none means all.
    """

    mode: str
    methods: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    left: int | None = None
    until: datetime | None = None
    error: str = "internal_error"
    retry_after: int = 1
    after: bool = False
    burst: int = 1

    def is_on(self, now: datetime) -> bool:
        """Return whether it is neither spent nor over at *now*."""
        return self.left != 0 and (self.until is None or now < self.until)

    def covers(self, method: str, about: AbstractSet[str], now: datetime) -> bool:
        """Return whether it is for a call of *method* about those people and channels."""
        meant = not self.methods or method in self.methods
        return meant and self.is_on(now) and (not self.people or not about.isdisjoint(self.people))

    def spend(self) -> None:
        """Count one failure."""
        if self.left is not None:
            self.left -= 1

    def shown(self) -> Json:
        """Return it as JSON."""
        until = self.until.isoformat() if self.until else None
        where = {"methods": list(self.methods), "people": list(self.people)}
        return {"mode": self.mode, **where, "left": self.left, "until": until, "error": self.error}


def switch_from(order: Json, now: datetime) -> Switch:
    """Return the switch that *order* describes; raise BadRequest, saying what is wrong with it."""
    mode = str(order.get("mode", "none"))
    if mode not in MODES:
        raise BadRequest(f"mode: {mode!r} is unknown; use one of {', '.join(MODES)}")
    try:
        seconds, count = order.get("seconds"), order.get("count")
        return Switch(
            mode=mode,
            methods=tuple(order.get("methods") or ()),
            people=tuple(order.get("people") or ()),
            left=int(count) if count is not None else None,
            until=now + timedelta(seconds=float(seconds)) if seconds is not None else None,
            error=str(order.get("error", "internal_error")),
            retry_after=int(order.get("retry_after", 1)),
            after=bool(order.get("after")),
            burst=int(order.get("burst", 1)),
        )
    except (TypeError, ValueError) as problem:
        raise BadRequest(f"seconds, count, retry_after and burst are numbers: {problem}") from problem
