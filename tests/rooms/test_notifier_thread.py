"""Claims about the thread under a card: what people did stands there once, in order, whatever fails or comes twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deadair.domain.by_hand import ByHand
from deadair.domain.incident import Incident
from deadair.domain.timeline import Fact, Source
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.note import note
from deadair.usecases.resolve import resolve
from deadair.usecases.step import entry_of
from deadair.usecases.undo import undo
from tests.builders import BEN, an_actor
from tests.rooms.notifier_room import Notifier, healthy, notifier
from tests.rooms.slack_rooms import CHANNEL

__all__ = ["healthy", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]


def now() -> datetime:
    return datetime.now(UTC)


def a_told_incident(notifier: Notifier) -> Incident:
    """One whose card is there."""
    incident = notifier.near.add()
    notifier.tell(incident)
    return incident


def says(notifier: Notifier, incident: Incident, *texts: str) -> None:
    """Ben writes lines into the timeline."""
    for text in texts:
        note(notifier.near.store, incident.number, an_actor(BEN), text, now=now())


def rings(notifier: Notifier, incident: Incident, *states: str) -> None:
    """What its alarms say, one after the other."""
    for state in states:
        before = notifier.near.store.get(incident.number)
        after = replace(before, version=before.version + 1)
        entry = entry_of(after, an_actor(source=Source.ALARM), Fact.ALARM_RECORDED, f"a is {state}.", now=now())
        notifier.near.store.save(before, after, replace(entry, data=(("state", state),)))


def test_each_line_is_said_once_by_whoever_comes_first(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)

    says(notifier, incident, "line 1", "line 3")
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda _: notifier.tell(incident), range(6))) == [[]] * 6
    says(notifier, incident, "line 5")
    assert notifier.tell(incident, incident) == []

    assert notifier.thread(incident) == [f"Ben Okafor · line {place}" for place in (1, 3, 5)]


def test_several_changes_at_once_are_one_message(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    says(notifier, incident, "one", "two", "three")

    assert notifier.during(lambda: notifier.tell(incident))["chat.postMessage"] == 1
    assert notifier.thread(incident)[-1] == "Ben Okafor · three"
    assert len(notifier.thread(incident)) == 4


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_fault_26_a_line_whose_answer_was_lost_is_found_in_the_thread(notifier: Notifier, after: object) -> None:
    incident = a_told_incident(notifier)
    says(notifier, incident, "one")
    notifier.near.door("fail", mode="500", after=after)
    assert notifier.tell(incident) == [incident.id]
    says(notifier, incident, "two")
    assert notifier.tell(incident) == [incident.id]
    notifier.near.door("fail", mode="none")

    assert notifier.tell(incident) == []

    assert notifier.thread(incident) == ["Ben Okafor · one", "Ben Okafor · two"]


def test_under_a_new_card_the_thread_goes_on_where_it_was(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    says(notifier, incident, "one")
    notifier.tell(incident)
    notifier.near.web.chat_delete(channel=CHANNEL, ts=notifier.cards(incident)[0]["ts"])
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())

    notifier.tell(incident)

    (card,) = notifier.cards(incident)
    under = [m for m in notifier.near.messages(incident) if m.get("thread_ts") == card["ts"]]
    assert len(under) == 1
    assert notifier.thread(incident) == ["Ben Okafor · one", "Ana Lima · Acknowledged."]


def test_a_card_that_is_gone_when_only_a_line_is_new_is_put_up_again(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    says(notifier, incident, "one")
    notifier.near.web.chat_delete(channel=CHANNEL, ts=notifier.cards(incident)[0]["ts"])
    notifier.near.door("fail", mode="ok_false", error="thread_not_found", methods=["chat.postMessage"])
    assert notifier.tell(incident) == [incident.id]
    notifier.near.door("fail", mode="none")

    assert notifier.tell(incident) == []

    assert len(notifier.cards(incident)) == 1
    assert notifier.thread(incident) == ["Ben Okafor · one"]


def test_what_is_taken_back_stays_and_the_taking_back_is_a_line(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    says(notifier, incident, "one")
    notifier.tell(incident)
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    undo(notifier.near.store, incident.number, an_actor(), now=now() + timedelta(seconds=1))

    notifier.tell(incident)

    _, first, second = notifier.thread(incident)
    assert first == "Ana Lima · Acknowledged."
    assert second.startswith("Ana Lima · ")
    assert "cknowledged" in second


def test_a_storm_of_alarms_costs_the_thread_nothing_until_somebody_acts(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)

    def storm() -> None:
        for _ in range(5):
            rings(notifier, incident, "ALARM", "OK", "ALARM", "OK")
            notifier.tell(incident)

    assert notifier.during(storm) == {}
    says(notifier, incident, "one")
    assert notifier.during(lambda: notifier.tell(incident)) == {"chat.postMessage": 1}
    assert notifier.thread(incident)[0].startswith("Alarms · 10 × ALARM, 10 × OK since")
    assert notifier.thread(incident)[1:] == ["Ben Okafor · one"]


def test_a_long_timeline_that_nobody_told_before_is_one_message(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    says(notifier, incident, *(f"{place} {'word ' * 60}" for place in range(40)))

    assert notifier.during(lambda: notifier.tell(incident)) == {"chat.postMessage": 1}
    first, *_, last = notifier.thread(incident)
    assert "changes before these are on the page" in first
    assert last.startswith("Ben Okafor · 39 ")


def test_what_somebody_opened_by_hand_says_so_and_tells_them_nothing(notifier: Notifier) -> None:
    words = "The form of the autumn webinar answers 500 since this morning, and nobody gets the confirmation mail."
    mine = notifier.near.add(by_hand=ByHand("Ana Lima", words[:60]), alarms={})
    others = notifier.near.add(by_hand=ByHand("Ben Okafor", words[:60]), alarms={})

    notifier.tell(mine, others)

    assert "says Ana Lima. No alarm has said so" in str(notifier.cards(mine))
    assert notifier.told(mine) == []
    (told,) = notifier.told(others)
    assert "Ben Okafor says that this integration of yours does not do its job" in str(told)


def test_nothing_in_a_thread_is_loud(notifier: Notifier) -> None:
    incident = a_told_incident(notifier)
    resolve(notifier.near.store, incident.number, an_actor(), "x", now=now())
    notifier.tell(incident)

    (told,) = [m for m in notifier.near.messages(incident) if m.get("thread_ts")]
    assert "<@" not in str(told["blocks"]) + told["text"]
    assert not told.get("reply_broadcast")
