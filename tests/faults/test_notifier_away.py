"""Claims about ten minutes without Slack: the queue delivers as SQS would, on a clock of its own."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.domain.incident import Incident
from deadair.domain.standing_error import Kind
from deadair.usecases.acknowledge import acknowledge
from notifier.consumer import PATIENT
from tests.builders import BEN, an_actor, at
from tests.rooms.notifier_room import Notifier, forget_pace, healthy, notifier
from tests.rooms.slack_rooms import neighbours

__all__ = ["healthy", "neighbours", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]

TEN_MINUTES = 600
# The longest wait of a notice that is tried again, and its deliveries.
SOON_S = 15 * 60
HANGS_S = 0.05


@dataclass
class Line:
    """The room behind its queue. `seconds` is how late it is; a message that was given up would be a dead letter."""

    room: Notifier
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0
    wait: int = 0
    due: list[tuple[float, int, str, int]] = field(default_factory=list)
    nth: Iterator[int] = field(default_factory=count)

    def now(self) -> datetime:
        """The room's clock."""
        return self.began + timedelta(seconds=self.seconds)

    def tell(self, incident: str, after_s: float = 0, deliveries: int = 1) -> None:
        """A message about an incident, onto the queue."""
        heapq.heappush(self.due, (self.seconds + after_s, next(self.nth), incident, deliveries))

    def until(self, seconds: float) -> None:
        """Deliver whatever is due by then."""
        while self.due and self.due[0][0] <= seconds:
            self.seconds, _, incident, deliveries = heapq.heappop(self.due)
            forget_pace(self.room.near)
            if self.room.tell(incident, deliveries=deliveries):
                assert deliveries <= PATIENT, f"{incident} is a dead letter"
                self.tell(incident, self.wait, deliveries + 1)
        self.seconds = seconds

    def later(self, _message: Any, seconds: int) -> None:
        """The room's wish for the next delivery."""
        self.wait = seconds

    def again(self, number: int, seconds: int) -> None:
        """What the room sends itself."""
        self.tell(f"INC-{number}", seconds)


@pytest.fixture
def line(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The room with that queue before it; whatever still stands afterwards is nobody's."""
    told, desk = Line(notifier), notifier.module.desk()
    standby = replace(desk.bringer.standby, clock=told.now, again=told.again)
    wired = replace(desk, bringer=replace(desk.bringer, clock=told.now, standby=standby))
    for name, other in {"desk": lambda: wired, "now": told.now, "later": told.later}.items():
        monkeypatch.setattr(notifier.module, name, other)
    yield told
    notifier.near.door("fail", mode="none")
    for name in standing(notifier):
        StandingErrors(notifier.near.dynamodb, notifier.near.incidents).clear(Kind.UNDELIVERED, name)


def standing(room: Notifier) -> list[str]:
    errors = StandingErrors(room.near.dynamodb, room.near.incidents).all()
    return [error.name for error in errors if error.kind is Kind.UNDELIVERED]


Away = Callable[[Notifier, pytest.MonkeyPatch], None]


def answers(**failure: Any) -> Away:
    def begin(room: Notifier, _patch: pytest.MonkeyPatch) -> None:
        room.near.door("fail", **failure)

    return begin


def hangs(room: Notifier, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(room.module.desk().bringer.slack, "_timeout_s", HANGS_S)
    room.near.door("fail", mode="hang")


def nowhere(address: str) -> Away:
    return lambda room, patch: patch.setattr(room.module.desk().bringer.slack, "_base_url", address)


@pytest.mark.parametrize(
    "away",
    [
        pytest.param(answers(mode="429", retry_after=60), id="429"),
        pytest.param(answers(mode="500", after=True), id="500-though-it-was-done"),
        pytest.param(hangs, id="hang"),
        pytest.param(nowhere("http://slack.invalid/api/"), id="no-such-name"),
    ],
)
def test_fault_26_ten_minutes_without_slack_end_with_each_notice_once(
    line: Line, monkeypatch: pytest.MonkeyPatch, away: Away
) -> None:
    """One waits from the beginning, one is acknowledged meanwhile, one opens just before the end."""
    room = line.room
    waits, taken, late = (room.near.add(), room.near.add(), room.near.add(owner=BEN))
    with monkeypatch.context() as patch:
        away(room, patch)
        line.tell(waits.id)
        line.tell(taken.id)
        line.until(TEN_MINUTES / 2)
        acknowledge(room.near.store, taken.number, an_actor(), now=at(9))
        line.tell(taken.id)
        line.until(TEN_MINUTES - 5)
        line.tell(late.id)
        line.until(TEN_MINUTES)
        assert standing(room) == ["Slack"]
        assert letters(room, waits, taken, late) == [1, 1, 0], "the second way speaks once, and not too early"
    room.near.door("fail", mode="none")

    line.until(TEN_MINUTES + SOON_S)
    assert line.due == []
    assert [len(room.cards(one)) for one in (waits, taken, late)] == [1, 1, 1]
    assert [len(room.told(one)) for one in (waits, late)] == [1, 1]
    assert letters(room, waits, taken, late) == [1, 1, 0]
    assert standing(room) == []


def letters(room: Notifier, *incidents: Incident) -> list[int]:
    return [len(room.letters(one)) for one in incidents]
