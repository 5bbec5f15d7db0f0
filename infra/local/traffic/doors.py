"""The doors of the traffic: a small HTTP server on this machine, for `deadair local` in another terminal.

`GET /traffic` says what is played; `POST /plan`, `/break` and `/mend` take `{"slug", "how", "from_now", "anyway"}`. A
refusal is a 409 with `message` and `remedy`. Only JSON is taken, so that no page in a browser can break anything.
"""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.ports import HOST
from infra.local.traffic import plans
from infra.local.traffic.how import How
from infra.local.traffic.plans import Plan, Refused
from infra.local.traffic.player import Player
from infra.local.traffic.rhythm import Rhythm
from infra.local.traffic.surroundings import Json, NotTaken, Surroundings

_BIGGEST = 10_000


class Desk:
    """What one may ask of the traffic."""

    def __init__(self, stack: Surroundings, player: Player) -> None:
        self._stack, self._player = stack, player

    def traffic(self) -> Json:
        """Every integration that is played, and how it is."""
        now = datetime.now(UTC)
        self._player.look(now.timestamp())
        found = [self._told(rhythm, now) for rhythm in list(self._player.rhythms.values())]
        return {
            "everyone": self._player.everyone,
            "registered": sum(bool(row.row.get("expected")) for row in self._player.registered.values()),
            "integrations": sorted(found, key=lambda one: str(one["slug"])),
        }

    def _told(self, rhythm: Rhythm, now: datetime) -> Json:
        rate = rhythm.expectation.per_hour(now) if rhythm.expectation else 0.0
        broken = self._player.memory.broken.get(rhythm.slug)
        return {
            "slug": rhythm.slug,
            "name": rhythm.integration.name,
            "owner": rhythm.integration.owner.name,
            "per_hour": rate,
            "how": broken.how.value if broken else None,
            "since": datetime.fromtimestamp(broken.since, UTC).isoformat() if broken else None,
            "minute": self._player.memory.played.get(rhythm.slug),
        }

    def plan(self, slug: str, how: How, *, from_now: bool, anyway: bool) -> Plan:
        """What breaking would do. Raises Refused."""
        rhythm, now = self._rhythm(slug), datetime.now(UTC)
        if known := self._player.memory.broken.get(slug):
            raise Refused(f"{rhythm.slug} is broken already ({known.how.value}).", f"deadair local mend {slug}")
        try:
            return plans.breaking(rhythm, self._stack.watches(rhythm.integration, now), how, now, from_now=from_now)
        except Refused as refusal:
            if not (anyway and refusal.unnoticed):
                raise self._with_others(refusal, now) from None
            return plans.unnoticed(rhythm, how, now)

    def _with_others(self, refusal: Refused, now: datetime) -> Refused:
        others = ", ".join(plans.expected_now(self._player.rhythms.values(), now))
        remedy = refusal.remedy or (f"Expected now: {others}." if others else "")
        return Refused(str(refusal), remedy, unnoticed=refusal.unnoticed)

    def break_(self, slug: str, how: How, *, from_now: bool, anyway: bool) -> Plan:
        """Break it. Raises Refused or NotTaken."""
        plan = self.plan(slug, how, from_now=from_now, anyway=anyway)
        self._player.change(slug, how, plan.since, plan.step)
        return plan

    def mend(self, slug: str) -> Plan:
        """Mend it. Raises Refused or NotTaken."""
        rhythm, now = self._rhythm(slug), datetime.now(UTC)
        broken = self._player.memory.broken.get(slug)
        if broken is None:
            raise Refused(f"{slug} is not broken.", "deadair local traffic shows who is.")
        plan = plans.mending(rhythm, self._stack.watches(rhythm.integration, now), broken, now)
        self._player.change(slug, None, plan.since, plan.step)
        return plan

    def _rhythm(self, slug: str) -> Rhythm:
        rhythm = self._player.play(slug)
        if rhythm is None:
            raise plans.missing(slug, self._player.registered)
        return rhythm


class Doors:
    """The server; `address` is where it listens."""

    def __init__(self, desk: Desk) -> None:
        self._server = ThreadingHTTPServer((HOST, 0), type("Handler", (_Handler,), {"desk": desk}))
        self._server.daemon_threads = True
        self.address = f"http://{HOST}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="traffic-doors", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    desk: Desk

    def do_GET(self) -> None:
        """What is played."""
        if self.path == "/traffic":
            self._answer(200, self.desk.traffic())
        else:
            self._answer(404, {"message": "There is no such door."})

    def do_POST(self) -> None:
        """Something to do, or to say what it would do."""
        try:
            self._answer(200, _done(self.desk, self.path, self._order()))
        except Refused as refusal:
            self._refuse(409, str(refusal), refusal.remedy, unnoticed=refusal.unnoticed)
        except (KeyError, TypeError, ValueError) as odd:
            self._refuse(400, f"Not understood: {odd}.", "")
        except NotTaken as busy:
            self._refuse(503, f"The stack does not answer: {busy}", "The traffic goes on as soon as it does.")

    def _refuse(self, status: int, message: str, remedy: str, *, unnoticed: bool = False) -> None:
        self._answer(status, {"message": message, "remedy": remedy, "unnoticed": unnoticed})

    def _order(self) -> Json:
        if self.headers.get_content_type() != "application/json":
            raise ValueError("the body must be application/json")
        length = int(self.headers.get("content-length", "0"))
        order: Any = json.loads(self.rfile.read(min(length, _BIGGEST)))
        return dict(order)

    def _answer(self, status: int, body: Json) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's own name
        """Traffic makes no noise."""


def _done(desk: Desk, path: str, order: Json) -> Json:
    slug = str(order["slug"])
    if path == "/mend":
        return desk.mend(slug).dump()
    if path not in {"/plan", "/break"}:
        raise ValueError(f"there is no door {path}")
    act = desk.plan if path == "/plan" else desk.break_
    wanted = {"from_now": bool(order.get("from_now")), "anyway": bool(order.get("anyway"))}
    return act(slug, How(str(order["how"])), **wanted).dump()
