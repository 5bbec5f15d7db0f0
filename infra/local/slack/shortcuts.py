"""The app's shortcuts, and the menus that it fills while somebody types.

Knows the payloads of both and what may be offered. Refuses to know what a shortcut does.
"""

from __future__ import annotations

import json

from infra.local.slack.app_link import Answer
from infra.local.slack.clicks import Clicks
from infra.local.slack.composition import Findings, check_offered
from infra.local.slack.desk import Desk
from infra.local.slack.installed import SHORTCUTS
from infra.local.slack.payloads import find, payload_of
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object
from infra.local.slack.wire import Json


class Shortcuts:
    """The menus of the page that are no blocks of the app's."""

    def __init__(self, desk: Desk, clicks: Clicks) -> None:
        self._desk = desk
        self._clicks = clicks
        self._workspace = desk.workspace

    async def use(self, user: str, callback_id: str, channel_id: str = "", ts: str = "") -> Json:
        """Send the use of a shortcut; one for messages needs *channel_id* and *ts*."""
        kind = next((one["type"] for one in SHORTCUTS if one["callback_id"] == callback_id), None)
        if kind is None:
            raise Refusal("unknown_shortcut")
        payload = self._on_message(user, channel_id, ts) if kind == "message" else self._anywhere(user)
        answer = await self._desk.link.interaction({**payload, "callback_id": callback_id})
        return _acknowledged(answer)

    def _anywhere(self, user: str) -> Json:
        payload = payload_of("shortcut", self._workspace.person(user), self._desk)
        return payload | {"action_ts": self._now()}

    def _on_message(self, user: str, channel_id: str, ts: str) -> Json:
        person, channel = self._desk.who_and_where(user, channel_id)
        message = self._clicks.message(user, channel.id, ts)
        if message.ephemeral_to:  # Slack offers no shortcut on what only you see
            raise Refusal("message_not_found")
        hook = self._workspace.hook(person.id, channel)
        return payload_of("message_action", person, self._desk) | {
            "action_ts": self._now(),
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": message.ts,
            "message": message_object(message, replies=self._workspace.store.replies(channel.id, ts)),
            "response_url": f"{self._desk.url}/hooks/{hook.id}",
        }

    async def options(self, user: str, block_id: str, action_id: str, value: str, **where: str) -> Json:
        """Ask the app what a menu offers for what *user* typed; *where* names the channel and ts of a message."""
        person = self._workspace.person(user)
        payload = payload_of("block_suggestion", person, self._desk, trigger=False)
        blocks, place = self._place(user, **where)
        block, element = find(blocks, action_id, block_id)
        if element["type"] not in ("external_select", "multi_external_select"):
            raise Refusal("action_not_found")
        asked = {"action_id": action_id, "block_id": block["block_id"], "value": value}
        return self._offered(user, action_id, await self._desk.link.options(payload | place | asked))

    def _place(self, user: str, channel: str = "", ts: str = "") -> tuple[list[Json], Json]:
        if not ts:
            view = self._clicks.view(user)
            return view["blocks"], {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        _, place = self._desk.who_and_where(user, channel)
        message = self._clicks.message(user, place.id, ts)
        container = {"type": "message", "message_ts": ts, "channel_id": place.id}
        where = {"id": place.id, "name": place.name}
        return message.blocks, {"container": container, "channel": where, "message": message_object(message)}

    def _offered(self, user: str, action_id: str, answer: Answer) -> Json:
        if answer.error:
            return {"ok": False, "error": answer.error}
        try:
            said = json.loads(answer.body)
        except ValueError:
            said = None
        found = Findings()
        options = check_offered(said, found)
        if found.messages:
            self._desk.warn(f"the options of {action_id} were refused: {' '.join(found.messages)}")
            return {"ok": False, "error": "invalid_options"}
        self._clicks.offer(user, action_id, options)
        return {"ok": True, "options": options}

    def _now(self) -> str:
        return f"{self._workspace.clock().timestamp():.6f}"


def _acknowledged(answer: Answer) -> Json:
    return {"ok": False, "error": answer.error, "status": answer.status} if answer.error else {"ok": True}
