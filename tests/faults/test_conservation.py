"""Claims about conservation: what was received is accounted for one by one, and whatever is missing is named."""

from collections.abc import Callable
from typing import Any

import pytest

from deadair.adapters.sqs.redriving import move
from deadair.usecases.merge import merge
from deadair.usecases.resolve import resolve
from deadair.usecases.split import split
from infra.target import Target
from tests.builders import an_actor, at
from tests.rooms.letter_line import DELIVERIES, LetterLine

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def line(stack: Target) -> LetterLine:
    """A line with one of everything: opened, appended, recovered, adopted, twice, ignored, dead."""
    line = LetterLine(stack)
    early, late = f"{line.name}-early", f"{line.name}-late"
    line.send(line.event(), line.event(), line.event("OK", 1), line.event("ALARM", 2), "not json at all")
    line.send(line.event("OK", 5, name=early), line.event("OK", 7, name=late))
    line.deliver()
    line.send(line.event("ALARM", 4, name=early))
    line.deliver(61)
    return line


def test_n1_what_was_received_is_opened_appended_ignored_dead_or_in_flight(line: LetterLine) -> None:
    balance = line.balance()

    assert balance.problems == []
    assert balance.received == sum(balance.outcomes.values()) == 8
    assert balance.outcomes == {
        "opened": 2,
        "appended": 1,
        "recovered": 2,
        "duplicate": 1,
        "ignored": 1,
        "dead_lettered": 1,
    }
    assert (balance.ignored, balance.dead) == ({"no_open_incident": 1}, {"not_json": 1})
    assert (balance.transitions, balance.entries) == (5, 5)


def an_item(line: LetterLine, kind: str, **wanted: str) -> dict[str, Any]:
    found = [i for i in line.items() if i["pk"].startswith(kind) and wanted.items() <= i.items()]
    return found[0]


LOSSES: dict[str, tuple[Callable[[LetterLine], dict[str, Any]], str]] = {
    "an outcome": (lambda line: an_item(line, "MSG#", sk="OUTCOME", outcome="ignored"), "nowhere any more"),
    "the outcome of what opened": (lambda line: an_item(line, "MSG#", sk="OUTCOME", outcome="opened"), "says nothing"),
    "a receipt": (lambda line: an_item(line, "MSG#", sk="RECEIVED"), "was never received"),
    "an entry": (lambda line: an_item(line, "INC#", source="alarm"), "does not tell of transition"),
    "an incident": (lambda line: an_item(line, "INC#", sk="HEAD"), "has a timeline and is nowhere any more"),
    "a transition": (lambda line: an_item(line, "ALARM#", outcome="recovered"), "which was never recorded"),
}


@pytest.mark.parametrize(("choose", "said"), LOSSES.values(), ids=LOSSES)
def test_n1_whatever_is_lost_is_named(
    line: LetterLine, choose: Callable[[LetterLine], dict[str, Any]], said: str
) -> None:
    item = choose(line)
    key = {"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}}
    whole = line.dynamodb.get_item(TableName=line.table, Key=key)["Item"]
    line.remove(item["pk"], item["sk"])

    balance = line.balance()

    line.dynamodb.put_item(TableName=line.table, Item=whole)
    assert not balance.balances
    assert any(said in problem for problem in balance.problems), balance.problems
    assert line.balance().balances


def test_n1_an_entry_that_changed_places_is_named(line: LetterLine) -> None:
    entry = an_item(line, "INC#", source="alarm")
    key = {"pk": {"S": entry["pk"]}, "sk": {"S": entry["sk"]}}
    whole = line.dynamodb.get_item(TableName=line.table, Key=key)["Item"]
    line.dynamodb.put_item(TableName=line.table, Item=whole | {"pk": {"S": "INC#999999"}})
    line.remove(entry["pk"], entry["sk"])

    problems = line.balance().problems

    line.dynamodb.put_item(TableName=line.table, Item=whole)
    line.remove("INC#999999", entry["sk"])
    assert [problem for problem in problems if "does not tell of transition" in problem]


def test_n1_what_was_merged_split_and_reopened_balances(stack: Target) -> None:
    line = LetterLine(stack)
    one, two = f"{line.name}-one", f"{line.name}-two"
    line.send(line.event(name=one), line.event(name=two))
    line.deliver()
    (first,), (second,) = line.incidents(one), line.incidents(two)
    merge(line.store, second.number, first.number, an_actor(), now=at(61))
    line.send(line.event("OK", 2, name=two), line.event("ALARM", 3, name=two))
    line.deliver(62)
    assert first.number == line.store.get(second.number).merged_into
    split(line.store, first.number, [two], an_actor(), now=at(63))
    line.send(line.event("OK", 4, name=two), line.event("OK", 5, name=one))
    line.deliver(64)
    resolve(line.store, first.number, an_actor(), now=at(65), fix="")
    line.send(line.event("ALARM", 70, name=one))
    line.deliver(70)

    balance = line.balance()

    assert balance.problems == []
    assert balance.entries == balance.transitions == 7


@pytest.fixture
def in_dead_letters(stack: Target) -> LetterLine:
    """A message that no delivery could work, and that the queue gave up."""
    line = LetterLine(stack)
    line.send(line.event())
    for _ in range(DELIVERIES):
        line.sqs.receive_message(QueueUrl=line.work, VisibilityTimeout=0)
    record = {"messageId": line.send(line.event(minutes=1))[0], "body": line.event(minutes=1)}
    line.consumer().ledger.receive({record["messageId"]: record["body"]}, at(1))
    for _ in range(DELIVERIES + 1):
        line.sqs.receive_message(QueueUrl=line.work, VisibilityTimeout=0, MaxNumberOfMessages=10)
    return line


def test_n1_a_settled_message_among_the_dead_letters_hides_no_lost_one(in_dead_letters: LetterLine) -> None:
    line = in_dead_letters
    assert line.balance().set_aside == 1

    line.consumer().ledger.receive({"lost-one": line.event(minutes=9)}, at(9))

    balance = line.balance()
    assert (balance.in_flight, balance.set_aside) == (2, 1)
    assert balance.problems == ["1 messages were received and are nowhere any more: lost-one"]


def test_fault_20_dead_letters_of_the_queue_are_worked_after_the_mend(in_dead_letters: LetterLine) -> None:
    line = in_dead_letters
    ledger = line.consumer().ledger

    assert move(line.sqs, line.dead, line.work, lambda old, new: ledger.gone_as(old, new, at(10))) == 2
    line.deliver()

    (incident,) = line.incidents()
    assert len(line.store.timeline(incident.number)) == 2
    balance = line.balance()
    assert balance.balances, balance.problems
    assert balance.dead["redriven"] == 1


def test_n1_what_aws_itself_redrove_under_new_ids_is_recognised_by_its_text(in_dead_letters: LetterLine) -> None:
    line = in_dead_letters

    move(line.sqs, line.dead, line.work, lambda _old, _new: None)
    line.deliver()

    balance = line.balance()
    assert balance.balances, balance.problems
    assert balance.brought_again == 1
