"""The way in: every request passes here before anything is read.

Knows whether there is a door at all, sessions, form tokens and same-origin, and the addresses at which machines prove
by themselves who they are. Refuses to know pages and issuers. A door that nobody set up is closed.
"""

import re
from urllib.parse import urlsplit

from web import cookies
from web.call import Call
from web.request import Request
from web.sessions import Session
from web.surroundings import Surroundings

OPEN_TO_ALL = re.compile(r"/healthz|/static/[^/]*|/favicon\.ico|/robots\.txt")
# Each of these proves who asks by a signature or by being secret, and reads nothing of anyone.
FOR_MACHINES = re.compile(r"/v1/signals|/v1/changes|/v1/heartbeats/[^/]+/[^/]+")
# Read by programs that cannot sign in, with an address that is a person's own; a browser may come with its session.
FEEDS = re.compile(r"/postmortems\.atom|/integrations/[^/]+\.atom")
SIGN_IN, START, CALLBACK = "/sign-in", "/sign-in/start", "/auth/callback"
# Where somebody without a session may be: the page that asks them in, the way to the issuer, the way back.
AT_THE_DOOR = frozenset({SIGN_IN, START, CALLBACK})


def needs_no_door(request: Request) -> bool:
    """Whether a request is for what everybody may see: that we live, and how pages look."""
    return request.method in {"GET", "HEAD"} and OPEN_TO_ALL.fullmatch(request.path) is not None


def proves_itself(request: Request) -> bool:
    """Whether a request is for one of the addresses of machines, which know no door, session and form."""
    return FOR_MACHINES.fullmatch(request.path) is not None


def is_feed(request: Request) -> bool:
    """Whether a request is for a feed, which asks by itself who reads it."""
    return request.method in {"GET", "HEAD"} and FEEDS.fullmatch(request.path) is not None


def is_at_the_door(request: Request) -> bool:
    """Whether a request is for signing in: such a page shows nothing of anyone."""
    return request.method == "GET" and request.path in AT_THE_DOOR


def door_is_closed(web: Surroundings) -> bool:
    """Whether everyone is refused: nobody said how people sign in and who may, or cookies would travel in the clear."""
    return not web.entry.is_open


def enter(request: Request, web: Surroundings) -> Call:
    """The call with its session, if the cookie proves one."""
    now, signer = web.now(), web.entry.signer()
    cookie = request.cookies.get(cookies.name_of(cookies.SESSION, secure=web.is_https), "")
    session = signer.read(cookie, now)
    changes = request.method == "POST"
    counts = session is not None and web.entry.doorman.lets_in(session, now, changes=changes)
    return Call(request, session if counts else None, signer, web, now)


def may_post(call: Call, session: Session) -> bool:
    """Whether a form was sent from a page of ours: from this site, and with the token of this session."""
    return same_origin(call.request) and call.signer.accepts(call.request.fields.get("token", ""), session)


def same_origin(request: Request) -> bool:
    """Whether the browser says that a page of this site sent it. Callers that say nothing are judged by the token."""
    site = request.headers.get("sec-fetch-site", "")
    if site and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return bool(origin_host(origin)) and origin_host(origin) == request.headers.get("host", "").lower()


def origin_host(origin: str) -> str:
    """The host and port of an http(s) origin; empty for `null` and everything else."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else ""
