"""Claims about the notifier: one card, one message to the owner, whatever is repeated, late, broken or at once."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.slack.phrases import subject
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.assign import assign
from deadair.usecases.note import note
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.resolve import resolve
from tests.builders import ANA, BEN, an_actor
from tests.rooms.killed import Fragile, Killed
from tests.rooms.slack_rooms import CHANNEL, Neighbours, a_process

pytestmark = pytest.mark.stack


@dataclass
class Notifier:
    """The room, told facts as SQS tells them."""

    module: Any
    near: Neighbours

    def tell(self, *incidents: Incident | str, body: str | None = None) -> list[str]:
        """Deliver one message per incident in one batch. Returns the incidents that must come again."""
        ids = {uuid4().hex: incident for incident in incidents}
        records = [
            {
                "messageId": message_id,
                "receiptHandle": "handle",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:no-such-queue",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": body or a_fact(incident),
            }
            for message_id, incident in ids.items()
        ]
        failed = self.module.handler({"Records": records}, None)["batchItemFailures"]
        return [str(getattr(ids[f["itemIdentifier"]], "id", ids[f["itemIdentifier"]])) for f in failed]

    def cards(self, incident: Incident) -> list[dict[str, Any]]:
        """The messages about it in the channel."""
        return [m for m in self.near.messages(incident) if m["channel"] == CHANNEL]

    def told(self, incident: Incident) -> list[dict[str, Any]]:
        """The direct messages about it."""
        return [m for m in self.near.messages(incident) if m["channel"] != CHANNEL]

    def calls(self) -> dict[str, int]:
        """How often each method of Slack was called."""
        return dict(self.near.state()["calls"])

    def during(self, work: Callable[[], Any]) -> dict[str, int]:
        """Which methods of Slack some work called, and how often."""
        before = self.calls()
        work()
        return {name: n - before.get(name, 0) for name, n in self.calls().items() if n > before.get(name, 0)}


def a_fact(incident: Incident | str) -> str:
    number = incident if isinstance(incident, str) else incident.id
    return json.dumps({"source": "deadair", "detail-type": "incident.opened.v1", "detail": {"incident": number}})


@pytest.fixture(scope="module")
def notifier(neighbours: Neighbours) -> Iterator[Notifier]:
    """The room in one warm process."""
    with a_process("notifier.handler", neighbours.environment) as module:
        yield Notifier(module, neighbours)


@pytest.fixture(autouse=True)
def healthy(neighbours: Neighbours) -> Iterator[None]:
    """Slack works again after each claim."""
    yield
    neighbours.door("fail", mode="none")


def now() -> datetime:
    return datetime.now(UTC)


def test_an_incident_gets_one_card_and_its_owner_one_message(notifier: Notifier) -> None:
    incident = notifier.near.add()
    assert notifier.tell(incident) == []
    (card,), (told,) = notifier.cards(incident), notifier.told(incident)
    assert "Nobody has it yet" in json.dumps(card)
    assert "Ben Okafor → Lee Park" in json.dumps(card, ensure_ascii=False)
    assert f"{incident.id} is yours" in told["text"]
    assert told["text"].count("<@") == card["text"].count("<@") == 0


def test_the_same_fact_again_costs_slack_nothing(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    assert notifier.during(lambda: notifier.tell(incident, incident)) == {}


def test_the_card_follows_the_state_in_place_and_nothing_louder(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    ts = notifier.cards(incident)[0]["ts"]
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    assert notifier.during(lambda: notifier.tell(incident)) == {"chat.update": 1}
    resolve(notifier.near.store, incident.number, an_actor(BEN), "rotated the token", now=now())
    assert notifier.during(lambda: notifier.tell(incident)) == {"chat.update": 1}
    (card,) = notifier.cards(incident)
    assert card["ts"] == ts
    assert "Resolved by Ben Okafor" in json.dumps(card)
    assert "rotated the token" in json.dumps(card)
    assert len(notifier.told(incident)) == 1


def test_a_change_that_the_card_does_not_show_is_not_sent(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    note(notifier.near.store, incident.number, an_actor(), "a line in the timeline", now=now())
    assert notifier.during(lambda: notifier.tell(incident)) == {}


def test_facts_in_any_order_end_in_the_same_card(notifier: Notifier) -> None:
    incident = notifier.near.add()
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    resolve(notifier.near.store, incident.number, an_actor(), "x", now=now())
    calls = notifier.during(lambda: [notifier.tell(incident) for _ in range(3)])
    assert calls == {"chat.postMessage": 2, "conversations.open": 1}
    assert len(notifier.cards(incident)) == 1


def test_many_deliveries_at_once_lead_to_one_card_with_the_last_state(notifier: Notifier) -> None:
    incident = notifier.near.add()

    def turn(i: int) -> list[str]:
        note(notifier.near.store, incident.number, an_actor(), f"n{i}", now=now()) if i == 3 else None
        return notifier.tell(incident)

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(turn, range(6))) == [[]] * 6
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
    assert notifier.near.notices.progress(incident.number, "card").drawn == 2


def test_a_new_owner_is_told_once_and_who_takes_it_is_not(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    assign(notifier.near.store, incident.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    notifier.tell(incident)
    ana, ben = notifier.told(incident)
    assert ana["channel"] != ben["channel"]
    assert "Ana Lima gave this incident to you" in json.dumps(ben)
    assign(notifier.near.store, incident.number, an_actor(), ANA, now=now())
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 2
    assign(notifier.near.store, incident.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 3


def test_an_owner_without_slack_costs_no_card(notifier: Notifier) -> None:
    incident = notifier.near.add(owner=Person("Paper Only", "paper@example.com"))
    assert notifier.tell(incident) == []
    assert "Paper Only" in json.dumps(notifier.cards(incident))
    assert notifier.told(incident) == []


def test_the_postmortem_is_asked_for_once_and_counts_in_place(notifier: Notifier) -> None:
    incident = notifier.near.add()
    store, number = notifier.near.store, incident.number
    resolve(store, number, an_actor(), "x", now=now())
    notifier.tell(incident)
    notifier.near.draft(incident, answered=2)
    notifier.tell(incident)
    answer_postmortem(store, number, an_actor(), {"how_detected": "by the silence alarm"}, now=now())
    notifier.tell(incident)
    (_, prompt) = notifier.told(incident)
    assert "3 of 5 answered" in prompt["text"]
    assert "3 of 5 answered" in json.dumps(notifier.cards(incident))
    answer_postmortem(store, number, an_actor(), {"what_fixed": "a", "what_earlier": "b"}, now=now())
    publish_postmortem(store, number, an_actor(), now=now())
    notifier.tell(incident)
    assert "is published" in notifier.told(incident)[1]["text"]
    assert len(notifier.told(incident)) == 2


# Slack fails


FAILURES = [
    {"mode": "429", "retry_after": 60},
    *(
        {"after": after, **failure}
        for after in (False, True)
        for failure in (
            {"mode": "500"},
            {"mode": "ok_false", "error": "internal_error"},
            {"mode": "ok_false", "error": "channel_not_found"},
            {"mode": "ok_false", "error": "invalid_auth"},
        )
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: "-".join(str(value) for value in failure.values()))
def test_a_failing_slack_loses_nothing_and_doubles_nothing(notifier: Notifier, failure: dict[str, Any]) -> None:
    """`after`: the work was done and only its answer was lost."""
    incident = notifier.near.add()
    notifier.near.door("fail", **failure)
    assert notifier.tell(incident) == [incident.id]
    assert notifier.tell(incident) == [incident.id]
    notifier.near.door("fail", mode="none")
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1


def test_a_workspace_that_lets_us_post_but_not_look_still_gets_its_card(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.near.door("fail", mode="500")
    notifier.tell(incident)
    notifier.near.door("fail", mode="ok_false", error="missing_scope", methods=["conversations.history"])
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1


def test_slacks_wish_to_wait_is_the_delay_of_the_next_delivery(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(notifier.module, "later", lambda message, seconds: waits.append(seconds))
    notifier.near.door("fail", mode="429", retry_after=37)
    notifier.tell(notifier.near.add())
    notifier.near.door("fail", mode="500")
    notifier.tell(notifier.near.add())
    assert waits == [37, 10]


def test_slacks_rate_limit_is_waited_for_within_one_batch(notifier: Notifier) -> None:
    incidents = [notifier.near.add() for _ in range(3)]
    notifier.near.door("fail", mode="rate")
    assert notifier.tell(*incidents) == []
    assert [len(notifier.cards(incident)) for incident in incidents] == [1, 1, 1]


def test_slack_that_hangs_is_left_after_five_seconds(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.near.door("fail", mode="hang", methods=["chat.postMessage"], count=1)
    assert notifier.tell(incident) == [incident.id]
    notifier.near.door("fail", mode="none")
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1


def test_one_incident_that_fails_holds_up_no_other(notifier: Notifier) -> None:
    good, other = notifier.near.add(), notifier.near.add()
    notifier.near.door("fail", mode="500", count=1, methods=["chat.postMessage"])
    assert notifier.tell(good, other) == [good.id]
    assert len(notifier.cards(other)) == 1
    assert notifier.tell(good) == []
    assert len(notifier.cards(good)) == 1


def test_an_incident_that_cannot_be_read_holds_up_no_other(notifier: Notifier) -> None:
    odd, good = notifier.near.add(), notifier.near.add()
    item = incident_item(odd) | {"likely": {"S": "a class of a later version"}}
    notifier.near.dynamodb.put_item(TableName=notifier.near.incidents, Item=item)

    try:
        assert notifier.tell(odd, good) == [odd.id]
    finally:
        # Other claims list what is open in this table.
        key = {name: item[name] for name in ("pk", "sk")}
        notifier.near.dynamodb.delete_item(TableName=notifier.near.incidents, Key=key)
    assert len(notifier.cards(good)) == len(notifier.told(good)) == 1


def test_a_card_that_cannot_be_drawn_does_not_keep_the_owner_from_knowing(
    notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = notifier.near.add()
    monkeypatch.setitem(subject("card"), "summary", "{a word that nobody gives}")

    assert notifier.tell(incident) == [incident.id]
    assert len(notifier.told(incident)) == 1


def test_a_message_that_is_no_fact_is_left_to_the_dead_letters(notifier: Notifier) -> None:
    incident = notifier.near.add()
    for body in ("", "[]", "{}", '{"detail": {"incident": "INC-0"}}', '{"detail": {"incident": 42}}'):
        assert notifier.tell("poison", body=body) == ["poison"]
    assert notifier.tell("INC-999999", incident) == ["INC-999999"]
    assert len(notifier.cards(incident)) == 1


def test_a_card_that_somebody_deleted_comes_back_with_the_next_change(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    notifier.near.web.chat_delete(channel=CHANNEL, ts=notifier.cards(incident)[0]["ts"])
    assert notifier.cards(incident) == []
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    assert notifier.tell(incident) == []
    assert len(notifier.cards(incident)) == 1


# The worker dies


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 6), ids=["read", "claim", "finish", "claim-2", "finish-2"])
def test_killed_at_any_call_it_still_ends_in_one_card_and_one_message(
    notifier: Notifier, call: int, *, after: bool
) -> None:
    incident = notifier.near.add()
    desk = notifier.module.desk()
    table, client = notifier.near.incidents, Fragile(notifier.near.dynamodb, call, after=after)
    dying = replace(desk.pen, notices=NoticeStore(client, table))
    with pytest.raises(Killed):
        replace(desk, store=IncidentStore(client, table), pen=dying).converge(incident.number)
    later = replace(desk, pen=replace(desk.pen, clock=lambda: now() + timedelta(minutes=5)))
    later.converge(incident.number)
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
