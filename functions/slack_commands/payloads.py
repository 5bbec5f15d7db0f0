"""What people press and what happens in Slack, read without trust.

Knows Slack's payloads of interactions and events. Refuses to raise on any shape: a field that is missing or of another
type is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MODAL, HOME = "modal", "home"


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button, or a choice from a menu, whose value is then that of the option.

    `place` names the message or view that it belongs to; `view` is `modal`, `home`, or empty for a message.
    """

    team: str
    user: str
    user_name: str
    action: str
    value: str
    response_url: str
    place: str
    trigger: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut: of a message (then `message` and `channel` are there) or of nothing in particular."""

    team: str
    user: str
    user_name: str
    name: str
    trigger: str
    response_url: str
    channel: str
    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """What the Events API tells. `id` is the same at each repetition."""

    team: str
    id: str
    kind: str
    user: str
    event: Mapping[str, Any]


def press_from(payload: Mapping[str, Any]) -> Press | None:
    """Read the first action of a `block_actions` payload; None when there is none."""
    told = list_in(payload, "actions")
    action = told[0] if told else None
    if payload.get("type") != "block_actions" or not isinstance(action, dict):
        return None
    user, container = object_in(payload, "user"), object_in(payload, "container")
    place = ":".join(text_in(container.get(name)) for name in ("channel_id", "message_ts", "view_id")).rstrip(":")
    return Press(
        team=team_of(payload),
        user=text_in(user.get("id")),
        user_name=user_name_of(user),
        action=text_in(action.get("action_id")),
        value=text_in(action.get("value")) or text_in(object_in(action, "selected_option").get("value")),
        response_url=text_in(payload.get("response_url")),
        place=place,
        trigger=text_in(payload.get("trigger_id")),
        view=text_in(object_in(payload, "view").get("type")),
    )


def shortcut_from(payload: Mapping[str, Any]) -> Shortcut | None:
    """Read a `shortcut` or `message_action` payload; None for anything else."""
    if payload.get("type") not in {"shortcut", "message_action"}:
        return None
    user = object_in(payload, "user")
    return Shortcut(
        team=team_of(payload),
        user=text_in(user.get("id")),
        user_name=user_name_of(user),
        name=text_in(payload.get("callback_id")),
        trigger=text_in(payload.get("trigger_id")),
        response_url=text_in(payload.get("response_url")),
        channel=text_in(object_in(payload, "channel").get("id")),
        message=object_in(payload, "message"),
    )


def happening_from(payload: Mapping[str, Any]) -> Happening:
    """Read an `event_callback`."""
    event = object_in(payload, "event")
    return Happening(
        team=team_of(payload),
        id=text_in(payload.get("event_id")),
        kind=text_in(event.get("type")),
        user=text_in(event.get("user")),
        event=event,
    )


def team_of(payload: Mapping[str, Any]) -> str:
    """The workspace that a payload comes from; empty when it does not say."""
    return (
        text_in(object_in(payload, "team").get("id"))
        or text_in(payload.get("team_id"))
        or text_in(object_in(payload, "user").get("team_id"))
    )


def user_name_of(user: Mapping[str, Any]) -> str:
    """What Slack calls somebody."""
    return text_in(user.get("username")) or text_in(user.get("name"))


def object_in(payload: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A field that holds an object; an empty one for anything else."""
    value = payload.get(name)
    return value if isinstance(value, dict) else {}


def list_in(payload: Mapping[str, Any], name: str) -> list[Any]:
    """A field that holds a list; an empty one for anything else."""
    value = payload.get(name)
    return value if isinstance(value, list) else []


def text_in(value: Any) -> str:
    """A text; an empty one for anything else."""
    return value if isinstance(value, str) else ""
