"""The addresses that machines use, from request to answer: signals, changes, heartbeats.

Knows methods, the order of the checks and the answers. Nothing here has a session, a form or a page, and nothing that
was sent is logged: a heartbeat's address is its secret.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import NotFound, NotGenuine, Unavailable
from deadair.domain.sent_signal import SentSignal, counted
from deadair.domain.signal_signature import HEADER
from deadair.usecases.accept_signals import Accepted
from web import responses
from web.request import BODY_LIMIT, Request
from web.signals.body import CHANGES, SIGNALS, Sort, integration_in, parts_in, read_json
from web.signals.refused import Refused, answer_to
from web.surroundings import Surroundings

logger = logging.getLogger("deadair.signals")

SIGNALS_PATH, CHANGES_PATH = "/v1/signals", "/v1/changes"
RETRY_AFTER_S = "10"


def respond(request: Request, web: Surroundings) -> Response[Any]:
    """Answer a request to one of these addresses."""
    takes = ("POST",) if request.path in TAKEN else ("GET", "POST")
    if request.method == "OPTIONS":
        return responses.answer(204, "", responses.JSON, allow=", ".join(("OPTIONS", *takes)))
    try:
        return _taken(request, web, takes)
    except Refused as refused:
        return answer_to(refused)


def _taken(request: Request, web: Surroundings, takes: tuple[str, ...]) -> Response[Any]:
    if request.method not in takes:
        # HEAD is what looks at links without following them: it must not count as a heartbeat.
        told = f"{request.method} does nothing here."
        raise Refused(405, "method", told, remedy=f"Use {' or '.join(takes)}.", allow=", ".join(takes))
    try:
        accepted = TAKEN.get(request.path, _heartbeat)(request, web)
    except NotGenuine as unproven:
        raise _as(401, "not_genuine", unproven) from unproven
    except NotFound as missing:
        raise _as(404, "not_found", missing) from missing
    except (Unavailable, BotoCoreError, ClientError) as silent:
        logger.exception("nothing taken")
        message = "A neighbour of ours does not answer; nothing was taken."
        remedy = "Send the same request again in a while."
        raise Refused(503, "unavailable", message, remedy=remedy, retry_after=RETRY_AFTER_S) from silent
    return responses.data(accepted, 202)


def _signals(request: Request, web: Surroundings) -> dict[str, int]:
    proven = _proven(request, web, SIGNALS)
    # Pydantic is imported with this: whoever cannot sign does not make us pay for it.
    from web.signals.reading import read_signals

    signals = read_signals(proven.placed, proven.slug, sent_s=proven.sent_s, now=proven.now)
    taken = web.signal_desk.accept(proven.slug, signals)
    logger.info("signals taken", extra={"integration": proven.slug, "accepted": taken.accepted, "empty": taken.empty})
    return _told(taken)


def _changes(request: Request, web: Surroundings) -> dict[str, int]:
    proven = _proven(request, web, CHANGES)
    from deadair.usecases.accept_changes import accept_changes
    from web.changes.reading import read_changes

    changes = read_changes(proven.placed, proven.slug, sent_s=proven.sent_s, now=proven.now)
    taken = accept_changes(web.change_queue, changes)
    logger.info("changes taken", extra={"integration": proven.slug, "accepted": taken.accepted})
    return {"accepted": taken.accepted, "repeated": taken.repeated}


@dataclass(frozen=True, slots=True)
class Proven:
    """The parts of a genuine body, each with its place, of one integration."""

    placed: list[tuple[str, Any]]
    slug: str
    sent_s: int
    now: datetime


def _proven(request: Request, web: Surroundings, sort: Sort) -> Proven:
    """What is in the body, when it is signed with the key of the integration that it is about."""
    _readable(request)
    placed = parts_in(read_json(request.body), sort)
    slug = integration_in(placed, sort)
    now = web.now()
    claimed = web.signal_desk.prove(slug, request.headers.get(HEADER.lower(), ""), request.body, now)
    return Proven(placed, slug, claimed.sent_s, now)


def _readable(request: Request) -> None:
    """Refuse what is too big, or was packed in a way that the signature does not cover."""
    if request.too_big and len(request.body) > BODY_LIMIT:
        much = f"The body has {len(request.body)} bytes."
        raise Refused(413, "too_big", much, remedy=f"Send at most {BODY_LIMIT} bytes at once.")
    if request.too_big:
        raise Refused(400, "not_json", "The body or the query cannot be read.", remedy="Send JSON as UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise Refused(415, "packed", "The body is compressed.", field="Content-Encoding", remedy="Send it as it is.")


def _heartbeat(request: Request, web: Surroundings) -> dict[str, int]:
    """One run went well, and that is all that is known of it."""
    _, _, _, slug, token = request.path.split("/", 4)
    web.signal_desk.prove_heartbeat(slug, token)
    records, errors = counted(ok=True, records=None, errors=None)
    beat = SentSignal(web.fresh_id(), web.now(), ok=True, records=records, errors=errors)
    web.signal_desk.accept(slug, [beat])
    logger.info("heartbeat taken", extra={"integration": slug})
    return {"accepted": 1}


TAKEN = {SIGNALS_PATH: _signals, CHANGES_PATH: _changes}


def _told(taken: Accepted) -> dict[str, int]:
    return {"accepted": taken.accepted, "repeated": taken.repeated, "empty_successes": taken.empty}


def _as(status: int, code: str, refusal: NotGenuine | NotFound) -> Refused:
    return Refused(status, code, refusal.message, field=refusal.field, remedy=refusal.remedy)
