"""Claims about dead letters that are sent once more: kept whole, worked after the mend, once, however often pressed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from deadair.adapters.dynamodb.letters import LetterStore
from deadair.adapters.sqs.redriving import IntakeQueue
from deadair.domain.letter import LEASE, Letter, LetterState
from deadair.usecases.redrive import redrive, redrive_all
from infra.target import Target
from tests.builders import an_event, at
from tests.rooms.killed import Killed, Life
from tests.rooms.letter_line import LetterLine

pytestmark = pytest.mark.stack
BY = "Ana Lima"


@pytest.fixture
def line(stack: Target) -> LetterLine:
    return LetterLine(stack)


def a_letter(line: LetterLine) -> tuple[Letter, str]:
    """A dead letter, and the object that mends it."""
    body, key = line.by_reference(b"no event yet")
    line.send(body)
    line.deliver()
    (letter,) = line.letters.waiting().items
    return letter, key


def send(line: LetterLine, letter: Letter, now: datetime, life: Life | None = None) -> Letter:
    life = life or Life()
    letters, queue = LetterStore(life(line.dynamodb), line.table), IntakeQueue(life(line.sqs), line.work)
    return redrive(letters, queue, letter.message_id, BY, now=now)


def test_fault_19_a_dead_letter_has_its_reason_and_its_text_to_the_letter(line: LetterLine) -> None:
    texts = ["\ufeff\ufeff{", "[" * 3000, '{"a": "\u202e é 💩"}', " ", an_event("bad-name-number.json")]
    sent = dict(zip(line.send(*texts), texts, strict=True))
    line.deliver()

    letters = line.letters.waiting().items
    assert {letter.message_id: letter.raw for letter in letters} == sent
    assert {letter.reason for letter in letters} == {"not_json", "too_deep", "unknown_shape", "wrong_field"}
    assert all(letter.message for letter in letters)


def test_fault_20_a_letter_that_is_sent_after_the_mend_becomes_what_it_should_have_been(line: LetterLine) -> None:
    letter, key = a_letter(line)
    line.put(key, line.event().encode())

    gone = send(line, letter, at(61))
    line.deliver(62)

    (incident,) = line.incidents()
    assert gone.state is LetterState.REDRIVEN
    assert line.letters.waiting().items == []
    (told,) = line.letters.redriven().items
    assert (told.redriven_by, told.redriven_at, told.became, told.incident) == (BY, at(61), "opened", incident.id)
    assert line.balance().balances


def test_fault_20_pressing_twice_and_racing_sends_once(line: LetterLine) -> None:
    letter, key = a_letter(line)
    line.put(key, line.event().encode())

    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda _: send(line, letter, at(61)), range(8)))
    assert send(line, letter, at(90)).redriven_at == at(61)

    assert len(line.deliver(62)) == 1
    assert line.letters.get(letter.message_id).tries == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kth", [1, 2, 3])
def test_fault_20_whoever_dies_while_sending_leaves_a_letter_that_takes_effect_once(
    line: LetterLine, kth: int, *, after: bool
) -> None:
    letter, key = a_letter(line)
    line.put(key, line.event().encode())
    with pytest.raises(Killed):
        send(line, letter, at(61), Life(kth, after=after))
    line.deliver(61)

    send(line, letter, at(61) + LEASE)
    line.deliver(63)
    send(line, letter, at(80))
    line.deliver(81)

    (incident,) = line.incidents()
    assert len(line.store.timeline(incident.number)) == 1
    assert line.letters.get(letter.message_id).state is LetterState.REDRIVEN
    assert line.letters.waiting().items == []
    assert line.balance().balances


def test_fault_20_a_letter_that_fails_again_is_one_letter(line: LetterLine) -> None:
    letter, key = a_letter(line)
    for turn in range(3):
        send(line, letter, at(61 + turn))
        line.deliver(61.5 + turn)

    (waits,) = line.letters.waiting().items
    assert (waits.message_id, waits.tries, waits.state) == (letter.message_id, 3, LetterState.WAITING)
    assert (waits.raw, waits.failed_at) == (letter.raw, at(63.5))
    balance = line.balance()
    assert balance.balances, balance.problems
    assert balance.dead == {"not_json": 4}

    line.put(key, line.event().encode())
    send(line, waits, at(70))
    line.deliver(71)
    assert [incident.id for incident in line.incidents()] == [line.letters.get(letter.message_id).incident]


def test_fault_20_an_old_sending_that_fails_late_does_not_wake_a_letter_that_has_gone_since(line: LetterLine) -> None:
    letter, key = a_letter(line)
    send(line, letter, at(61))
    (old,) = line._records()
    line.consumer().consume([old[1]], at(61.5))
    line.put(key, line.event().encode())
    send(line, letter, at(62))
    line.deliver(63)

    line.put(key, b"rubbish again")
    line.consumer().consume([old[1]], at(64))

    assert line.letters.get(letter.message_id).became == "opened"
    assert line.letters.waiting().items == []


def test_fault_20_a_second_delivery_of_a_letter_does_not_undo_its_sending(line: LetterLine) -> None:
    letter, key = a_letter(line)
    line.put(key, line.event().encode())
    send(line, letter, at(61))
    line.put(key, b"no event yet")

    line.consumer().consume([{"messageId": letter.message_id, "body": letter.raw, "attributes": {}}], at(62))

    assert line.letters.get(letter.message_id).state is LetterState.REDRIVEN


def test_fault_20_all_letters_of_one_reason_go_together_and_the_others_stay(line: LetterLine) -> None:
    bodies = [line.by_reference(b"no event yet") for _ in range(30)]
    line.send(*(body for body, _ in bodies), '"unknown shape"')
    line.deliver()
    for place, (_, key) in enumerate(bodies):
        line.put(key, line.event(minutes=place).encode())

    gone = redrive_all(line.letters, line.queue, BY, reason="not_json", now=at(61))
    line.deliver(62)

    assert len(gone) == 30
    assert [letter.reason for letter in line.letters.waiting().items] == ["unknown_shape"]
    (incident,) = line.incidents()
    assert len(line.store.timeline(incident.number)) == 30
    assert line.balance().balances
