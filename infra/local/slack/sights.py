"""What the page shows to one person, and the full state that only tests want.

Knows shapes. Refuses to change anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

from infra.local.slack.channels import CHANNELS
from infra.local.slack.desk import Desk
from infra.local.slack.failures import Failures
from infra.local.slack.installed import COMMAND, DESCRIPTION, SHORTCUTS, USAGE_HINT
from infra.local.slack.people import BOT, SLACKBOT, TEAM_ID, TEAM_NAME
from infra.local.slack.shapes import message_object
from infra.local.slack.store import Message
from infra.local.slack.switches import MODES
from infra.local.slack.wire import EventStream, Json, Reply, Request, json_response

MOST_SHOWN = 300
HEARTBEAT_SECONDS = 15.0
COMMANDS = [{"command": COMMAND, "usage_hint": USAGE_HINT, "description": DESCRIPTION}]


@dataclass
class Sights:
    """Everything that can be read under `/_local/`."""

    desk: Desk
    failures: Failures
    calls: dict[str, int]

    def answer(self, sight: str, request: Request) -> Reply:
        """Answer one question."""
        if sight == "session":
            return json_response(self.session())
        if sight == "view":
            return json_response(self.view(request.query.get("user", ""), request.query.get("channel", "")))
        if sight == "events":
            return EventStream(self._events())
        if sight == "state":
            return json_response(self.state(request.query.get("naming", "")))
        return json_response({"ok": False, "error": "unknown_door"}, 404)

    def session(self) -> Json:
        """Return what the page needs once: who is here and which channels there are."""
        people = [asdict(person) for person in (*self.desk.workspace.people(), BOT, SLACKBOT)]
        channels = [{"id": channel.id, "name": channel.name} for channel in CHANNELS]
        return {
            "team": {"id": TEAM_ID, "name": TEAM_NAME},
            "people": people,
            "channels": channels,
            "commands": COMMANDS,
            "shortcuts": list(SHORTCUTS),
            "modes": list(MODES),
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
            "messages": [self._shown(message) for message in messages],
            "read": workspace.store.read_up_to(person.id, channel.id),
            "unread": unread,
            "waiting": waiting,
            "modal": self.desk.views.top(person.id),
            "home": workspace.store.homes().get(person.id),
            "fail": self.failures.shown(),
            "dead": self.desk.grant.dead,
        }

    def _shown(self, message: Message) -> Json:
        reactions = self.desk.workspace.store.reactions.of(message.channel, message.ts)
        return {**message_object(message, reactions=reactions), "ephemeral": bool(message.ephemeral_to)}

    def state(self, naming: str = "") -> Json:
        """Return everything, for tests; of messages those that name it."""
        workspace = self.desk.workspace
        reactions = workspace.store.reactions
        messages = [
            {**one, "reactions": reactions.of(one["channel"], one["ts"])} for one in workspace.store.everything(naming)
        ]
        return {
            "team": TEAM_ID,
            "channels": [asdict(channel) for channel in CHANNELS]
            + [asdict(workspace.dm(person.id)) for person in workspace.people()],
            "people": [asdict(person) for person in workspace.people()],
            "messages": messages,
            "homes": workspace.store.homes(),
            "modals": {p.id: view for p in workspace.people() if (view := self.desk.views.top(p.id))},
            "calls": self.calls,
            "requests": list(self.desk.link.sent),
            "warnings": self.desk.warnings,
            "scopes": sorted(self.desk.grant.scopes),
            "dead": self.desk.grant.dead,
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
