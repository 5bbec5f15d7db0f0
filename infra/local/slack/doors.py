"""The doors under `/_local/`: what the page does, and the same doors for tests.

Knows the orders, and the switches that tests throw and the page hides. Refuses to be a second Slack: everything that
changes goes through the same commands, clicks, events and workspace.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from infra.local.slack.clicks import Click, Clicks
from infra.local.slack.commands import Commands
from infra.local.slack.desk import Desk
from infra.local.slack.events import Events
from infra.local.slack.failures import Failures
from infra.local.slack.installed import BOT_SCOPES
from infra.local.slack.oidc.keys import SigningKeys
from infra.local.slack.people import UnfitPerson, person_from
from infra.local.slack.shortcuts import Shortcuts
from infra.local.slack.sights import Sights
from infra.local.slack.submissions import Submissions
from infra.local.slack.wire import BadRequest, Json, Reply, Request, json_response

Act = Callable[[Json], Awaitable[Json]]


@dataclass(frozen=True)
class Parts:
    """What a person can do on the page."""

    desk: Desk
    commands: Commands
    clicks: Clicks
    submissions: Submissions
    shortcuts: Shortcuts
    events: Events


def parts_of(desk: Desk, retry_after_s: tuple[float, ...]) -> Parts:
    """Return everything that one desk needs, wired."""
    events, clicks = Events(desk, retry_after_s), Clicks(desk)
    return Parts(desk, Commands(desk, events), clicks, Submissions(desk), Shortcuts(desk, clicks), events)


@dataclass
class Doors:
    """Every door, with what it needs."""

    parts: Parts
    failures: Failures
    keys: SigningKeys
    sights: Sights

    async def answer(self, request: Request) -> Reply:
        """Answer one request under `/_local/`."""
        door = request.path.removeprefix("/_local/")
        if request.method == "GET":
            return self.sights.answer(door, request)
        act = (self._acts() | self._switches()).get(door)
        if act is None:
            return json_response({"ok": False, "error": "unknown_door"}, 404)
        return json_response({"ok": True, **await act(request.json())})

    def _acts(self) -> dict[str, Act]:
        return {
            "message": self._message,
            "command": self._command,
            "click": self._click,
            "options": self._options,
            "shortcut": self._shortcut,
            "react": self._react,
            "submit": self._submit,
            "close": lambda order: self.parts.submissions.close(_text(order, "user")),
            "home": lambda order: self.parts.events.home_opened(_text(order, "user"), str(order.get("tab") or "home")),
            "read": self._mark_read,
            "dismiss": self._dismiss,
        }

    def _switches(self) -> dict[str, Act]:
        return {
            "people": self._add_people,
            "fail": self._fail,
            "rotate-keys": self._rotate_keys,
            "revoke": lambda order: self.parts.events.revoke(uninstall=bool(order.get("uninstall"))),
            "install": self._install,
            "retry": self._retry,
        }

    async def _message(self, order: Json) -> Json:
        thread_ts = order.get("thread_ts") or None
        return await self.parts.commands.say(_text(order, "user"), _where(order), _text(order, "text"), thread_ts)

    async def _command(self, order: Json) -> Json:
        return await self.parts.commands.command(_text(order, "user"), _where(order), str(order.get("text", "")))

    async def _click(self, order: Json) -> Json:
        value = order.get("value")
        click = Click(
            _text(order, "action_id"),
            str(order.get("block_id") or ""),
            None if value is None else str(value),
            order.get("state"),
        )
        if order.get("ts"):
            return await self.parts.clicks.click(_text(order, "user"), _where(order), str(order["ts"]), click)
        return await self.parts.clicks.click_in_view(_text(order, "user"), click)

    async def _options(self, order: Json) -> Json:
        where = {"channel": _where(order), "ts": str(order["ts"])} if order.get("ts") else {}
        block_id, typed = str(order.get("block_id") or ""), str(order.get("value") or "")
        return await self.parts.shortcuts.options(
            _text(order, "user"), block_id, _text(order, "action_id"), typed, **where
        )

    async def _shortcut(self, order: Json) -> Json:
        user, callback_id = _text(order, "user"), _text(order, "callback_id")
        return await self.parts.shortcuts.use(user, callback_id, _where(order), str(order.get("ts") or ""))

    async def _react(self, order: Json) -> Json:
        user, ts, name = _text(order, "user"), _text(order, "ts"), _text(order, "name").strip(":")
        return await self.parts.events.react(user, _where(order), ts, name, away=bool(order.get("away")))

    async def _submit(self, order: Json) -> Json:
        return await self.parts.submissions.submit(_text(order, "user"), order.get("values") or {})

    async def _mark_read(self, order: Json) -> Json:
        desk = self.parts.desk
        person, channel = desk.who_and_where(_text(order, "user"), _where(order))
        if desk.workspace.store.mark_read(person.id, channel.id, _text(order, "ts")):
            desk.workspace.touch()
        return {}

    async def _dismiss(self, order: Json) -> Json:
        desk = self.parts.desk
        person, channel = desk.who_and_where(_text(order, "user"), _where(order))
        message = desk.workspace.store.message(channel.id, _text(order, "ts"))
        if message and message.ephemeral_to == person.id:
            desk.workspace.delete(message)
        return {}

    async def _add_people(self, order: Json) -> Json:
        workspace = self.parts.desk.workspace
        rows = order.get("people") or [order]
        try:
            people = [person_from(row) for row in rows]
        except (UnfitPerson, AttributeError) as problem:
            raise BadRequest(str(problem)) from problem
        gone = {person.id for person in workspace.people() if person.deleted}
        for person, row in zip(people, rows, strict=True):
            # Whoever was deactivated stays so until somebody says otherwise, as in a real workspace.
            stays = "deleted" not in row and person.id in gone
            workspace.add_person(replace(person, deleted=True) if stays else person)
        return {"people": [person.id for person in people]}

    async def _fail(self, order: Json) -> Json:
        thrown = self.failures.throw(order, self.parts.desk.workspace.clock())
        self.parts.desk.workspace.touch()
        return {"fail": thrown}

    async def _rotate_keys(self, order: Json) -> Json:
        return {"kid": self.keys.rotate(forget=bool(order.get("forget")))}

    async def _install(self, order: Json) -> Json:
        """Install the app again, or with other scopes: `without` takes some of the granted ones away."""
        grant = self.parts.desk.grant
        grant.dead = ""
        grant.scopes = frozenset(order.get("scopes") or BOT_SCOPES) - frozenset(order.get("without") or ())
        self.parts.desk.workspace.touch()
        return {"scopes": sorted(grant.scopes)}

    async def _retry(self, _order: Json) -> Json:
        return {"waiting": self.parts.events.hurry()}


def _text(order: Json, key: str) -> str:
    value = order.get(key)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{key}: missing; give it as text")
    return value


def _where(order: Json) -> str:
    return str(order.get("channel") or "")
