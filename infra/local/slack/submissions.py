"""What a person submits and closes, and what the app's answer does to the modal.

Knows the payloads and the four answers. Refuses to know what was asked in the modal.
"""

from __future__ import annotations

import json

from infra.local.slack.app_link import Answer
from infra.local.slack.desk import Desk
from infra.local.slack.payloads import payload_of
from infra.local.slack.refusals import Refusal
from infra.local.slack.wire import Json


class Submissions:
    """The modals of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = desk.views

    async def submit(self, user: str, values: Json) -> Json:
        """Send the submission of the modal on top, and do what the answer says."""
        view = self._views.top(user)
        if view is None:
            raise Refusal("view_not_found")
        payload = payload_of("view_submission", self._desk.workspace.person(user), self._desk) | {
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
                return self._errors(view, reply.get("errors"))
            if action == "update":
                self._views.update(view["id"], reply.get("view"))
            elif action == "push":
                self._views.stack_up(user, reply.get("view"))
            elif action not in (None, "clear"):
                return self._refused(f"{action!r} is no response_action")
            elif top := self._views.top(user):
                # The app may have opened another view meanwhile; only the submitted one closes.
                self._views.close(user, everything=action == "clear") if top["id"] == view["id"] else None
        except (ValueError, AttributeError, Refusal) as problem:
            return self._refused(f"{problem} {getattr(problem, 'messages', '')}")
        return {"ok": True}

    def _refused(self, why: str) -> Json:
        self._desk.warn(f"the answer to a submission was refused: {why}")
        return {"ok": False, "error": "invalid_view_response"}

    def _errors(self, view: Json, errors: object) -> Json:
        """Show errors below their fields; Slack takes them for input blocks of the view only."""
        fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= fields:
            return self._refused(f"errors are for the fields {', '.join(sorted(fields))}")
        return {"ok": False, "errors": errors}

    async def close(self, user: str) -> Json:
        """Close the modal on top, or all when it asked for that; tell the app when it asked for that, too."""
        top = self._views.top(user)
        everything = bool(top and top.get("clear_on_close"))
        view = self._views.close(user, everything=everything)
        if view and view.get("notify_on_close"):
            person = self._desk.workspace.person(user)
            payload = payload_of("view_closed", person, self._desk, trigger=False)
            await self._desk.link.interaction(payload | {"view": view, "is_cleared": everything})
        return {"ok": True}
