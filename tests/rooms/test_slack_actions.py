"""Claims about action items in Slack: what is typed and pressed, and each answer in its exact words."""

import json
from datetime import date

import pytest

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.ownership import Person
from deadair.usecases.actions.add_action import add_action
from tests.builders import ANA, BEN, an_actor
from tests.rooms.slack_forms import Forms
from tests.rooms.slack_rooms import Neighbours, SlackRoom

pytestmark = pytest.mark.stack


def items(near: Neighbours, number: int) -> list[ActionItem]:
    return ActionStore(near.dynamodb, near.incidents).of_incident(number)


def said(room: SlackRoom, text: str, who: Person = ANA) -> str:
    return str(json.loads(room.command(text, who)["body"])["text"])


def test_one_line_adds_it_with_its_owner_its_day_and_its_kind(room: SlackRoom, neighbours: Neighbours) -> None:
    number = neighbours.add().number
    typed = f"action {number} Alert on empty loads <@{BEN.slack_id}|Ben Okafor> by 12 Dec 2026 detective"
    answer = said(room, typed)
    (item,) = items(neighbours, number)
    assert (item.text, item.owner.name, item.due_on, item.kind) == (
        "Alert on empty loads",
        "Ben Okafor",
        date(2026, 12, 12),
        ActionKind.DETECTIVE,
    )
    assert answer.startswith(
        f"*<https://deadair.example/incidents/INC-{number}#actions|INC-{number}-A1>* is Ben Okafor's"
    )
    assert answer.endswith(": Alert on empty loads")


def test_it_is_done_by_its_name_and_taken_back_by_the_answers_button(room: SlackRoom, neighbours: Neighbours) -> None:
    number = neighbours.add().number
    said(room, f"action {number} Rotate the key")
    body = json.loads(room.command(f"done {number}-A1")["body"])
    assert body["text"].endswith("is done: Rotate the key")
    assert items(neighbours, number)[0].status is ActionStatus.DONE
    (row,) = [block for block in body["blocks"] if block["type"] == "actions"]
    assert said(room, row["elements"][0]["value"]).startswith(f"INC-{number}")
    assert items(neighbours, number)[0].status is ActionStatus.OPEN


def test_a_stranger_ends_nobodys_and_dropping_asks_why(room: SlackRoom, neighbours: Neighbours) -> None:
    number = neighbours.add().number
    said(room, f"action {number} Rotate the key")
    stranger = Person("Sam Stranger", "", "U0SAM")
    assert "belongs to @Ana Lima" in said(room, f"action {number}-A1 done", stranger)
    assert "Say why" in said(room, f"action {number}-A1 drop")
    assert said(room, f"action {number}-A1 drop the vendor does it").endswith("is dropped: Rotate the key")
    assert said(room, f"action {number}-A1 done").startswith(f"INC-{number}-A1 is dropped already by Ana Lima")
    assert said(room, f"{number}-A1 reopen").endswith("goes on: Rotate the key")


def test_what_is_open_is_listed_with_a_button_and_one_without_words_says_what_to_type(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    number = neighbours.add().number
    assert said(room, f"action {number}") == (
        f"INC-{number} has no action items. Add one: `/incident action {number} what is to be done @who by 12 Dec`"
    )
    said(room, f"action {number} Rotate the key by tomorrow")
    listed = json.loads(room.command(f"actions {number}")["body"])
    assert "due tomorrow" in listed["text"]
    assert listed["blocks"][1]["accessory"]["value"] == f"{number}:1"
    assert f"`/incident action {number}-A1 done`" in said(room, f"{number}-A1")
    assert "Rotate the key" in said(room, "actions")
    nobody = Person("Nobody Else", "", "U0NOBODY")
    assert said(room, "actions", nobody).startswith("You have no open action items.")


def test_a_changed_day_is_said_back(room: SlackRoom, neighbours: Neighbours) -> None:
    number = neighbours.add().number
    said(room, f"action {number} Rotate the key")
    assert "due tomorrow" in said(room, f"action {number}-A1 by tomorrow")
    assert said(room, f"action {number}-A1 by tomorrow").endswith("stays as it was.")
    assert "is over" in said(room, f"action {number}-A1 by 1 Jan 2020")


def test_the_done_button_acts_once_however_often_it_is_pressed(neighbours: Neighbours, room: SlackRoom) -> None:
    incident, forms = neighbours.add(), Forms(neighbours)
    add_action(neighbours.store, incident.number, an_actor(), "Rotate the key", now=incident.opened_at)
    forms.press(incident, "action_done", f"{incident.number}:1")
    assert forms.told().endswith("is done: Rotate the key")
    forms.press(incident, "action_done", f"{incident.number}:1")
    assert forms.told().endswith("is done already.")
    forms.press(incident, "action_done", "42:rubbish")
    assert items(neighbours, incident.number)[0].version == 2


def test_an_item_that_is_not_there_and_one_that_is_open_lead_to_the_list(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    number = neighbours.add().number
    assert said(room, f"action {number}-A9 done").endswith(f"`/incident action {number}`")
    said(room, f"action {number} Rotate the key")
    assert said(room, f"action {number}-A1 reopen").endswith(f"`/incident action {number}`")
