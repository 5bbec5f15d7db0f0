"""Modals, Homes and shortcuts as a person uses them: through the local Slack, which signs and checks as Slack does."""

import json
import urllib.parse
import urllib.request
from typing import Any

from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from tests.builders import ANA
from tests.local_slack import doors
from tests.rooms.slack_rooms import CHANNEL, Neighbours


class Forms:
    """One person at the local Slack."""

    def __init__(self, near: Neighbours, who: Person = ANA) -> None:
        self.near = near
        self.who = who

    def use(self, door: str, **order: Any) -> dict[str, Any]:
        """Use a door as this person, in the incident channel."""
        return doors.use(self.near.slack.url, door, {"user": self.who.slack_id, "channel": CHANNEL} | order)

    def sees(self) -> dict[str, Any]:
        """What this person's page shows."""
        asked = urllib.parse.urlencode({"user": self.who.slack_id, "channel": CHANNEL})
        with urllib.request.urlopen(f"{self.near.slack.url}/_local/view?{asked}", timeout=5) as response:
            seen: dict[str, Any] = json.loads(response.read())
        return seen

    def modal(self) -> dict[str, Any]:
        """The modal on top; an empty one when there is none."""
        return self.sees()["modal"] or {}

    def home(self) -> str:
        """All texts of this person's Home."""
        return json.dumps((self.sees()["home"] or {}).get("blocks"), ensure_ascii=False)

    def card(self, incident: Incident, *elements: dict[str, Any]) -> str:
        """A message with these elements; its ts."""
        blocks = [{"type": "actions", "elements": list(elements)}]
        posted = self.near.web.chat_postMessage(channel=CHANNEL, text=incident.id, blocks=blocks)
        return str(posted["ts"])

    def press(self, incident: Incident, action: str, value: str = "") -> dict[str, Any]:
        """Press a button that carries the incident's present state, or that value."""
        now = self.near.store.get(incident.number)
        value = value or f"{now.number}:{now.version}:{now.status.value}"
        ts = self.card(incident, a_button(action, value))
        return self.use("click", ts=ts, action_id=action, value=value)

    def choose(self, incident: Incident, choice: str) -> dict[str, Any]:
        """Choose something under More."""
        now = self.near.store.get(incident.number)
        value = f"{choice}:{now.number}:{now.version}:{now.status.value}"
        option = {"text": {"type": "plain_text", "text": choice}, "value": value}
        ts = self.card(incident, {"type": "overflow", "action_id": "more", "options": [option]})
        return self.use("click", ts=ts, action_id="more", value=value)

    def send(self, **fields: Any) -> dict[str, Any]:
        """Send the modal on top: what stands in it, with these fields typed or chosen instead."""
        return self.use("submit", values=values_of(self.modal(), fields))

    def told(self) -> str:
        """What only this person was last told in the channel."""
        return str(doors.last(self.near.slack.url, self.who.slack_id)["text"])


def a_button(action: str, value: str) -> dict[str, Any]:
    """A button as Slack keeps it."""
    return {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": action}}


def values_of(view: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The state of a view's inputs: their first values, and what was put in."""
    found: dict[str, Any] = {}
    for block in view.get("blocks", []):
        if block["type"] == "input":
            element = block["element"]
            given = fields.get(block["block_id"])
            held = _given(element, given) if given is not None else _first(element)
            found[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    return found


def _first(element: dict[str, Any]) -> dict[str, Any]:
    kind = element["type"]
    if kind in {"static_select", "external_select"}:
        return {"selected_option": element.get("initial_option")}
    if kind == "checkboxes":
        return {"selected_options": element.get("initial_options", [])}
    return {"selected_user": None} if kind == "users_select" else {"value": element.get("initial_value")}


def _given(element: dict[str, Any], given: Any) -> dict[str, Any]:
    kind = element["type"]
    option = {"text": {"type": "plain_text", "text": str(given)}, "value": given}
    if kind in {"static_select", "external_select"}:
        return {"selected_option": option}
    if kind == "checkboxes":
        return {"selected_options": [option] if given else []}
    return {"selected_user": given} if kind == "users_select" else {"value": given}
