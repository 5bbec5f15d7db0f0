"""Claims about action items: written with their timeline, listed, ended by whom they concern, taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.domain.action_item import ActionKind, ActionStatus
from deadair.domain.errors import IllegalTransition, Invalid, NotAllowed, NotFound, Stale
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor, Fact, Source
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.change_action import change_action, keep_link
from deadair.usecases.actions.end_action import end_action, reopen_action
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, an_incident, at
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
TODAY = at(0).date()
CLEO = Person("Cleo Marsh", "cleo@example.com", "U0CLEO")
DEADAIR = Actor(Person("Deadair"), Source.SYSTEM)


@dataclass
class Room:
    """A table of its own, and incidents in it."""

    store: IncidentStore
    actions: ActionStore
    number: int = 100

    def incident(self, **more: object) -> int:
        self.number += 1
        item = incident_item(an_incident(self.number, **more))
        commit(self.store.client, [put_new(self.store.table, item)])
        return self.number

    def facts(self, number: int) -> list[Fact]:
        return [entry.fact for entry in self.store.timeline(number)]

    def last(self, number: int) -> str:
        return self.store.timeline(number)[-1].text


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    client, table = stack.client("dynamodb"), a_table_like(stack, "IncidentsTable")
    return Room(IncidentStore(client, table), ActionStore(client, table))


def test_it_is_the_incident_owners_for_four_weeks_unless_somebody_says_otherwise(room: Room) -> None:
    number = room.incident()
    plain = add_action(room.store, number, an_actor(BEN), "Alert on empty loads", now=at(1))
    assert (plain.id, plain.owner, plain.due_on) == (f"INC-{number}-A1", ANA, TODAY + timedelta(days=28))
    said = add_action(
        room.store,
        number,
        an_actor(),
        "  Rotate the\ntoken, password=hunter22 ",
        kind=ActionKind.CORRECTIVE,
        owner=BEN,
        due_on=date(2026, 12, 12),
        link="https://tracker.example/7",
        now=at(2),
    )
    assert (said.number, said.owner, said.text) == (2, BEN, "Rotate the token, password=[redacted]")
    assert room.actions.of_incident(number) == [plain, said]
    assert room.actions.get(number, 2) == said
    assert room.last(number) == (
        f"Action item INC-{number}-A2: Rotate the token, password=[redacted] (corrective, Ben Okafor, by 12 Dec 2026)"
    )
    entry = room.store.timeline(number)[-1]
    assert (entry.fact, entry.details) == (Fact.ACTION_ADDED, {"action": "2", "status": "open"})


def test_lists_show_what_is_open_by_its_day(room: Room) -> None:
    number, zoe = room.incident(integration="feed-lists"), Person("Zoë Okonkwo", "zoe@example.com")
    late = add_action(room.store, number, an_actor(), "b", owner=zoe, due_on=date(2027, 1, 2), now=at(1))
    soon = add_action(room.store, number, an_actor(), "a", owner=zoe, due_on=date(2026, 11, 9), now=at(1))
    done = add_action(room.store, number, an_actor(), "c", owner=zoe, now=at(1))
    done = end_action(room.store, number, done.number, an_actor(zoe), ActionStatus.DONE, now=at(2))
    assert room.actions.of_person(zoe) == [soon, late]
    assert room.actions.of_integration("feed-lists") == [soon, late]
    assert room.actions.of_integration("feed-lists", open_only=False) == [done, soon, late]
    assert room.actions.ended_actions()[0] == done
    assert [item for item in room.actions.open_actions() if item.integration == "feed-lists"] == [soon, late]


def test_who_has_it_ends_it_and_a_stranger_does_not(room: Room) -> None:
    number = room.incident()
    add_action(room.store, number, an_actor(), "Alert on empty loads", owner=BEN, now=at(1))
    with pytest.raises(NotAllowed):
        end_action(room.store, number, 1, an_actor(CLEO), ActionStatus.DONE, now=at(2))
    with pytest.raises(Invalid):
        end_action(room.store, number, 1, an_actor(BEN), ActionStatus.DROPPED, now=at(2))
    dropped = end_action(
        room.store, number, 1, an_actor(BEN), ActionStatus.DROPPED, why="The vendor does it.", now=at(2)
    )
    assert (dropped.status, dropped.why, dropped.ended_by) == (
        ActionStatus.DROPPED,
        "The vendor does it.",
        "Ben Okafor",
    )
    assert end_action(room.store, number, 1, an_actor(), ActionStatus.DROPPED, why="x", now=at(3)) == dropped
    with pytest.raises(IllegalTransition, match="dropped already by Ben Okafor"):
        end_action(room.store, number, 1, an_actor(), ActionStatus.DONE, now=at(3))
    again = reopen_action(room.store, number, 1, an_actor(), now=at(4))
    assert (again.status, again.why, again.ended_by, again.ended_at) == (ActionStatus.OPEN, "", "", None)
    assert room.facts(number) == [Fact.ACTION_ADDED, Fact.ACTION_DROPPED, Fact.ACTION_CHANGED]


def test_a_change_says_what_changed_and_none_writes_nothing(room: Room) -> None:
    number = room.incident()
    item = add_action(room.store, number, an_actor(), "Alert on empty loads", now=at(1))
    same = change_action(room.store, number, 1, an_actor(), text=" Alert on  empty loads", owner=ANA, now=at(2))
    assert same == item
    after = change_action(room.store, number, 1, an_actor(), owner=BEN, due_on=date(2026, 12, 1), seen=1, now=at(2))
    assert (after.owner, after.due_on, after.version) == (BEN, date(2026, 12, 1), 2)
    assert room.last(number) == f"Action item INC-{number}-A1: handed to Ben Okafor, by 1 Dec 2026"
    with pytest.raises(Stale):
        change_action(room.store, number, 1, an_actor(), text="x", seen=1, now=at(3))


@pytest.mark.parametrize(
    ("text", "more", "field"),
    [
        ("  ", {}, "text"),
        ("x" * 501, {}, "text"),
        ("x", {"due_on": date(2026, 11, 1)}, "due_on"),
        ("x", {"due_on": date(2036, 11, 1)}, "due_on"),
        ("x", {"link": "javascript:alert(1)"}, "link"),
        ("x", {"link": "https://me:secret@tracker.example/7"}, "link"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(room: Room, text: str, more: dict, field: str) -> None:  # type: ignore[type-arg]
    number = room.incident()
    with pytest.raises(Invalid) as refused:
        add_action(room.store, number, an_actor(), text, now=at(1), **more)
    assert (refused.value.field, room.actions.of_incident(number)) == (field, [])


def test_what_was_merged_takes_none_and_says_where_it_goes_on(room: Room) -> None:
    number = room.incident(merged_into=7)
    with pytest.raises(IllegalTransition) as refused:
        add_action(room.store, number, an_actor(), "x", now=at(1))
    assert refused.value.remedy.startswith("action 7 ")


def test_of_many_who_add_at_once_each_gets_a_number(room: Room) -> None:
    number = room.incident(consent=True)
    with ThreadPoolExecutor(3) as pool:
        texts = ["a", "b", "c"]
        list(pool.map(lambda text: add_action(room.store, number, an_actor(), text, now=at(1)), texts))
    assert sorted(item.text for item in room.actions.of_incident(number)) == texts
    assert len(room.store.entries(number)) == 3


def test_the_log_of_consent_goes_on_with_it(room: Room) -> None:
    number = room.incident(consent=True)
    add_action(room.store, number, an_actor(), "Replay the opt-outs", now=at(1))
    end_action(room.store, number, 1, an_actor(), ActionStatus.DONE, now=at(2))
    found = verify_consent(room.store.client, room.store.table)
    assert found.whole
    assert room.store.get(number).consent_log.number == 2


def test_the_last_step_is_taken_back_and_done_again(room: Room) -> None:
    number, ana = room.incident(), an_actor()
    add_action(room.store, number, ana, "Alert on empty loads", now=at(1))
    end_action(room.store, number, 1, ana, ActionStatus.DONE, now=at(2))
    undo(room.store, number, ana, now=at(3))
    item = room.actions.get(number, 1)
    assert (item.status, item.ended_at, item.ended_by) == (ActionStatus.OPEN, None, "")
    assert item in room.actions.open_actions()
    undo(room.store, number, ana, now=at(4))
    assert room.actions.get(number, 1).status is ActionStatus.DONE
    assert item.number not in [one.number for one in room.actions.open_actions() if one.incident == number]


def test_one_that_was_added_by_mistake_is_in_no_list_and_its_number_stays_its_own(room: Room) -> None:
    number, ana = room.incident(), an_actor()
    add_action(room.store, number, ana, "Alert on empty loads", now=at(1))
    undo(room.store, number, ana, now=at(2))
    with pytest.raises(NotFound):
        room.actions.get(number, 1)
    assert room.actions.of_incident(number) == []
    assert [item for item in room.actions.open_actions() if item.incident == number] == []
    assert add_action(room.store, number, ana, "Another", now=at(3)).number == 2


def test_what_somebody_went_on_with_is_not_taken_away(room: Room) -> None:
    number, ana = room.incident(), an_actor()
    add_action(room.store, number, ana, "Alert on empty loads", owner=BEN, now=at(1))
    end_action(room.store, number, 1, an_actor(BEN), ActionStatus.DONE, now=at(2))
    with pytest.raises(IllegalTransition, match="Ben Okafor changed that since"):
        undo(room.store, number, ana, now=at(3))
    assert room.actions.get(number, 1).status is ActionStatus.DONE


def test_a_trackers_address_is_kept_once(room: Room) -> None:
    number = room.incident()
    add_action(room.store, number, an_actor(), "Alert on empty loads", now=at(1))
    assert keep_link(room.store, number, 1, DEADAIR, "https://tracker.example/MT-7", now=at(2))
    assert not keep_link(room.store, number, 1, DEADAIR, "https://tracker.example/MT-7", now=at(3))
    assert room.actions.get(number, 1).link == "https://tracker.example/MT-7"
    assert room.store.timeline(number)[-1].details["by"] == "tracker"
