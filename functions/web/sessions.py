"""Sessions and form tokens: sealed values that a browser brings back.

Knows how long a session lives: not longer than half a day, and not two hours without a sign of life. Pure: the clock,
the seals and the randomness are handed in. Refuses to know where keys are kept, who may sign in, and which sessions
were ended early. A cookie that is not exactly ours is no cookie.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.domain.ended_sessions import LONGEST
from deadair.domain.ownership import Person
from web.seals import Seals, encoded, same

LASTS = LONGEST
IDLE = timedelta(hours=2)
# A sign of life is written into the cookie again when the last one is so old.
SEEN_AGAIN = timedelta(minutes=5)
AHEAD = timedelta(minutes=2)
SESSION, FORM = "session", "form"


@dataclass(frozen=True, slots=True)
class Session:
    """A person in a browser. `id` is new whenever somebody signs in."""

    id: str
    began_at: datetime
    seen_at: datetime
    person: Person

    @property
    def who(self) -> str:
        """Whose it is, in one word: by this all sessions of a person are found."""
        return self.person.slack_id or self.person.email.strip().casefold()

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over, or has not begun."""
        lives = -AHEAD <= now - self.began_at < LASTS and -AHEAD <= now - self.seen_at < IDLE
        return not lives


class Signer(Seals):
    """Seals and reads sessions."""

    __slots__ = ()

    def seal(self, session: Session) -> str:
        """The cookie's value."""
        person = session.person
        told = [person.name, person.email, person.slack_id]
        return self.sealed(SESSION, [session.id, milliseconds(session.began_at), milliseconds(session.seen_at), told])

    def read(self, cookie: str, now: datetime) -> Session | None:
        """The session that a cookie's value stands for; None when it is forged, broken or over."""
        session = _session(self.opened(SESSION, cookie))
        return None if session is None or session.is_over(now) else session

    def again(self, session: Session, now: datetime) -> str:
        """The cookie's value with a new sign of life; empty while the last one is fresh enough."""
        return self.seal(replace(session, seen_at=now)) if now - session.seen_at >= SEEN_AGAIN else ""

    def token(self, session: Session) -> str:
        """The token that every form of this session carries."""
        return encoded(self.mark(FORM, session.id))

    def accepts(self, token: str, session: Session) -> bool:
        """Whether a form came from a page of this session."""
        return any(same(token, seals.mark(FORM, session.id)) for seals in self.each())


def new_session(sid: str, now: datetime, person: Person) -> Session:
    """A session that begins now. `sid` is fresh randomness, never one that a browser brought."""
    return Session(sid, now, now, person)


def _session(told: Any) -> Session | None:
    try:
        sid, began, seen, (name, email, slack_id) = told
        return Session(str(sid), instant(began), instant(seen), Person(str(name), str(email), str(slack_id)))
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def milliseconds(at: datetime) -> int:
    """An instant as it stands in what is sealed."""
    return int(at.timestamp() * 1000)


def instant(ms: int) -> datetime:
    """The instant that was sealed. Raises ValueError, TypeError, OverflowError or OSError for what is none."""
    return datetime.fromtimestamp(ms / 1000, UTC)
