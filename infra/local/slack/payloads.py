"""What Slack tells an app about who did something, where, and what they used.

Knows the parts that the payloads of interactions share. Refuses to send them.
"""

from __future__ import annotations

import json

from infra.local.slack.desk import Desk
from infra.local.slack.people import APP_ID, TEAM_DOMAIN, TEAM_ID, Person
from infra.local.slack.refusals import Refusal
from infra.local.slack.wire import Json


def payload_of(kind: str, person: Person, desk: Desk, *, trigger: bool = True) -> Json:
    """Return what every interaction of that *kind* carries."""
    shared: Json = {
        "type": kind,
        "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": desk.token,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return shared | ({"trigger_id": desk.views.trigger(person.id)} if trigger else {})


def find(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[Json, Json]:
    """Return the block and the element that were used; raise Refusal when the page is out of date."""
    for block in blocks:
        if block_id in ("", block.get("block_id")):
            for part in [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]:
                if isinstance(part, dict) and part.get("action_id") == action_id:
                    return block, part
    raise Refusal("action_not_found")


def action_of(found: tuple[Json, Json], held: Json, now: float) -> Json:
    """Return the entry of `actions` for one use of an element that holds *held* now."""
    block, element = found
    kept = ("type", "action_id", "text", "style", "value", "url", "placeholder", "confirm")
    action = {key: element[key] for key in kept if key in element}
    return action | {"block_id": block["block_id"], "action_ts": f"{now:.6f}"} | held


_ONE = ("static_select", "overflow", "radio_buttons", "external_select")
_MANY = ("checkboxes", "multi_static_select", "multi_external_select")
_KEYS = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "multi_users_select": "selected_users",
}


def held_by(element: Json, value: str | None, offered: list[Json]) -> Json:
    """Return what the element holds after its use, under the key that Slack gives it.

    *offered* are options that the app named when it was asked for them.
    """
    kind = element["type"]
    groups = [group["options"] for group in element.get("option_groups") or []]
    every = [option for group in [element.get("options") or [], *groups, offered] for option in group]
    if kind in _ONE:
        return {"selected_option": next((option for option in every if option.get("value") == value), None)}
    if kind in _MANY:
        chosen = set(json.loads(value or "[]"))
        return {"selected_options": [option for option in every if option.get("value") in chosen]}
    if kind in _KEYS:
        return {_KEYS[kind]: json.loads(value or "[]") if kind.startswith("multi_") else value}
    if kind == "datetimepicker":
        return {"selected_date_time": int(value) if value else None}
    return {} if kind == "button" or value is None else {"value": value}
