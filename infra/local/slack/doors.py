"""The doors under `/_local/`: what the page uses, and the same doors for tests.

Knows what the page shows to one person, and the switches and the full state that only tests want. Refuses to be a
second Slack: everything that changes goes through the same commands, clicks and workspace.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass, replace

from infra.local.slack.channels import CHANNELS
from infra.local.slack.clicks import Click, Clicks
from infra.local.slack.commands import COMMAND, Commands
from infra.local.slack.desk import Desk
from infra.local.slack.failures import Failures
from infra.local.slack.oidc.keys import SigningKeys
from infra.local.slack.people import BOT, SLACKBOT, TEAM_ID, TEAM_NAME, UnfitPerson, person_from
from infra.local.slack.shapes import message_object
from infra.local.slack.store import Message
from infra.local.slack.wire import BadRequest, EventStream, Json, Reply, Request, json_response

MOST_SHOWN = 300
HEARTBEAT_SECONDS = 15.0
HINT = "[help · list · show · ack · note · mitigate · resolve · reopen · assign · timeline · pm · search · who]"
COMMANDS = [{"command": COMMAND, "usage_hint": HINT, "description": "See and work your incidents"}]


@dataclass
class Doors:
    """Every door, with what it needs."""

    desk: Desk
    commands: Commands
    clicks: Clicks
    failures: Failures
    keys: SigningKeys
    calls: dict[str, int]

    async def answer(self, request: Request) -> Reply:
        """Answer one request under `/_local/`."""
        door = request.path.removeprefix("/_local/")
        if request.method == "GET":
            return self._read(door, request)
        act = self._acts().get(door)
        if act is None:
            return json_response({"ok": False, "error": "unknown_door"}, 404)
        return json_response({"ok": True, **await act(request.json())})

    def _read(self, door: str, request: Request) -> Reply:
        user, channel = request.query.get("user", ""), request.query.get("channel", "")
        if door == "session":
            return json_response(self.session())
        if door == "view":
            return json_response(self.view(user, channel))
        if door == "events":
            return EventStream(self._events())
        if door == "state":
            return json_response(self.state())
        return json_response({"ok": False, "error": "unknown_door"}, 404)

    def _acts(self) -> dict[str, Callable[[Json], Awaitable[Json]]]:
        return {
            "message": self._message,
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "close": lambda order: self.clicks.close(_text(order, "user")),
            "home": lambda order: self.clicks.home_opened(_text(order, "user")),
            "read": self._mark_read,
            "dismiss": self._dismiss,
            "people": self._add_people,
            "fail": self._fail,
            "rotate-keys": self._rotate_keys,
        }

    async def _message(self, order: Json) -> Json:
        thread_ts = order.get("thread_ts") or None
        return await self.commands.say(_text(order, "user"), _where(order), _text(order, "text"), thread_ts)

    async def _command(self, order: Json) -> Json:
        return await self.commands.command(_text(order, "user"), _where(order), str(order.get("text", "")))

    async def _click(self, order: Json) -> Json:
        value = order.get("value")
        click = Click(
            _text(order, "action_id"),
            str(order.get("block_id") or ""),
            None if value is None else str(value),
            order.get("state"),
        )
        if order.get("ts"):
            return await self.clicks.click(_text(order, "user"), _where(order), str(order["ts"]), click)
        return await self.clicks.click_in_view(_text(order, "user"), click)

    async def _submit(self, order: Json) -> Json:
        return await self.clicks.submit(_text(order, "user"), order.get("values") or {})

    async def _mark_read(self, order: Json) -> Json:
        person, channel = self.desk.who_and_where(_text(order, "user"), _where(order))
        if self.desk.workspace.store.mark_read(person.id, channel.id, _text(order, "ts")):
            self.desk.workspace.touch()
        return {}

    async def _dismiss(self, order: Json) -> Json:
        person, channel = self.desk.who_and_where(_text(order, "user"), _where(order))
        message = self.desk.workspace.store.message(channel.id, _text(order, "ts"))
        if message and message.ephemeral_to == person.id:
            self.desk.workspace.delete(message)
        return {}

    async def _add_people(self, order: Json) -> Json:
        rows = order.get("people") or [order]
        try:
            people = [person_from(row) for row in rows]
        except (UnfitPerson, AttributeError) as problem:
            raise BadRequest(str(problem)) from problem
        gone = {person.id for person in self.desk.workspace.people() if person.deleted}
        for person, row in zip(people, rows, strict=True):
            # Whoever was deactivated stays so until somebody says otherwise, as in a real workspace.
            stays = "deleted" not in row and person.id in gone
            self.desk.workspace.add_person(replace(person, deleted=True) if stays else person)
        return {"people": [person.id for person in people]}

    async def _fail(self, order: Json) -> Json:
        return {"fail": self.failures.throw(order, self.desk.workspace.clock())}

    async def _rotate_keys(self, order: Json) -> Json:
        return {"kid": self.keys.rotate(forget=bool(order.get("forget")))}

    def session(self) -> Json:
        """Return what the page needs once: who is here and which channels there are."""
        people = [asdict(person) for person in (*self.desk.workspace.people(), BOT, SLACKBOT)]
        channels = [{"id": channel.id, "name": channel.name} for channel in CHANNELS]
        return {
            "team": {"id": TEAM_ID, "name": TEAM_NAME},
            "people": people,
            "channels": channels,
            "commands": COMMANDS,
        }

    def view(self, user: str, channel_id: str) -> Json:
        """Return what *user* sees with *channel_id* open."""
        person, channel = self.desk.who_and_where(user, channel_id)
        workspace = self.desk.workspace
        messages = workspace.store.messages(channel.id, seen_by=person.id, limit=MOST_SHOWN)
        own = workspace.dm(person.id).id
        unread = {c: workspace.store.unread(person.id, c) for c in [*(c.id for c in CHANNELS), own]}
        waiting = {p.id: workspace.store.unread(p.id, workspace.dm(p.id).id) for p in workspace.people()}
        return {
            "revision": workspace.revision,
            "people": len(waiting),
            "dm": own,
            "messages": [_shown(message) for message in messages],
            "unread": unread,
            "waiting": waiting,
            "modal": self.desk.views.top(person.id),
            "home": workspace.store.homes().get(person.id),
        }

    def state(self) -> Json:
        """Return everything, for tests."""
        workspace = self.desk.workspace
        return {
            "team": TEAM_ID,
            "channels": [asdict(channel) for channel in CHANNELS]
            + [asdict(workspace.dm(person.id)) for person in workspace.people()],
            "people": [asdict(person) for person in workspace.people()],
            "messages": workspace.store.everything(),
            "homes": workspace.store.homes(),
            "calls": self.calls,
            "requests": list(self.desk.link.sent),
            "warnings": self.desk.warnings,
            "fail": self.failures.shown(),
        }

    async def _events(self) -> AsyncIterator[str]:
        """Say the revision now, at every change, and now and then so that a dead connection is noticed."""
        revision = self.desk.workspace.revision
        yield f"retry: 1000\ndata: {revision}\n\n"
        while not self.desk.workspace.closing:
            now = await self.desk.workspace.changed(revision, HEARTBEAT_SECONDS)
            yield f"data: {now}\n\n" if now != revision else ": still here\n\n"
            revision = now


def _shown(message: Message) -> Json:
    return {**message_object(message), "ephemeral": bool(message.ephemeral_to)}


def _text(order: Json, key: str) -> str:
    value = order.get(key)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{key}: missing; give it as text")
    return value


def _where(order: Json) -> str:
    return str(order.get("channel") or "")
