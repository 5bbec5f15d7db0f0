"""One request, from event to answer: read it, keep the door, find the page, say what went wrong.

Knows the order of these steps. Refuses to know any page. Whatever happens, an answer with all headers comes out.
"""

import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.alarm import shown
from deadair.domain.errors import Refusal, Unavailable
from deadair.telemetry import speak
from web import addresses, gate, responses
from web.call import Call, render
from web.pages.plain import open_to_all
from web.refusals import status_of
from web.request import Request, read_request
from web.routes import resolver
from web.surroundings import Surroundings

logger = speak("web")
METHODS = ("GET", "HEAD", "POST")
PATH_LOGGED = 100


def respond(event: Mapping[str, Any], context: Any, web: Surroundings) -> dict[str, Any]:
    """The answer to an event, in the shape that an HTTP API wants."""
    request = read_request(event)
    try:
        response = _answer(request, context, web)
    except (Unavailable, BotoCoreError, ClientError):
        response = _trouble(request, 503)
    except Exception:  # noqa: BLE001 - the last stop: whatever it was, the caller gets a reference and no detail
        response = _trouble(request, 500)
    return _wire(response, without_body=request.method == "HEAD", https=web.is_https)


def _answer(request: Request, context: Any, web: Surroundings) -> Response[Any]:
    if gate.proves_itself(request):
        from web.signals import door  # pages do not pay for it

        return door.respond(request, web)
    if request.method not in METHODS:
        return responses.answer(405, "", responses.TEXT, allow=", ".join(METHODS))
    if gate.needs_no_door(request):
        return open_to_all(request)
    if gate.door_is_closed(web) or request.too_big:
        return _stop(request, 413, "too_big") if web.entry.is_open else _stop(request, 403, "closed")
    call = gate.enter(request, web)
    if gate.is_feed(request):
        return _feed(call)
    return _refused_at_the_gate(call) or _with_a_sign_of_life(call, _page(call, context))


def _feed(call: Call) -> Response[Any]:
    """A feed, for a program that cannot read pages."""
    from web.feeds import door  # pages do not pay for it

    try:
        return door.respond(call)
    except Refusal as refusal:
        return responses.plain(f"{refusal.message}\n", status_of(refusal))


def _refused_at_the_gate(call: Call) -> Response[Any] | None:
    """Why a request may not go on: nobody signed in, or a form that is not from a page of ours."""
    request, session = call.request, call.session
    if request.method == "HEAD" and request.path in gate.AT_THE_DOOR:
        return responses.answer(405, "", responses.TEXT, allow="GET")  # to look is not to sign in
    if request.method == "POST" and (session is None or not gate.may_post(call, session)):
        return _stop(request, 403, "form" if session else "signed_out")
    if session is not None or gate.is_at_the_door(request):
        return None
    if request.form != "html" or request.path.startswith("/v1/"):
        return _stop(request, 401, "signed_out")
    wanted = addresses.local_path(addresses.with_query(request.path, **_plain_query(request)))
    return responses.see_other(addresses.with_query(gate.SIGN_IN, next="" if wanted == "/" else wanted))


def _with_a_sign_of_life(call: Call, response: Response[Any]) -> Response[Any]:
    """The answer, with the session's cookie anew when its last sign of life is some minutes old."""
    if call.session is None or responses.SET_COOKIE in response.headers:
        return response
    again = call.signer.again(call.session, call.now)
    return responses.set_cookies(response, call.session_cookie(again)) if again else response


def _plain_query(request: Request) -> dict[str, str]:
    """The query to come back with; what is not a plain name is left behind, and so is `next`."""
    return {
        name: value for name, value in request.query.items() if name.isidentifier() and name not in {"next", "path"}
    }


def _page(call: Call, context: Any) -> Response[Any]:
    try:
        return _routed(call, context)
    except Refusal as refusal:
        status = status_of(refusal)
        if call.request.form != "html":
            told = {"message": refusal.message, "field": refusal.field, "remedy": refusal.remedy}
            return responses.data({"error": told}, status)
        return call.page("refusal.html", {"refusal": refusal, "status": status}, status)


def _routed(call: Call, context: Any) -> Response[Any]:
    """Let the resolver find the page. It gets a bare event: the call has read the real one already."""
    answers: list[Response[Any]] = []
    app = _app()
    app.context.update(call=call, answers=answers)
    method = "GET" if call.request.method == "HEAD" else call.request.method
    app.resolve(_bare_event(method, call.request.path), context)
    return answers[0]


def _bare_event(method: str, path: str) -> dict[str, Any]:
    http = {"method": method, "path": path}
    return {"version": "2.0", "rawPath": path, "headers": {}, "requestContext": {"stage": "$default", "http": http}}


@cache
def _app() -> APIGatewayHttpResolver:
    return resolver()


def _stop(request: Request, status: int, why: str) -> Response[Any]:
    """An answer from before any page: nothing was read for it. Why is said to the log, without a secret."""
    told = {"why": why, "status": status, "method": request.method, "path": shown(request.path, limit=PATH_LOGGED)}
    logger.warning("refused", extra=told)
    if request.form != "html" or request.path.startswith("/v1/"):
        return responses.data({"error": {"code": why}}, status)
    return responses.page(render("stop.html", {"why": why, "status": status, "reference": ""}), status)


def _trouble(request: Request, status: int) -> Response[Any]:
    """Something of ours failed: a short reference for the caller, the rest for the log."""
    reference = secrets.token_hex(4)
    told = {"reference": reference, "method": request.method, "status": status}
    logger.exception("request failed", extra=told)  # noqa: LOG004 - called from the except blocks above only
    if request.form != "html" or request.path.startswith("/v1/"):
        return responses.data({"error": {"code": "trouble", "reference": reference}}, status)
    return responses.page(render("stop.html", {"why": "trouble", "status": status, "reference": reference}), status)


def _wire(response: Response[Any], *, without_body: bool, https: bool) -> dict[str, Any]:
    """The answer as payload format 2.0. Cookies have a field of their own there."""
    cookies = response.headers.pop(responses.SET_COOKIE, [])
    headers = {name: str(value) for name, value in response.headers.items()} | (responses.HTTPS_ONLY if https else {})
    headers.setdefault("Content-Type", response.content_type or responses.TEXT)
    wired: dict[str, Any] = {
        "statusCode": response.status_code,
        "headers": headers,
        "body": "" if without_body else str(response.body or ""),
        "isBase64Encoded": False,
    }
    return {**wired, "cookies": cookies} if cookies else wired
