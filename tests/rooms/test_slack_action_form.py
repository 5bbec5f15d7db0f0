"""Claims about the form of an action item: found under More, one field for each thing, its words as they were typed."""

from datetime import UTC, datetime, timedelta

import pytest

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.domain.action_item import ActionItem, ActionKind
from deadair.domain.incident import Incident
from deadair.domain.timeline import Fact
from tests.builders import BEN
from tests.rooms.slack_forms import Forms
from tests.rooms.slack_rooms import Neighbours, SlackRoom, neighbours, room

__all__ = ["neighbours", "room"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("room")]


@pytest.fixture
def ana(neighbours: Neighbours) -> Forms:
    forms = Forms(neighbours)
    forms.use("close")
    return forms


@pytest.fixture
def over(room: SlackRoom, neighbours: Neighbours) -> Incident:
    incident = neighbours.add()
    room.say(f"resolve {incident.number} a new key")
    return incident


def items(near: Neighbours, incident: Incident) -> list[ActionItem]:
    return ActionStore(near.store.client, near.store.table).of_incident(incident.number)


def test_an_action_item_is_added_through_its_form_and_its_words_stay_as_they_were_typed(
    ana: Forms, neighbours: Neighbours, over: Incident
) -> None:
    assert ana.choose(over, "action")["ok"]
    assert ana.modal()["callback_id"] == "action"
    typed = {
        "owner": BEN.slack_id,
        "due_on": "in 2 weeks",
        "kind": "detective",
        "link": "https://tracker.example/OPS-7",
    }

    assert ana.send(text="Ask Kim by Friday whether 42-A1 is done", **typed)["ok"]

    (item,) = items(neighbours, over)
    assert item.text == "Ask Kim by Friday whether 42-A1 is done"
    assert (item.kind, item.owner.name, item.link) == (ActionKind.DETECTIVE, BEN.name, "https://tracker.example/OPS-7")
    assert timedelta(days=13) <= item.due_on - datetime.now(UTC).date() <= timedelta(days=15)
    assert (ana.modal(), f"{over.id}-A1" in ana.told()) == ({}, True)
    entries = [entry for entry in neighbours.store.timeline(over.number) if entry.fact is Fact.ACTION_ADDED]
    assert len(entries) == 1


def test_what_is_left_out_is_the_incidents_owner_and_four_weeks(
    ana: Forms, neighbours: Neighbours, over: Incident
) -> None:
    ana.choose(over, "action")
    assert ana.send(text="Alert when a load is empty")["ok"]

    (item,) = items(neighbours, over)
    assert (item.owner.name, item.kind) == (over.owner.name, ActionKind.PREVENTIVE)
    assert timedelta(days=27) <= item.due_on - datetime.now(UTC).date() <= timedelta(days=29)


@pytest.mark.parametrize(
    "odd",
    [
        ("text", "  ", "Say what is to be done."),
        ("due_on", "soonish", "I cannot read this day."),
        ("due_on", "2024-02-03", "3 Feb 2024 is over."),
        ("due_on", "2099-01-01", "more than two years away"),
        ("link", "javascript:alert(1)", "That is no address of a ticket."),
        ("owner", "U0NOBODY", "Slack knows nobody"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_what_was_typed_stays(
    ana: Forms, neighbours: Neighbours, over: Incident, odd: tuple[str, str, str]
) -> None:
    field, typed, said = odd
    ana.choose(over, "action")

    answer = ana.send(**({"text": "Alert when a load is empty"} | {field: typed}))

    assert said in answer["errors"][field]
    assert (ana.modal()["callback_id"], items(neighbours, over)) == ("action", [])


def test_an_incident_that_goes_on_elsewhere_opens_no_form_and_says_where(ana: Forms, neighbours: Neighbours) -> None:
    into, merged = neighbours.add(), neighbours.add()
    ana.use("command", text=f"merge {merged.number} {into.number} the same")

    ana.choose(merged, "action")

    assert ana.modal() == {}
    assert f"was merged into {into.id}" in ana.told()
