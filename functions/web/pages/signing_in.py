"""Signing in and out: the page that asks people in, the way to the issuer and back, and two ways out.

Knows which page tells what went wrong, in calm words: whatever it was, nothing was opened, and there is a way on.
Refuses to judge: what proves who somebody is, is the issuer's and `sign_in`'s.
"""

import logging
import secrets
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import NotAllowed, NotGenuine, Unavailable
from deadair.domain.ownership import Person
from deadair.domain.standing_in import known_as
from web import addresses, cookies, gate, responses
from web.call import Call
from web.sessions import new_session
from web.signing_in import pending
from web.views.issuers import name_of

logger = logging.getLogger("deadair.web.door")
NOT_MEMBERS = frozenset({"gone", "guest"})
STATUSES = {"over": 400, "cancelled": 400, "down": 503, "set_up": 503} | dict.fromkeys(
    {"unproved", "not_allowed", *NOT_MEMBERS}, 403
)


def form(call: Call) -> Response[Any]:
    """The page that asks people in; whoever is in already goes where they wanted."""
    wanted = addresses.local_path(call.request.query.get("next", ""))
    if call.session is not None:
        return responses.see_other(wanted)
    values = {
        "start": _start(wanted),
        "issuer": name_of(call.web.settings.oidc_issuer),
        "next": "" if wanted == "/" else wanted,
        "done": call.request.query.get("done", ""),
    }
    return call.page("sign_in.html", values)


def start(call: Call) -> Response[Any]:
    """Go to the issuer. What ties its answer to this browser waits in a cookie."""
    wanted = addresses.local_path(call.request.query.get("next", ""))
    begun = pending.begun(call.web.fresh_id(), call.now, wanted)
    try:
        where = call.web.entry.door.issuer.where(begun.asking(call.signer))
    except Unavailable as failed:
        return _not_in(call, _why(failed), wanted, failed)
    return _waiting(call, responses.elsewhere(where), [*_waits(call), begun])


def callback(call: Call) -> Response[Any]:
    """Come back from the issuer: a new session, and on to where the person wanted to go."""
    waits = _waits(call)
    found = pending.answered(waits, call.request.query.get("state", ""), call.signer)
    if found is None:
        return responses.see_other("/") if call.session else _not_in(call, "over", "/")
    waited, asking = found
    left = [one for one in waits if one is not waited]
    if "error" in call.request.query:
        denied = call.request.query["error"] == "access_denied"
        return _waiting(call, _not_in(call, "cancelled" if denied else "unproved", waited.next), left)
    # Signing in is the only page that needs a proof: cryptography comes with it.
    from deadair.usecases.sign_in import sign_in

    code, by = call.request.query.get("code", ""), call.request.query.get("iss", "")
    try:
        person = sign_in(call.web.entry.door, asking, code, now=call.now, by=by)
    except (NotGenuine, NotAllowed, Unavailable) as failed:
        return _waiting(call, _failed(call, failed, waited.next), left)
    return _waiting(call, _come_in(call, person, waited.next), left)


def sign_out(call: Call) -> Response[Any]:
    """End this session: here, and for whoever has a copy of the cookie."""
    if call.session is not None:
        ended = call.web.entry.sessions.end(call.session.who, call.session.id, call.now)
        call.web.entry.doorman.learn(call.session.who, ended)
    return _out(call, "out")


def sign_out_everywhere(call: Call) -> Response[Any]:
    """End every session of this person, in every browser."""
    if call.session is not None:
        ended = call.web.entry.sessions.end_all(call.session.who, call.now)
        call.web.entry.doorman.learn(call.session.who, ended)
    return _out(call, "everywhere")


def _come_in(call: Call, proved: Person, wanted: str) -> Response[Any]:
    if call.session is not None:
        # The new session takes its place; a copy of its cookie is worth nothing any more.
        call.web.entry.doorman.learn(
            call.session.who, call.web.entry.sessions.end(call.session.who, call.session.id, call.now)
        )
    person = _as_registered(call, proved)
    session = new_session(call.web.fresh_id(), call.now, person)
    logger.info("signed in", extra={"slack_id": person.slack_id})
    response = responses.see_other(addresses.local_path(wanted))
    return responses.set_cookies(response, call.session_cookie(call.signer.seal(session)))


def _as_registered(call: Call, person: Person) -> Person:
    """Under the name that the registry has for them. A registry that does not answer keeps nobody out.

    The address stays that of the proof: it says who is an administrator, and a row may hold a wrong id.
    """
    try:
        known = known_as(person, call.web.registry.rows())
        return replace(known, email=person.email or known.email)
    except (BotoCoreError, ClientError):
        return person


def _failed(call: Call, failed: NotGenuine | NotAllowed | Unavailable, wanted: str) -> Response[Any]:
    """A code that was used before is no news for whoever is in: they pressed twice."""
    why = _why(failed)
    if why == "over" and call.session is not None:
        return responses.see_other(addresses.local_path(wanted))
    return _not_in(call, why, wanted, failed)


def _why(failed: NotGenuine | NotAllowed | Unavailable) -> str:
    from deadair.adapters.oidc.errors import Misconfigured

    if isinstance(failed, NotAllowed):
        return failed.field if failed.field in NOT_MEMBERS else "not_allowed"
    if isinstance(failed, NotGenuine):
        return "over" if failed.message == "code" or failed.field == "used" else "unproved"
    return "set_up" if isinstance(failed, Misconfigured) else "down"


def _not_in(call: Call, why: str, wanted: str, failed: Exception | None = None) -> Response[Any]:
    """A page that says what happened, and the way on. The log has the reason, and no value of anybody's."""
    reference = secrets.token_hex(4)
    logger.warning("not signed in", extra={"why": why, "reason": str(failed or ""), "reference": reference})
    if call.wants_json:
        return responses.data({"error": {"code": why, "reference": reference}}, STATUSES[why])
    values = {
        "why": why,
        "status": STATUSES[why],
        "start": _start(wanted),
        "issuer": name_of(call.web.settings.oidc_issuer),
        "reference": reference,
    }
    return call.page("not_signed_in.html", values, STATUSES[why])


def _start(wanted: str) -> str:
    return addresses.with_query(gate.START, next="" if wanted == "/" else wanted)


def _out(call: Call, done: str) -> Response[Any]:
    response = responses.see_other(addresses.with_query(gate.SIGN_IN, done=done))
    return responses.set_cookies(response, call.session_cookie(""))


def _waits(call: Call) -> list[pending.SignIn]:
    name = cookies.name_of(cookies.SIGNING_IN, secure=call.web.is_https)
    return pending.waiting(call.request.cookies.get(name, ""), call.signer, call.now)


def _waiting(call: Call, response: Response[Any], waits: list[pending.SignIn]) -> Response[Any]:
    """The answer, with the sign-ins that still wait in this browser."""
    value = pending.kept(waits, call.signer)
    line = cookies.set_cookie(cookies.SIGNING_IN, value, secure=call.web.is_https, lasts=pending.LASTS)
    return responses.set_cookies(response, line)
