"""The way in: every request passes here before anything is read.

Knows the door, sessions, form tokens and same-origin, and the addresses at which machines prove by themselves who
they are. Refuses to know pages. A door it does not know is closed.
"""

import re
from urllib.parse import urlsplit

from web.call import Call
from web.request import Request
from web.sessions import COOKIE, Session, Signer, new_session
from web.surroundings import Surroundings

OPEN_TO_ALL = re.compile(r"/healthz|/static/[^/]*|/favicon\.ico|/robots\.txt")
# Each of these proves who asks by a signature or by being secret, and reads nothing of anyone.
FOR_MACHINES = re.compile(r"/v1/signals|/v1/changes|/v1/heartbeats/[^/]+/[^/]+")
SIGN_IN = "/sign-in"
LOCAL = "local"


def needs_no_door(request: Request) -> bool:
    """Whether a request is for what everybody may see: that we live, and how pages look."""
    return request.method in {"GET", "HEAD"} and OPEN_TO_ALL.fullmatch(request.path) is not None


def proves_itself(request: Request) -> bool:
    """Whether a request is for one of the addresses of machines, which know no door, session and form."""
    return FOR_MACHINES.fullmatch(request.path) is not None


def door_is_closed(web: Surroundings) -> bool:
    """Whether everyone is refused. Only the exact word `local` opens the door, on one machine."""
    return web.settings.door != LOCAL


def enter(request: Request, web: Surroundings) -> Call:
    """The call with its session: the one that the cookie proves, else a new one of nobody."""
    now, signer = web.now(), web.signer()
    return Call(request, session_of(request, signer, web), signer, web, now)


def session_of(request: Request, signer: Signer, web: Surroundings) -> Session:
    """The session of the cookie; a forged, broken or old cookie is as good as none."""
    known = signer.read(request.cookies.get(COOKIE, ""), web.now())
    return known or new_session(web.fresh_id(), web.now())


def may_post(call: Call) -> bool:
    """Whether a form was sent from a page of ours: from this site, and with the token of this session."""
    return same_origin(call.request) and call.signer.accepts(call.request.fields.get("token", ""), call.session)


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


def is_https(web: Surroundings) -> bool:
    """Whether browsers reach us over https, by the address that the room was told: never by a header."""
    return web.settings.web_url.lower().startswith("https://")
