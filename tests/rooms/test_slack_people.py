"""Who somebody in Slack is to the rooms: by id, by address, by an old id; guests, strangers, bots and who has left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.people import PeopleStore
from deadair.domain.ownership import Person
from tests.builders import ANA, BEN
from tests.rooms.slack_rooms import Neighbours, SlackRoom, a_process, neighbours

__all__ = ["neighbours"]
pytestmark = pytest.mark.stack
SLUG = "people-of-many-kinds"


def somebody(neighbours: Neighbours, name: str = "Pia Person", **more: Any) -> Person:
    """A new member of the workspace."""
    own = uuid4().hex[:8]
    person = Person(name, f"{own}@example.com", f"U0{own.upper()}")
    neighbours.door("people", id=person.slack_id, name=person.name, email=person.email, **more)
    return person


@pytest.fixture(scope="module")
def room(neighbours: Neighbours) -> Iterator[SlackRoom]:
    """The Slack room in a process of its own, with an administrator."""
    admin = {"ADMINS": "the.admin@example.com"}
    with a_process("slack_commands.handler", neighbours.environment | admin) as module:
        yield SlackRoom(module.handler, neighbours)


def test_who_has_nothing_to_do_with_it_reads_whose_it_is_and_takes_it_with_a_reason(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    pia, incident = somebody(neighbours), neighbours.add()
    refused = room.say(f"ack {incident.number}", pia)
    assert refused == (
        f"{incident.id} belongs to @Ana Lima (HubSpot → Salesforce). You can `note`, or take it with"
        f" `/incident assign {incident.number} me &lt;reason&gt;`.\nNothing changed."
    )
    assert "Added to" in room.say(f"note {incident.number} it fails for me, too", pia)
    assert "Say why" in room.say(f"assign {incident.number} me", pia)
    assert "is yours now" in room.say(f"assign {incident.number} me Ana is on a plane", pia)
    assert neighbours.store.get(incident.number).owner == pia
    assert "✓ You have" in room.say(f"ack {incident.number}", pia)
    assert neighbours.store.get(incident.number).holder == pia


def test_an_owner_whom_the_row_names_by_address_alone_is_known_by_it(room: SlackRoom, neighbours: Neighbours) -> None:
    pia = somebody(neighbours)
    incident = neighbours.add(owner=replace(pia, slack_id=""))
    assert "✓ You have" in room.say(f"ack {incident.number}", pia)


def test_an_owner_whom_the_row_names_by_an_old_id_is_known_by_the_address(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    pia = somebody(neighbours)
    incident = neighbours.add(owner=replace(pia, slack_id="U0LONGAGO"))
    assert "✓ You have" in room.say(f"ack {incident.number}", pia)


def test_a_namesake_is_somebody_else(room: SlackRoom, neighbours: Neighbours) -> None:
    other, incident = somebody(neighbours, ANA.name), neighbours.add()
    assert "belongs to @Ana Lima" in room.say(f"resolve {incident.number} it works", other)


def test_an_administrator_insists_with_a_reason_and_nobody_else_does(room: SlackRoom, neighbours: Neighbours) -> None:
    pia, incident = somebody(neighbours), neighbours.add()
    neighbours.door("people", id="U0ADMIN", name="Ada Admin", email="the.admin@example.com")
    admin = Person("Ada Admin", "the.admin@example.com", "U0ADMIN")
    assert "belongs to" in room.say(f"mitigate {incident.number} --override I want to", pia)
    assert "belongs to" in room.say(f"mitigate {incident.number} paused it", admin)
    assert "is mitigated" in room.say(f"mitigate {incident.number} paused it --override nobody is awake", admin)
    line = neighbours.store.timeline(incident.number)[-1]
    assert line.text.endswith("(Override by an administrator: nobody is awake)")
    assert line.author == "Ada Admin"


def test_guests_bots_and_members_of_another_workspace_do_and_read_nothing(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    guest = somebody(neighbours, guest=True)
    assert "You are a guest of this workspace" in room.say(f"note {incident.number} hello", guest)
    assert "You are a guest of this workspace" in room.say(f"show {incident.number}", guest)
    assert "You belong to another workspace" in room.say("list", somebody(neighbours, team="T0OTHER"))
    assert len(neighbours.store.timeline(incident.number)) == 1


def test_a_guest_whom_a_row_names_owns_what_it_names(room: SlackRoom, neighbours: Neighbours) -> None:
    guest = somebody(neighbours, guest=True)
    neighbours.dynamodb.put_item(
        TableName=neighbours.registry,
        Item={"pk": {"S": "REG"}, "sk": {"S": f"ROW#{SLUG}"}, "row": {"S": row_of(guest)}},
    )
    incident = neighbours.add(integration=SLUG, owner=guest)
    with a_process("slack_commands.handler", neighbours.environment) as module:
        assert "✓ You have" in SlackRoom(module.handler, neighbours).say(f"ack {incident.number}", guest)
    neighbours.dynamodb.delete_item(TableName=neighbours.registry, Key={"pk": {"S": "REG"}, "sk": {"S": f"ROW#{SLUG}"}})


def row_of(owner: Person) -> str:
    return (
        f'{{"slug": "{SLUG}", "name": "Many kinds",'
        f' "owner": {{"name": "{owner.name}", "email": "{owner.email}", "slack_id": "{owner.slack_id}"}}}}'
    )


@pytest.mark.parametrize(
    ("mention", "said"),
    [
        ("<@U0NOPE>", "Slack knows nobody who is U0NOPE."),
        ("<@U0DEADAIR>", "is a bot."),
        ("<@USLACKBOT>", "is a bot."),
    ],
)
def test_an_incident_is_given_to_nobody_who_is_not_a_person_of_the_workspace(
    room: SlackRoom, neighbours: Neighbours, mention: str, said: str
) -> None:
    incident = neighbours.add()
    answer = room.say(f"assign {incident.number} {mention}")
    assert said in answer
    assert "Nothing changed." in answer
    assert neighbours.store.get(incident.number).owner == ANA


def test_an_incident_is_given_to_nobody_who_has_left_or_belongs_elsewhere(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    gone, elsewhere = somebody(neighbours, deleted=True), somebody(neighbours, team="T0OTHER")
    assert "Pia Person is deactivated in Slack." in room.say(f"assign {incident.number} <@{gone.slack_id}>")
    assert "Pia Person belongs to another workspace." in room.say(f"assign {incident.number} <@{elsewhere.slack_id}>")


def test_who_says_that_an_owner_has_left(room: SlackRoom, neighbours: Neighbours) -> None:
    neighbours.door("people", id=ANA.slack_id, name=ANA.name, email=ANA.email, deleted=True, updated=1793696400)
    with a_process("slack_commands.handler", neighbours.environment) as module:
        forget(neighbours, ANA)
        said = SlackRoom(module.handler, neighbours).say("who hubspot", BEN)
    neighbours.door("people", id=ANA.slack_id, name=ANA.name, email=ANA.email, deleted=False)
    forget(neighbours, ANA)
    assert said.startswith("HubSpot → Salesforce has no active owner since 3 Nov: Ana Lima is deactivated in Slack.")


def forget(neighbours: Neighbours, person: Person) -> None:
    neighbours.dynamodb.delete_item(
        TableName=neighbours.incidents, Key={"pk": {"S": f"MEMBER#{person.slack_id}"}, "sk": {"S": "HEAD"}}
    )


def test_a_slack_that_hangs_holds_up_no_command(neighbours: Neighbours) -> None:
    pia, incident = somebody(neighbours), neighbours.add()
    with a_process("slack_commands.handler", neighbours.environment) as module:
        room = SlackRoom(module.handler, neighbours)
        neighbours.door("fail", mode="hang")
        try:
            assert "✓ You have" in room.say(f"ack {incident.number}", ANA)
            assert "Added to" in room.say(f"note {incident.number} I see it, too", pia)
            assert "belongs to Ben Okafor" in room.say(f"assign {incident.number} <@{BEN.slack_id}>", ANA)
        finally:
            neighbours.door("fail", mode="none")


def test_a_warm_command_of_somebody_known_costs_no_call_of_slack(neighbours: Neighbours) -> None:
    incident = neighbours.add()
    with a_process("slack_commands.handler", neighbours.environment) as module:
        room = SlackRoom(module.handler, neighbours)
        before = neighbours.state()["calls"].get("users.info", 0)
        room.say(f"ack {incident.number}")
        room.say(f"note {incident.number} looked")
        room.say(f"show {incident.number}")
        assert neighbours.state()["calls"].get("users.info", 0) == before
        pia = somebody(neighbours)
        for _ in range(3):
            room.say(f"note {incident.number} from outside the registry", pia)
        assert neighbours.state()["calls"]["users.info"] == before + 1


def test_times_are_read_on_the_persons_own_clock(neighbours: Neighbours) -> None:
    pia, incident = somebody(neighbours, tz="Asia/Tokyo"), neighbours.add()
    with a_process("slack_commands.handler", neighbours.environment) as module:
        room = SlackRoom(module.handler, neighbours)
        assert "JST" in room.say(f"note {incident.number} the first one --at 10:42", pia)
        people = PeopleStore(neighbours.dynamodb, neighbours.incidents)
        people.change(pia.email, lambda reach: replace(reach, timezone="Europe/Lisbon"))
        assert "WET" in room.say(f"note {incident.number} the next one --at 10:43", pia)
