"""What a person clicks, as Slack tells it to the app.

Knows the payload of a click and that its answer is only an acknowledgement. Refuses to know what the app makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.slack.app_link import Answer
from infra.local.slack.desk import Desk
from infra.local.slack.payloads import action_of, find, held_by, payload_of
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object
from infra.local.slack.store import Message
from infra.local.slack.wire import Json


@dataclass(frozen=True)
class Click:
    """One use of one element of a message, a Home or a modal.

    *value* is what the element now holds, *state* what all inputs around it hold.
    """

    action_id: str
    block_id: str = ""
    value: str | None = None
    state: Json | None = None


class Clicks:
    """The buttons and menus of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._offered: dict[tuple[str, str], list[Json]] = {}

    def offer(self, user: str, action_id: str, options: list[Json]) -> None:
        """Remember what the app offered *user* in a menu that it fills itself: one of these may be chosen."""
        self._offered[user, action_id] = options

    async def click(self, user: str, channel_id: str, ts: str, click: Click) -> Json:
        """Send the use of an element of a message."""
        person, channel = self._desk.who_and_where(user, channel_id)
        message = self.message(user, channel.id, ts)
        found = find(message.blocks, click.action_id, click.block_id)
        hook = self._workspace.hook(person.id, channel, message.ts)
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.ephemeral_to),
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = payload_of("block_actions", person, self._desk) | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": click.state or {}},
            "response_url": f"{self._desk.url}/hooks/{hook.id}",
            "actions": [self._action(user, found, click)],
        }
        if not message.ephemeral_to:  # Slack leaves the text of an ephemeral message out
            payload["message"] = message_object(message, replies=self._workspace.store.replies(channel.id, ts))
        return self._clicked(await self._desk.link.interaction(payload))

    def message(self, user: str, channel: str, ts: str) -> Message:
        """Return a message that *user* sees; raise Refusal `message_not_found`."""
        message = self._workspace.store.message(channel, ts)
        if message is None or message.ephemeral_to not in (None, user):
            raise Refusal("message_not_found")
        return message

    async def click_in_view(self, user: str, click: Click) -> Json:
        """Send the use of an element of the Home or of the modal on top."""
        person = self._workspace.person(user)
        view = self.view(user)
        found = find(view["blocks"], click.action_id, click.block_id)
        payload = payload_of("block_actions", person, self._desk) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": click.state or {}}},
            "actions": [self._action(user, found, click)],
        }
        return self._clicked(await self._desk.link.interaction(payload))

    def view(self, user: str) -> Json:
        """Return the modal on top, else the Home, of *user*; raise Refusal `view_not_found`."""
        view = self._desk.views.top(user) or self._workspace.store.homes().get(user)
        if view is None:
            raise Refusal("view_not_found")
        return view

    def _action(self, user: str, found: tuple[Json, Json], click: Click) -> Json:
        held = held_by(found[1], click.value, self._offered.get((user, click.action_id), []))
        return action_of(found, held, self._workspace.clock().timestamp())

    def _clicked(self, answer: Answer) -> Json:
        if answer.error:
            return {"ok": False, "error": answer.error, "status": answer.status}
        if answer.body.strip() not in (b"", b"{}", b"ok"):
            self._desk.warn(
                "the app answered a click with a body: Slack ignores it; use response_url or a Web API method"
            )
        return {"ok": True}
