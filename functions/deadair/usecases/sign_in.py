"""Somebody comes to the web's door with what their issuer gave them.

Knows the order: the issuer proves who it is, the house says whether they may come in, Slack whether they still work
here; and each sign-in takes effect once. Refuses to know cookies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.web_sessions import WebSessions
from deadair.adapters.oidc.issuer import Asking, Issuer
from deadair.domain.admission import Admission
from deadair.domain.errors import NotAllowed
from deadair.domain.ownership import Person


@dataclass(frozen=True, slots=True)
class Door:
    """Whom it asks, and by what it judges. `why_out`: why Slack's word keeps a person out, or nothing."""

    issuer: Issuer
    admission: Admission
    sessions: WebSessions
    why_out: Callable[[Person, datetime], str]


def sign_in(door: Door, asking: Asking, code: str, *, now: datetime, by: str = "") -> Person:
    """The person who may come in. `by`: the issuer that the answer with the code names; empty: none.

    Raises NotGenuine, NotAllowed or Unavailable.
    """
    claims = door.issuer.who(code, asking, door.admission.wants_more, now, by=by)
    person = door.admission.admit(claims)
    if why := door.why_out(person, now):
        raise NotAllowed("Slack says that this person is no member.", field=why)
    door.sessions.use(asking.id, now)
    return person
