"""Claims about Slack's limits: where it was too busy once, all workers take turns, and nothing is lost or doubled."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.dynamodb.paces import Paces
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.pace import MESSAGE_S, Pace
from deadair.usecases.acknowledge import acknowledge
from infra.target import Target
from tests.builders import an_actor, at
from tests.rooms.notifier_room import Notifier, forget_pace, healthy, notifier
from tests.rooms.slack_rooms import CHANNEL, TOKEN, Neighbours, neighbours
from tests.stack import a_table_like

__all__ = ["healthy", "neighbours", "notifier"]
pytestmark = pytest.mark.stack
POST, EDIT = "chat.postMessage", "chat.update"


@dataclass
class Clock:
    """A clock that several workers read."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def table(stack: Target) -> str:
    return a_table_like(stack, "IncidentsTable")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def workers(stack: Target, table: str, clock: Clock, count: int = 2) -> list[Pace]:
    return [Pace(Paces(stack.client("dynamodb"), table, clock)) for _ in range(count)]


def to(channel: str) -> dict[str, Any]:
    return {"channel": channel}


def test_fault_26_a_calm_channel_costs_nothing(stack: Target, table: str, clock: Clock) -> None:
    (one,) = workers(stack, table, clock, 1)
    one.paces.client = None
    assert [one.turn(POST, to("C-CALM"), 25).wait_s for _ in range(50)] == [0] * 50


def test_fault_26_no_two_workers_get_the_same_turn(stack: Target, table: str, clock: Clock) -> None:
    pair = workers(stack, table, clock)
    for one in pair:
        one.refused(POST, to("C-TURNS"), 1)
    clock.now += 1.001
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda n: pair[n % 2].turn(POST, to("C-TURNS"), 100).wait_s, range(40)))
    waits = sorted(turns)
    assert [round(later - sooner, 3) for sooner, later in pairwise(waits)] == [MESSAGE_S] * 39


def test_fault_26_a_wish_of_slacks_holds_for_the_other_worker_too(stack: Target, table: str, clock: Clock) -> None:
    heard, other = workers(stack, table, clock)
    heard.refused(POST, to("C-WISH"), 30)
    other.look()
    turn = other.turn(POST, to("C-WISH"), 5)
    assert (turn.taken, turn.refused, turn.wait_s) == (False, True, 30)
    assert other.turn(POST, to("C-ELSE"), 5).wait_s == 0
    clock.now += 31
    assert other.turn(POST, to("C-WISH"), 5).wait_s == 0


def test_fault_26_an_edit_leaves_its_turn_to_new_messages(stack: Target, table: str, clock: Clock) -> None:
    (one,) = workers(stack, table, clock, 1)
    one.refused(POST, to("C-EDIT"), 1)
    clock.now += 1.001
    assert one.turn(POST, to("C-EDIT"), 25).wait_s == 0
    edit = one.turn(EDIT, to("C-EDIT"), 0)
    assert (edit.taken, edit.refused) == (False, False)
    assert one.turn(POST, to("C-EDIT"), 25).wait_s == pytest.approx(MESSAGE_S, abs=0.01), "it took no turn"


def test_fault_26_a_table_that_is_away_holds_up_no_message(clock: Clock) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            raise EndpointConnectionError(endpoint_url=name)

    one = Pace(Paces(Away(), "t", clock))
    one.look()
    one.refused(POST, to("C"), 1)
    assert one.turn(POST, to("C"), 5).wait_s == 0


def test_fault_26_waiting_for_a_turn_is_no_failure_of_slacks(notifier: Notifier, healthy: None) -> None:
    """However often it is delivered, nobody gets a letter: it comes again, and then it comes."""
    incident = notifier.near.add()
    slack = notifier.module.desk().bringer.slack
    notifier.tell(incident)
    acknowledge(notifier.near.store, incident.number, an_actor(), now=at(9))
    slack._pace.refused(POST, to(CHANNEL), 0)
    for _ in range(3):
        slack._pace.turn(POST, to(CHANNEL), 60)
    waited = notifier.waiting()
    assert notifier.tell(incident, deliveries=4) == []
    assert notifier.waiting() == waited + 1
    assert notifier.letters(incident) == []
    forget_pace(notifier.near)
    assert notifier.tell(incident) == []
    assert "Ana Lima, since" in str(notifier.cards(incident))


@pytest.fixture
def one_a_second(neighbours: Neighbours) -> Iterator[None]:
    neighbours.door("fail", mode="rate", burst=3)
    yield
    neighbours.door("fail", mode="none")


def test_fault_26_two_workers_fill_a_channel_without_a_storm_of_refusals(
    neighbours: Neighbours, one_a_second: None
) -> None:
    def worker(name: str) -> None:
        pace = Pace(Paces(neighbours.dynamodb, neighbours.incidents))
        slack = SlackClient(f"{neighbours.slack.url}/api/", lambda: TOKEN, pace=pace)
        slack.begin(60, 60)
        for number in range(6):
            slack.post(CHANNEL, Message(f"pace {name}{number}", ()), {})

    before = neighbours.state()["calls"].get(POST, 0)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(worker, "ab"))
    known = neighbours.state()
    shown = [one["text"] for one in known["messages"] if str(one["text"]).startswith("pace ")]
    assert sorted(shown) == sorted(f"pace {name}{number}" for name in "ab" for number in range(6))
    assert known["calls"][POST] - before <= 12 + 4, "each worker is refused once or twice, and then knows"
