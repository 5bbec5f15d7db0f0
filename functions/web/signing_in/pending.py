"""Sign-ins that have begun in a browser and wait for the issuer's answer.

Knows that several may wait at once (two tabs, two incidents), each for ten minutes, and that state, nonce and proof key
follow from an id and our key: the cookie holds none of them. Refuses to know issuers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.oidc.issuer import Asking
from web.seals import Seals, encoded, same

LASTS = timedelta(minutes=10)
MOST = 4
# So that four of them fit into a cookie; whoever wanted to go farther arrives at the start page.
LONGEST_NEXT = 500
PURPOSE = "signing-in"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One that waits: where it leads, and until when it may."""

    id: str
    ends_at: datetime
    next: str

    def asking(self, seals: Seals) -> Asking:
        """Its own secrets."""
        state, nonce, verifier = (encoded(seals.mark(what, self.id)) for what in ("state", "nonce", "verifier"))
        return Asking(self.id, state, nonce, verifier)


def begun(sign_in_id: str, now: datetime, wanted: str) -> SignIn:
    """One that begins now. `sign_in_id` is fresh randomness."""
    return SignIn(sign_in_id, now + LASTS, wanted if len(wanted) <= LONGEST_NEXT else "/")


def waiting(cookie: str, seals: Seals, now: datetime) -> list[SignIn]:
    """Those that wait in this browser; none for a cookie that is not ours."""
    told = seals.opened(PURPOSE, cookie)
    found = [_sign_in(one) for one in told] if isinstance(told, list) else []
    return [one for one in found if one is not None and now < one.ends_at]


def answered(waits: list[SignIn], state: str, seals: Seals) -> tuple[SignIn, Asking] | None:
    """The one that a state belongs to, with its secrets."""
    for one in waits:
        for own in seals.each():
            if same(state, own.mark("state", one.id)):
                return one, one.asking(own)
    return None


def kept(waits: list[SignIn], seals: Seals) -> str:
    """The cookie's value: the latest few; empty for none."""
    told = [[one.id, int(one.ends_at.timestamp()), one.next] for one in waits[-MOST:]]
    return seals.sealed(PURPOSE, told) if told else ""


def _sign_in(told: Any) -> SignIn | None:
    try:
        sign_in_id, ends, wanted = told
        return SignIn(str(sign_in_id), datetime.fromtimestamp(ends, UTC), str(wanted))
    except (ValueError, TypeError, OverflowError, OSError):
        return None
