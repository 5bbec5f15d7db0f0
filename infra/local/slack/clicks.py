"""What a person clicks and submits, as Slack tells it to the app.

Knows the payloads of clicks, submissions and an opened Home, and what their answers do: a click's answer is only an
acknowledgement, a submission's may show errors or another view. Refuses to know what the app makes of them.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from infra.local.slack.app_link import Answer
from infra.local.slack.desk import Desk
from infra.local.slack.people import APP_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, Person
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object
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
    """The buttons, menus and modals of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._views = desk.views

    async def click(self, user: str, channel_id: str, ts: str, click: Click) -> Json:
        """Send the use of an element of a message."""
        person, channel = self._desk.who_and_where(user, channel_id)
        message = self._workspace.store.message(channel.id, ts)
        if message is None or message.ephemeral_to not in (None, person.id):
            raise Refusal("message_not_found")
        found = _find(message.blocks, click)
        hook = self._workspace.hook(person.id, channel, message.ts)
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.ephemeral_to),
        }
        payload = self._payload("block_actions", person) | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": click.state or {}},
            "response_url": f"{self._desk.url}/hooks/{hook.id}",
            "actions": [self._action(found, click)],
        }
        if not message.ephemeral_to:  # Slack leaves the text of an ephemeral message out
            payload["message"] = message_object(message, replies=self._workspace.store.replies(channel.id, ts))
        return self._clicked(await self._desk.link.interaction(payload))

    async def click_in_view(self, user: str, click: Click) -> Json:
        """Send the use of an element of the Home or of the modal on top."""
        person = self._workspace.person(user)
        view = self._views.top(user) or self._workspace.store.homes().get(user)
        if view is None:
            raise Refusal("view_not_found")
        found = _find(view["blocks"], click)
        payload = self._payload("block_actions", person) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": click.state or {}}},
            "actions": [self._action(found, click)],
        }
        return self._clicked(await self._desk.link.interaction(payload))

    def _clicked(self, answer: Answer) -> Json:
        if answer.error:
            return {"ok": False, "error": answer.error, "status": answer.status}
        if answer.body.strip() not in (b"", b"{}", b"ok"):
            self._desk.warn(
                "the app answered a click with a body: Slack ignores it; use response_url or a Web API method"
            )
        return {"ok": True}

    async def submit(self, user: str, values: Json) -> Json:
        """Send the submission of the modal on top, and do what the answer says."""
        view = self._views.top(user)
        if view is None:
            raise Refusal("view_not_found")
        payload = self._payload("view_submission", self._workspace.person(user)) | {
            "view": {**view, "state": {"values": values}},
            "response_urls": [],
        }
        answer = await self._desk.link.interaction(payload)
        if answer.error:
            return {"ok": False, "error": answer.error}
        return self._submitted(user, view, answer)

    def _submitted(self, user: str, view: Json, answer: Answer) -> Json:
        try:
            reply = json.loads(answer.body) if answer.body.strip() else {}
            action = reply.get("response_action")
            if action == "errors":
                return {"ok": False, "errors": reply.get("errors") or {}}
            if action == "update":
                self._views.update(view["id"], reply.get("view"))
            elif action == "push":
                self._views.stack_up(user, reply.get("view"))
            elif top := self._views.top(user):
                # The app may have opened another view meanwhile; only the submitted one closes.
                self._views.close(user, everything=action == "clear") if top["id"] == view["id"] else None
        except (ValueError, AttributeError, Refusal) as problem:
            self._desk.warn(f"the answer to a submission was refused: {problem}")
            return {"ok": False, "error": "invalid_view_response"}
        return {"ok": True}

    async def close(self, user: str) -> Json:
        """Close the modal on top; tell the app when the modal asked for it."""
        view = self._views.close(user)
        if view and view.get("notify_on_close"):
            closed = {"view": view, "is_cleared": False}
            await self._desk.link.interaction(self._payload("view_closed", self._workspace.person(user)) | closed)
        return {"ok": True}

    async def home_opened(self, user: str) -> Json:
        """Tell the app that *user* looks at its Home."""
        person = self._workspace.person(user)
        now = self._workspace.clock().timestamp()
        channel = self._workspace.dm(person.id).id
        event = {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", "event_ts": f"{now:.6f}"}
        return self._clicked(await self._desk.link.event(self._envelope(event)))

    def _envelope(self, event: Json) -> Json:
        return {
            "token": self._desk.token,
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(self._workspace.clock().timestamp()),
            "authorizations": [{"team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}],
        }

    def _payload(self, kind: str, person: Person) -> Json:
        return {
            "type": kind,
            "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "token": self._desk.token,
            "trigger_id": self._views.trigger(person.id),
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, found: tuple[Json, Json], click: Click) -> Json:
        block, element = found
        kept = ("type", "action_id", "text", "style", "value", "url", "placeholder", "confirm")
        action = {key: element[key] for key in kept if key in element}
        action |= {"block_id": block["block_id"], "action_ts": f"{self._workspace.clock().timestamp():.6f}"}
        return action | _held(element, click.value)


def _find(blocks: list[Json], click: Click) -> tuple[Json, Json]:
    """Return the block and the element that were used; raise Refusal when the page is out of date."""
    for block in blocks:
        if click.block_id in ("", block.get("block_id")):
            for part in [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]:
                if isinstance(part, dict) and part.get("action_id") == click.action_id:
                    return block, part
    raise Refusal("action_not_found")


def _held(element: Json, value: str | None) -> Json:
    """Return what the element holds after its use, under the key that Slack gives it."""
    kind = element["type"]
    if kind in ("static_select", "overflow", "radio_buttons", "external_select"):
        groups = [group["options"] for group in element.get("option_groups") or []]
        every = [option for group in [element.get("options") or [], *groups] for option in group]
        return {"selected_option": next((option for option in every if option.get("value") == value), None)}
    if kind == "checkboxes":
        chosen = set(json.loads(value or "[]"))
        return {"selected_options": [option for option in element["options"] if option.get("value") in chosen]}
    keys = {"users_select": "selected_user", "datepicker": "selected_date", "timepicker": "selected_time"}
    if kind in keys:
        return {keys[kind]: value}
    return {} if kind == "button" or value is None else {"value": value}
