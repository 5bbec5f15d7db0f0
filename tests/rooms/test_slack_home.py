"""Claims about the App Home: it shows what is mine, a step is taken there, and it never keeps anybody waiting."""

from datetime import UTC, datetime, timedelta

import pytest

from deadair.domain.ownership import Person
from deadair.domain.stages import Ending, Status
from deadair.domain.timeline import Fact
from tests.builders import ANA, BEN
from tests.rooms.kept_room import KeptRoom, kept_room
from tests.rooms.slack_forms import Forms
from tests.rooms.slack_rooms import Neighbours, neighbours, room

__all__ = ["kept_room", "neighbours", "room"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("room")]
CHIYO = Person("Chiyo Tanaka", "chiyo@example.com", "U0CHIYO")


@pytest.fixture
def ana(neighbours: Neighbours) -> Forms:
    forms = Forms(neighbours)
    forms.use("close")
    return forms


def test_the_home_shows_what_is_mine_when_it_is_opened(ana: Forms, neighbours: Neighbours) -> None:
    mine, another = neighbours.add(), neighbours.add(owner=BEN)

    assert ana.use("home")["ok"]

    shown = ana.home()
    assert mine.id in shown
    assert another.id not in shown
    assert "HubSpot → Salesforce" in shown
    assert "No review is under way" in shown


def test_whoever_has_nothing_is_told_what_there_is(neighbours: Neighbours) -> None:
    neighbours.door("people", people=[{"slack_id": CHIYO.slack_id, "name": CHIYO.name, "email": CHIYO.email}])
    neighbours.add()
    chiyo = Forms(neighbours, CHIYO)

    chiyo.use("home")

    assert "Nothing open is yours." in chiyo.home()
    assert "No integration is yours" in chiyo.home()


def test_whoever_may_do_nothing_sees_why_and_nothing_else(neighbours: Neighbours) -> None:
    gus = Person("Gus Guest", "gus@example.com", "U0GUSHOME")
    person = {"slack_id": gus.slack_id, "name": gus.name, "email": gus.email, "guest": True}
    neighbours.door("people", people=[person])
    guest = Forms(neighbours, gus)

    guest.use("home")

    (block,) = guest.sees()["home"]["blocks"]
    assert block["type"] == "section"
    assert "guest" in guest.home()


def test_the_messages_tab_draws_no_home(neighbours: Neighbours) -> None:
    dora = Person("Dora Novak", "dora@example.com", "U0DORA")
    neighbours.door("people", people=[{"slack_id": dora.slack_id, "name": dora.name, "email": dora.email}])

    Forms(neighbours, dora).use("home", tab="messages")

    assert Forms(neighbours, dora).sees()["home"] is None


def in_home(ana: Forms, action: str, value: str) -> None:
    """Press the button of the Home that carries this value."""
    blocks = ana.sees()["home"]["blocks"]
    for block in blocks:
        for part in [*(block.get("elements") or []), block.get("accessory") or {}]:
            if (part.get("action_id"), part.get("value")) == (action, value):
                ana.use("click", channel="", action_id=action, block_id=block["block_id"], value=value)
                return
    raise AssertionError(f"{action} {value} is not on the Home")


def test_a_step_that_is_taken_on_the_home_is_told_there(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.use("home")

    in_home(ana, "ack", f"{incident.number}:1:open")

    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED
    assert f"You have {incident.id}" in ana.home()
    assert f"{incident.number}:2:acknowledged" in ana.home()


def test_a_form_that_is_opened_on_the_home_answers_there(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.use("home")

    in_home(ana, "note", f"{incident.number}:1:open")
    assert ana.send(text="from home")["ok"]

    assert [e.text for e in neighbours.store.timeline(incident.number) if e.fact is Fact.NOTED] == ["from home"]
    assert f"Added to {incident.id}" in ana.home()
    assert ana.modal() == {}


def test_a_postmortem_waits_on_the_home_until_it_is_published(ana: Forms, neighbours: Neighbours) -> None:
    now = datetime.now(UTC)
    opened = now - timedelta(hours=1)
    incident = neighbours.add(
        status=Status.RESOLVED, resolved_at=now, resolved_by="Ana Lima", opened_at=opened, sort_id=f"zz{now:%H%M%S%f}"
    )
    neighbours.draft(incident, answered=5)
    ana.use("home")
    assert f"Postmortem of {incident.id}" in ana.home()
    assert "publish it" in ana.home()

    in_home(ana, "pm", f"{incident.number}:1:resolved")
    assert ana.send()["ok"]

    assert "is published" in ana.home()
    ana.use("home")
    assert f"Postmortem of {incident.id}" not in ana.home()


@pytest.mark.parametrize("ending", [Ending.MERGED, Ending.FALSE_ALARM])
def test_no_postmortem_waits_of_what_turned_out_to_be_none(ana: Forms, neighbours: Neighbours, ending: Ending) -> None:
    now = datetime.now(UTC)
    incident = neighbours.add(status=Status.RESOLVED, resolved_at=now, sort_id=f"zz{now:%H%M%S%f}", ending=ending)
    neighbours.draft(incident)

    ana.use("home")

    assert f"Postmortem of {incident.id}" not in ana.home()


def test_an_incident_is_opened_from_the_home(ana: Forms) -> None:
    ana.use("home")

    in_home(ana, "open_one", "open")

    assert ana.modal()["callback_id"] == "open"
    ana.use("close")


def test_a_slack_that_shows_no_home_costs_nobody_anything(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.use("home")
    ana.use("fail", mode="500", methods=["views.publish"])
    try:
        in_home(ana, "ack", f"{incident.number}:1:open")
        assert ana.use("home")["ok"]
    finally:
        ana.use("fail", mode="none")

    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED


def test_a_home_that_is_looked_at_is_drawn_again_after_a_step_elsewhere(
    ana: Forms, kept_room: KeptRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ana.use("home")
    assert incident.id in ana.home()

    kept_room.type(ANA.slack_id, f"false-alarm {incident.number} a test")
    assert kept_room.deliver() == []

    assert incident.id not in ana.home()


def test_a_home_that_nobody_has_looked_at_for_an_hour_costs_no_message(
    ana: Forms, kept_room: KeptRoom, neighbours: Neighbours
) -> None:
    incident, homes = neighbours.add(), kept_room.module.room().homes
    kept_room.type(ANA.slack_id, f"note {incident.number} nobody looks")
    ana.use("home")
    homes.opened(ANA.slack_id, datetime.now(UTC) - timedelta(minutes=61))
    kept_room.type(ANA.slack_id, f"note {incident.number} not any more")

    told = neighbours.target.client("sqs").receive_message(QueueUrl=kept_room.queue)
    assert told.get("Messages", []) == []
