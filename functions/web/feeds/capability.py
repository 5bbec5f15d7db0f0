"""The secret part of a person's own feed address.

Knows that it is sealed with the key of the sessions, for this one purpose, and as of when. Refuses to know whether its
person still may: whoever takes it asks the doorman, as for a session that began then. So it ends when they sign out
everywhere, or are no member any more.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from deadair.domain.ownership import Person
from web import addresses
from web.seals import Seals
from web.sessions import Session, instant, milliseconds

FEED = "feed"
KEY = "key"
# What the doorman is told instead of a session's id, which nobody can sign out of alone.
NO_SESSION = ""


def feed_address(path: str, session: Session, seals: Seals) -> str:
    """A feed's address for the person of a session: the same for as long as it lasts."""
    told = [session.person.slack_id, session.person.email, milliseconds(session.began_at)]
    return addresses.with_query(path, **{KEY: seals.sealed(FEED, told)})


def whose(key: str, seals: Seals, now: datetime) -> Session | None:
    """Whom a key stands for, as a session that began when it was made; None for whatever is not exactly ours."""
    made = _session(seals.opened(FEED, key))
    return replace(made, seen_at=now) if made else None


def _session(told: Any) -> Session | None:
    try:
        slack_id, email, began = told
        at = instant(began)
        return Session(NO_SESSION, at, at, Person("", str(email), str(slack_id)))
    except (ValueError, TypeError, OverflowError, OSError):
        return None
