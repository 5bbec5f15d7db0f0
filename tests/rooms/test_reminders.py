"""Claims about reminders: one digest for each person and day, whatever runs twice, late or dies."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.reminded import RemindedStore
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.adapters.email.letters import Letters
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.members import Member
from deadair.domain.action_item import ActionStatus
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem
from deadair.domain.review import Review
from deadair.domain.stages import Ending, Status
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.end_action import end_action
from deadair.usecases.actions.gather_work import Gathering
from deadair.usecases.over_time import OverTime
from reminders.consumer import consume
from reminders.monthly import Monthly
from reminders.mornings import Mornings
from reminders.sending import Sender
from tests.builders import ANA, BEN, FALLBACK, an_actor, an_incident
from tests.rooms.killed import Life, Scene, every_crash
from tests.rooms.slack_rooms import CHANNEL, TOKEN, Neighbours
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
# Before this test runs, so that what Slack says today is later.
TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
MONDAY = TUESDAY - timedelta(days=1)
SENDER = "deadair-reminders@example.com"
numbers = count(7001)


@dataclass
class Room:
    """The room with a table of its own, and the local Slack of the session."""

    near: Neighbours
    table: str

    def store(self) -> IncidentStore:
        return IncidentStore(self.near.dynamodb, self.table)

    def incident(self, **more: Any) -> Incident:
        incident = an_incident(next(numbers), **more)
        commit(self.near.dynamodb, [put_new(self.table, incident_item(incident))])
        return incident

    def item(self, incident: Incident, due_on: date, text: str = "Alert on empty loads", owner: Person = ANA) -> None:
        added = TUESDAY - timedelta(days=20)
        add_action(self.store(), incident.number, an_actor(), text, owner=owner, due_on=due_on, now=added)

    def sender(self, life: Life, slack_url: str = "") -> Sender:
        target = self.near.target
        slack = SlackClient(slack_url or f"{self.near.slack.url}/api/", lambda: TOKEN)
        topic = target.outputs["OperatorTopicArn"]
        letters = Letters(life(target.client("sesv2")), life(target.client("sns")), SENDER, topic)
        dynamodb = life(self.near.dynamodb)
        return Sender(RemindedStore(dynamodb, self.table), life(slack), letters, MemberStore(dynamodb, self.table))

    def mornings(self, life: Life | None = None, slack_url: str = "") -> Mornings:
        client, sender = self.near.dynamodb, self.sender(life or Life(), slack_url)
        gathering = Gathering(
            ActionStore(client, self.table),
            IncidentStore(client, self.table),
            RegistryStore(client, self.near.registry),
            sender.members,
            FALLBACK,
        )
        return Mornings(gathering, PeopleStore(client, self.table), sender, Links("https://deadair.example"))

    def monthly(self, life: Life | None = None) -> Monthly:
        client = self.near.dynamodb
        knowledge = KnowledgeIndex(self.near.target.client("s3"), self.near.target.outputs["KnowledgeBucket"])
        return Monthly(
            ActionStore(client, self.table),
            OverTime(OutlineStore(client, self.table)),
            knowledge,
            self.sender(life or Life()),
            Links("https://deadair.example"),
            CHANNEL,
        )

    def told(self, incident: Incident) -> list[dict[str, Any]]:
        """The messages that name an incident."""
        return [m for m in self.near.messages(incident) if m["channel"] != CHANNEL]

    def way(self) -> list[str]:
        """How digests went out, by who and day."""
        answer = self.near.dynamodb.scan(
            TableName=self.table,
            FilterExpression="begins_with(pk, :who)",
            ExpressionAttributeValues={":who": {"S": "REMINDED#"}},
        )
        return [item.get("way", {"S": "-"})["S"] for item in answer["Items"]]


@pytest.fixture
def remind(neighbours: Neighbours) -> Room:
    neighbours.target.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    room = Room(neighbours, a_table_like(neighbours.target, "IncidentsTable"))
    MemberStore(neighbours.dynamodb, room.table).put(replace(_member(ANA), timezone="UTC"), TUESDAY)
    MemberStore(neighbours.dynamodb, room.table).put(replace(_member(BEN), timezone="UTC"), TUESDAY)
    return room


def _member(person: Person) -> Member:
    return Member(person.slack_id, person.name, person.email, asked_at=TUESDAY)


def tell(room: Room, now: datetime = TUESDAY, **more: Any) -> bool:
    return room.mornings(**more).tell(now, lambda: False)


def text_of(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def test_each_person_has_one_message_with_what_is_over_first(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 14), "Rotate the key")
    remind.item(incident, date(2026, 11, 20), "Alert on empty loads")
    remind.item(incident, date(2026, 12, 20), "Write a runbook")
    remind.item(incident, date(2026, 11, 17), "Replay what was lost", BEN)
    for _ in range(3):
        assert tell(remind)
    told = remind.told(incident)
    assert len(told) == 2
    (anas,) = [m for m in told if "Rotate the key" in text_of(m)]
    shown = text_of(anas)
    assert "due Sat 14 Nov, 3 days late" in shown
    assert "due Fri 20 Nov" in shown
    assert "Write a runbook" not in shown
    assert shown.index("Rotate the key") < shown.index("Alert on empty loads")
    assert anas["text"] == "Ana Lima, what waits for you: 1 overdue, 1 due soon"
    buttons = [block["accessory"]["value"] for block in anas["blocks"] if "accessory" in block]
    assert buttons == [f"{incident.number}:1", f"{incident.number}:2"]


def test_monday_names_everything_and_a_weekend_nothing(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 12, 20), "Write a runbook")
    assert tell(remind, TUESDAY)
    assert remind.told(incident) == []
    assert tell(remind, MONDAY - timedelta(days=1))
    assert remind.told(incident) == []
    assert tell(remind, MONDAY)
    (only,) = remind.told(incident)
    assert "Open, with time" in text_of(only)


def test_the_morning_is_that_of_the_persons_own_clock(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 17))
    PeopleStore(remind.near.dynamodb, remind.table).change(
        ANA.email, lambda reach: replace(reach, timezone="America/New_York")
    )
    tell(remind, TUESDAY)
    assert remind.told(incident) == []
    tell(remind, TUESDAY + timedelta(hours=5))
    assert len(remind.told(incident)) == 1


def test_what_is_done_or_not_near_is_no_message_and_no_mark(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 17))
    end_action(remind.store(), incident.number, 1, an_actor(), ActionStatus.DONE, now=MONDAY)
    assert tell(remind)
    assert (remind.told(incident), remind.way()) == ([], [])


def test_whoever_left_is_not_asked_but_whoever_holds_the_integration(remind: Room) -> None:
    incident = remind.incident()
    gone = Person("Gus Gone", "gus@example.com", "U0GUS")
    remind.item(incident, date(2026, 11, 17), "Rotate the key", gone)
    MemberStore(remind.near.dynamodb, remind.table).put(replace(_member(gone), deactivated=True), TUESDAY)
    assert tell(remind)
    (only,) = remind.told(incident)
    assert only["text"].startswith("Ana Lima, ")


def test_a_draft_of_yesterday_waits_for_its_owner_and_a_review_for_its_reader(remind: Room) -> None:
    over = {"status": Status.RESOLVED, "ending": Ending.FIXED, "opened_at": MONDAY - timedelta(days=3)}
    draft, fresh, read = (remind.incident(**over) for _ in range(3))
    store, long_ago = remind.store(), MONDAY - timedelta(days=2)
    store.save_postmortem(draft.number, None, Postmortem(incident=draft.id, drafted_at=long_ago))
    store.save_postmortem(fresh.number, None, Postmortem(incident=fresh.id, drafted_at=TUESDAY - timedelta(hours=3)))
    asked = Review(asked_of=BEN, asked_by=ANA, asked_at=MONDAY)
    store.save_postmortem(read.number, None, Postmortem(incident=read.id, drafted_at=long_ago, review=asked))
    assert tell(remind)
    (anas,), (bens,) = remind.told(draft), remind.told(read)
    assert remind.told(fresh) == []
    assert anas["text"] == "Ana Lima, what waits for you: 1 postmortem"
    assert "0 of 5 questions answered" in text_of(anas)
    assert "You were asked to read it" in text_of(bens)


def test_where_slack_is_no_way_a_letter_goes_once(remind: Room) -> None:
    incident = remind.incident()
    stranger = Person("Nora Nowhere", "nora@example.com", "U0NOWHERE")
    MemberStore(remind.near.dynamodb, remind.table).put(replace(_member(stranger), timezone="UTC"), TUESDAY)
    remind.item(incident, date(2026, 11, 17), "Rotate the key", stranger)
    assert tell(remind)
    assert tell(remind)
    assert remind.way() == ["email"]


def test_a_slack_that_is_away_is_tried_again_and_then_a_letter_goes(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 17))
    nobody = "http://127.0.0.1:9/api/"
    told = [tell(remind, TUESDAY + timedelta(minutes=6 * turn), slack_url=nobody) for turn in range(4)]
    assert told == [False, False, True, True]
    assert remind.way() == ["email"]


def test_a_run_that_dies_anywhere_leaves_one_message(remind: Room) -> None:
    def scene() -> Scene:
        room = Room(remind.near, a_table_like(remind.near.target, "IncidentsTable"))
        MemberStore(room.near.dynamodb, room.table).put(replace(_member(ANA), timezone="UTC"), TUESDAY)
        incident = room.incident()
        # Of each world its own: Slack, which all of them share, finds a message by whom it is for.
        somebody = Person(ANA.name, f"ana-{incident.number}@example.com", ANA.slack_id)
        room.item(incident, date(2026, 11, 17), owner=somebody)
        minutes = count(0, 6)

        def work(life: Life) -> None:
            tell(room, TUESDAY + timedelta(minutes=next(minutes)), life=life)

        return Scene(work, lambda: (len(room.told(incident)), room.way()))

    effects = every_crash(scene)
    assert effects == ["put_item", "direct_channel", "post", "update_item"]


def test_the_channel_hears_once_a_month_on_its_first_working_day(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 1))
    first = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    heard = [remind.monthly().tell(first + timedelta(hours=hour)) for hour in (-1, 0, 0, 5, 24)]
    assert heard == ["", "slack", "", "", ""]
    told = [m for m in remind.near.state()["messages"] if m["channel"] == CHANNEL and "November 2026" in m["text"]]
    (only,) = told
    assert "1 open, 1 of them overdue" in text_of(only)


def test_one_half_that_fails_brings_the_message_back_and_stops_not_the_other(remind: Room) -> None:
    incident = remind.incident()
    remind.item(incident, date(2026, 11, 17))
    broken = replace(remind.monthly(), actions=None)  # type: ignore[arg-type]
    first = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    records = [{"messageId": "m1"}, {"messageId": "m2"}]
    assert consume(remind.mornings(), broken, records, first, lambda: False) == ["m1", "m2"]
    assert len(remind.told(incident)) == 1
    assert consume(remind.mornings(), remind.monthly(), records, TUESDAY, lambda: True) == ["m1", "m2"]
