"""Owners who were deactivated in Slack: their incidents go to somebody who is there, and everybody is told so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.client import SlackClient
from deadair.domain.errors import NotAllowed
from deadair.domain.ownership import Person
from deadair.domain.stages import Status
from deadair.domain.standing_error import Kind
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.escalate import Escalator
from deadair.usecases.know_member import know_member
from deadair.usecases.look_for_owners import Lookout
from deadair.usecases.must_be_there import Workspace
from infra.local.slack.server import Handle, start
from infra.target import Target
from tests.builders import ANA, BEN, FALLBACK, an_actor, at
from tests.local_slack import doors
from tests.rooms.escalation_room import CAT, SLUG, Escalation

pytestmark = pytest.mark.stack
TOKEN = "xoxb-a-token"
THIRD = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
EVERYBODY = [
    {"slack_id": ANA.slack_id, "name": ANA.name, "email": ANA.email},
    {"slack_id": BEN.slack_id, "name": BEN.name, "email": BEN.email},
    {"slack_id": CAT["slack_id"], "name": CAT["name"], "email": CAT["email"]},
    {"slack_id": FALLBACK.slack_id, "name": FALLBACK.name, "email": FALLBACK.email},
]


@pytest.fixture
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handle]:
    """A workspace of its own."""
    folder = tmp_path_factory.mktemp("slack")
    handle = start(
        "127.0.0.1",
        0,
        state_dir=folder,
        signing_secret="secret",
        bot_token=TOKEN,
        web_url="http://localhost:1",
        people=EVERYBODY,
    )
    yield handle
    handle.stop()


class Room(Escalation):
    """The escalation room with a Slack, in which people leave."""

    def __init__(self, stack: Target, slack: Handle) -> None:
        super().__init__(stack)
        self.slack = slack

    @property
    def workspace(self) -> Workspace:
        client = SlackClient(f"{self.slack.url}/api/", lambda: TOKEN, 1)
        return Workspace(MemberStore(self.dynamodb, self.table), lambda: client)

    def escalator(self, *given: object, **more: object) -> Escalator:
        return replace(super().escalator(*given, **more), workspace=self.workspace)  # type: ignore[arg-type]

    def leaves(self, *people: Person) -> None:
        """They are deactivated, since the third."""
        rows = [
            {
                "slack_id": one.slack_id,
                "name": one.name,
                "email": one.email,
                "deleted": True,
                "updated": THIRD.timestamp(),
            }
            for one in people
        ]
        doors.use(self.slack.url, "people", {"people": rows})

    def look_for_owners(self, minutes: float) -> int:
        escalator = self.escalator()
        assert escalator.workspace is not None
        return Lookout(escalator.registry, escalator.workspace, self.errors).look(at(minutes))


@pytest.fixture
def room(stack: Target, slack: Handle) -> Room:
    return Room(stack, slack)


def test_an_incident_whose_owner_left_goes_to_the_deputy_and_says_since_when(room: Room) -> None:
    room.leaves(ANA)
    room.incident()
    after = room.look(2)
    assert (after.owner, after.inactive_since, after.status) == (BEN, THIRD, Status.OPEN)
    said = "HubSpot → Salesforce has no active owner since 3 Nov"
    assert after.owner_note == f"{said}."
    (line,) = [entry for entry in room.said() if entry.fact is Fact.ASSIGNED]
    assert line.text == f"{said}. Escalated to Ben Okafor. Ana Lima is deactivated in Slack."
    with pytest.raises(NotAllowed, match=f"{said}. Escalated to Ben Okafor."):
        acknowledge(room.store, 42, an_actor(Person("Sam", "sam@example.com", "U0SAM")), now=at(3))
    assert acknowledge(room.store, 42, an_actor(BEN), now=at(3)).acknowledged_by == BEN.name


def test_whoever_left_is_passed_over_down_to_the_last_of_the_chain(room: Room) -> None:
    room.leaves(ANA, BEN)
    room.incident()
    assert room.look(2).owner.name == CAT["name"]


def test_where_everybody_left_nobody_can_be_told_and_anybody_may_work_on_it(room: Room) -> None:
    cat = Person(CAT["name"], CAT["email"], CAT["slack_id"])
    room.leaves(ANA, BEN, cat, FALLBACK)
    room.incident()
    for minutes in (2, 10, 20, 40, 60):
        after = room.look(minutes)
    assert after.owner == ANA
    assert after.escalation.told == ()
    assert after.escalation.unreachable is not None
    assert [error.name for error in room.errors.all()] == ["INC-42"]
    acknowledge(room.store, 42, an_actor(Person("Sam", "sam@example.com", "U0SAM")), now=at(61))


def test_a_deputy_who_left_is_not_told_and_the_next_one_is(room: Room) -> None:
    room.leaves(BEN)
    room.incident()
    for minutes in (2, 30, 31):
        after = room.look(minutes)
    assert after.owner == ANA
    assert after.escalation.told[0].person.name == CAT["name"]


def test_an_owner_who_is_there_keeps_it_and_slack_is_asked_once_in_ten_minutes(room: Room) -> None:
    room.incident()
    assert [room.look(minutes).owner for minutes in (2, 3, 4)] == [ANA] * 3
    assert doors.state(room.slack.url)["calls"]["users.info"] == 1


def test_a_slack_that_does_not_answer_changes_nobodys_owner_and_delays_nobody(room: Room) -> None:
    room.leaves(ANA)
    doors.use(room.slack.url, "fail", {"mode": "hang"})
    room.incident()
    assert room.look(2).owner == ANA


def test_an_owner_with_an_old_id_is_there_under_the_address(room: Room) -> None:
    old = Person(ANA.name, ANA.email, "U0ANAOLD")
    room.leaves(Person(ANA.name, "left@example.com", "U0ANAOLD"))
    room.incident(owner=old)
    assert room.look(2).owner == old


def test_the_registrys_owners_are_looked_for_and_who_left_stands_as_an_error_until_the_row_names_another(
    room: Room,
) -> None:
    assert room.look_for_owners(0) == 0
    room.leaves(ANA)
    assert room.look_for_owners(5) == 0
    assert room.look_for_owners(60 * 7) == 1
    (error,) = room.errors.all()
    assert (error.kind, error.name) == (Kind.NO_OWNER, SLUG)
    assert error.text == (
        "HubSpot → Salesforce has no active owner since 3 Nov: Ana Lima is deactivated in Slack."
        " Name another one in the registry."
    )
    room.row(owner={"name": BEN.name, "email": BEN.email, "slack_id": BEN.slack_id}, deputy=None)
    assert room.look_for_owners(60 * 8) == 0
    assert room.errors.all() == []


def test_what_slack_said_outlives_the_process_and_holds_for_ten_minutes(room: Room) -> None:
    assert know_member(room.workspace.members, room.workspace.slack, ANA.slack_id, at(0)) is not None
    room.leaves(ANA)
    soon = know_member(room.workspace.members, room.workspace.slack, ANA.slack_id, at(9))
    later = know_member(room.workspace.members, room.workspace.slack, ANA.slack_id, at(11))
    assert soon is not None
    assert later is not None
    assert [soon.deactivated, later.deactivated] == [False, True]
