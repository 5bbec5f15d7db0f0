"""Modals and the app's Home.

Knows the trigger that lets an app open a modal, the stack of at most three, and what a submission holds. Modals live in
memory, as an open dialog does; Homes are kept. Refuses to know the app: whoever submits sends the payload.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.slack.blocks import with_ids
from infra.local.slack.people import APP_ID, BOT_ID, TEAM_ID
from infra.local.slack.refusals import Refusal
from infra.local.slack.view_limits import check_view, is_too_large
from infra.local.slack.wire import Json
from infra.local.slack.workspace import Workspace

TRIGGER_LIFE = timedelta(seconds=3)
MOST_STACKED = 3


@dataclass
class Trigger:
    """The right of the app to open one modal for *user*."""

    user: str
    expires: datetime
    used: bool = False


class Views:
    """Every open modal, by person, and every Home."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._triggers: dict[str, Trigger] = {}
        self._stacks: dict[str, list[Json]] = {}

    def trigger(self, user: str) -> str:
        """Return a trigger id that lives three seconds."""
        now = self._workspace.clock()
        self._triggers = {
            key: value for key, value in self._triggers.items() if now - value.expires < timedelta(hours=1)
        }
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, now + TRIGGER_LIFE)
        return trigger_id

    def open(self, trigger_id: str, view: object, *, push: bool = False) -> Json:
        """Open a modal for the person of the trigger; raise Refusal as `views.open` and `views.push` do."""
        checked = _checked(view)
        user = self._spend(trigger_id)
        stack = self._stacks.get(user, []) if push else []
        self._once(checked)
        return self._put(user, [*stack, self._made(checked, stack)])

    def _once(self, view: Json) -> None:
        """Raise Refusal when another open modal has the external id of *view*."""
        known = {old.get("external_id") for stack in self._stacks.values() for old in stack}
        if view.get("external_id") and view["external_id"] in known:
            raise Refusal("duplicate_external_id")

    def stack_up(self, user: str, view: object) -> Json:
        """Put a modal on top, as the answer `push` to a submission does."""
        stack = self._stacks.get(user, [])
        return self._put(user, [*stack, self._made(_checked(view), stack)])

    def update(self, wanted: str, view: object, known_hash: str = "") -> Json:
        """Replace an open modal (by id or external id); raise Refusal `not_found` or `hash_conflict`."""
        checked = _checked(view)
        for user, stack in self._stacks.items():
            for index, old in enumerate(stack):
                if wanted in (old["id"], old.get("external_id") or None):
                    if known_hash and known_hash != old["hash"]:
                        raise Refusal("hash_conflict")
                    made = {**self._made(checked, stack), "id": old["id"], "root_view_id": old["root_view_id"]}
                    self._put(user, [*stack[:index], made, *stack[index + 1 :]])
                    return made
        raise Refusal("not_found")

    def publish(self, user_id: str, view: object, known_hash: str = "") -> Json:
        """Keep what a person sees on the app's Home; raise Refusal `hash_conflict` when it is another by now."""
        person = self._workspace.person(user_id)
        shown = self._workspace.store.homes().get(person.id)
        if known_hash and shown and shown["hash"] != known_hash:
            raise Refusal("hash_conflict")
        checked = _checked(view)
        if checked["type"] != "home":
            raise Refusal("invalid_arguments", ["must be home [json-pointer:/view/type]"])
        made = self._made(checked, [])
        self._workspace.store.put_home(person.id, made)
        self._workspace.touch()
        return made

    def top(self, user: str) -> Json | None:
        """Return the modal that *user* sees, or None."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def close(self, user: str, *, everything: bool = False) -> Json | None:
        """Take the top modal (or all) away from *user* and return what was on top."""
        stack = self._stacks.pop(user, [])
        if stack[:-1] and not everything:
            self._stacks[user] = stack[:-1]
        self._workspace.touch()
        return stack[-1] if stack else None

    def _put(self, user: str, stack: list[Json]) -> Json:
        if len(stack) > MOST_STACKED:
            raise Refusal("push_limit_reached")
        self._stacks[user] = stack
        self._workspace.touch()
        return stack[-1]

    def _spend(self, trigger_id: str) -> str:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if self._workspace.clock() > trigger.expires:
            raise Refusal("expired_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        trigger.used = True
        return trigger.user

    def _made(self, view: Json, stack: list[Json]) -> Json:
        view_id = "V" + secrets.token_hex(5).upper()
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "submit": None,
            "close": None,
            **view,
            "blocks": with_ids(view["blocks"]),
            "id": view_id,
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "hash": f"{self._workspace.clock().timestamp():.0f}.{secrets.token_hex(4)}",
            "root_view_id": stack[0]["id"] if stack else view_id,
            "previous_view_id": stack[-1]["id"] if stack else None,
            "state": {"values": {}},
        }


def _checked(view: object) -> Json:
    if is_too_large(view):
        raise Refusal("view_too_large")
    problems = check_view(view)
    if problems or not isinstance(view, dict):
        raise Refusal("invalid_arguments", problems)
    return view
