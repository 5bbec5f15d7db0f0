"""Claims about commands while the store is away: kept, answered in time, worked once and in order, and told."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ReadTimeoutError

from deadair.adapters.dynamodb import keys
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from tests.builders import ANA
from tests.rooms.kept_room import KeptRoom, a_deaf_host, kept_room
from tests.rooms.slack_rooms import CHANNEL, Neighbours, neighbours

__all__ = ["kept_room", "neighbours"]
pytestmark = pytest.mark.stack
SAVED = re.compile(r"Saved to the queue, not yet applied \(ref [0-9a-f]{4}\)\. You will get a message when it is\.")
FORM = {"type": "plain_text_input", "value": "by a form"}
# Slack shows "operation timed out" after this.
PATIENCE_S = 3.0


def notes(near: Neighbours, incident: Incident) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


def text_of(response: dict[str, Any]) -> str:
    return str(json.loads(response["body"])["text"])


@pytest.mark.parametrize("typed", ["note {n} rotated the key", "ack {n}", "resolve {n} a new key", "sev {n} 2 worse"])
def test_fault_29_a_command_without_a_store_is_kept_worked_once_and_told(kept_room: KeptRoom, typed: str) -> None:
    incident = kept_room.near.add()
    command = typed.format(n=incident.number)
    with kept_room.away():
        said = kept_room.type(ANA.slack_id, command)
        assert SAVED.fullmatch(said.split("\n")[0]), said
        (waiting,) = kept_room.deliver()
    assert kept_room.near.store.get(incident.number).version == incident.version

    assert kept_room.work(waiting) == []
    assert kept_room.near.store.get(incident.number).version == incident.version + 1
    told = kept_room.seen(ANA.slack_id)[-1]
    assert "This is what became of it" in told
    assert incident.id in told
    (ref,) = re.findall(r"ref ([0-9a-f]{4})", said.split("\n")[0])
    assert f"ref {ref}" in told


def test_fault_29_what_is_delivered_twice_is_worked_once(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        kept_room.room.command(f"note {incident.number} once")
        (waiting,) = kept_room.deliver()
    for _ in range(3):
        assert kept_room.work(waiting) == []
    assert notes(kept_room.near, incident) == ["once"]


def test_fault_27_a_request_that_slack_repeats_while_the_store_is_away_is_kept_once(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    form = {"team_id": "T0DEADAIR", "user_id": ANA.slack_id, "command": "/incident", "trigger_id": "t"}
    body = urlencode(form | {"text": f"note {incident.number} once"}).encode()
    stamp = {"X-Slack-Retry-Num": "1"}
    with kept_room.away():
        answers = [kept_room.room.post("commands", body, headers=headers) for headers in ({}, stamp)]
    assert all(SAVED.fullmatch(text_of(answer)) for answer in answers)
    assert kept_room.deliver() == []
    assert notes(kept_room.near, incident) == ["once"]


def test_fault_27_slacks_repetition_after_the_store_is_back_does_it_no_second_time(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        kept_room.room.command(f"note {incident.number} once", trigger="t-kept")
        (waiting,) = kept_room.deliver()
    kept_room.room.command(f"note {incident.number} once", trigger="t-kept")
    assert kept_room.work(waiting) == []
    assert notes(kept_room.near, incident) == ["once"]


def test_fault_29_two_kept_commands_of_one_person_stay_in_their_order(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        for text in ("first", "second"):
            kept_room.room.command(f"note {incident.number} {text}")
        (first,) = kept_room.deliver()  # the second does not overtake it
    kept_room.near.target.client("sqs").change_message_visibility(
        QueueUrl=kept_room.queue, ReceiptHandle=first["receiptHandle"], VisibilityTimeout=0
    )
    assert kept_room.deliver() == []
    assert notes(kept_room.near, incident) == ["first", "second"]


def test_fault_29_a_change_that_waited_counts_from_when_it_was_said(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        kept_room.room.command(f"change {incident.number} a new key")
        said_by = datetime.now(UTC)
    assert kept_room.deliver() == []
    (told,) = [one for one in kept_room.near.store.entries(incident.number) if one.fact is Fact.CHANGE_NOTED]
    assert told.occurred_at <= said_by < told.recorded_at


def test_fault_29_a_note_that_waited_tells_when_it_was_said(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        before = datetime.now(UTC)
        kept_room.room.command(f"note {incident.number} rotated --at 10m ago")
        kept_room.room.command(f"note {incident.number} and restarted")
        said_by = datetime.now(UTC)
    time.sleep(1.1)
    assert kept_room.deliver() == []
    told = [entry for entry in kept_room.near.store.entries(incident.number) if entry.fact is Fact.NOTED]
    ago, now = sorted(told, key=lambda entry: entry.occurred_at)
    assert before <= now.occurred_at <= said_by < now.recorded_at
    assert ago.occurred_at <= said_by - timedelta(minutes=9)


def test_fault_29_reads_are_not_kept(kept_room: KeptRoom) -> None:
    with kept_room.away():
        for typed in ("list", "show 42", "who hubspot"):
            assert "Try again in a minute" in text_of(kept_room.room.command(typed))
    assert kept_room.deliver() == []


def test_fault_29_without_the_queue_too_nothing_is_said_to_be_saved(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away(), kept_room.no_queue():
        answer = text_of(kept_room.room.command(f"note {incident.number} lost"))
    assert "Nothing changed" in answer
    assert "aved" not in answer
    assert kept_room.deliver() == []
    assert notes(kept_room.near, incident) == []


def test_fault_29_a_store_that_hangs_holds_nobody_up(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    kept_room.room.command("help")
    kept_room.module.WITHIN_S = 2.0
    with a_deaf_host() as host, kept_room.away(f"http://{host}"):
        began = time.monotonic()
        answer = text_of(kept_room.room.command(f"note {incident.number} slow"))
        took = time.monotonic() - began
    kept_room.module.WITHIN_S = 60.0
    assert SAVED.fullmatch(answer)
    assert took < PATIENCE_S
    assert kept_room.deliver() == []
    assert notes(kept_room.near, incident) == ["slow"]


def test_fault_29_work_that_takes_too_long_is_answered_in_time_and_done_later(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    kept_room.module.WITHIN_S = 0.0
    assert SAVED.fullmatch(text_of(kept_room.room.command(f"note {incident.number} later")))
    kept_room.module.WITHIN_S = 60.0
    assert kept_room.deliver() == []
    assert notes(kept_room.near, incident) == ["later"]


def test_fault_29_a_pressed_button_is_kept_and_says_so_beside_its_message(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    ack = {"type": "button", "action_id": "ack", "value": f"{incident.number}:1:open"}
    block = {"type": "actions", "elements": [ack | {"text": {"type": "plain_text", "text": "A"}}]}
    ts = kept_room.near.web.chat_postMessage(channel=CHANNEL, text=incident.id, blocks=[block])["ts"]
    with kept_room.away():
        kept_room.near.door("click", user=ANA.slack_id, ts=ts, action_id="ack")
        assert SAVED.match(kept_room.seen(ANA.slack_id)[-1])
        (waiting,) = kept_room.deliver()
    assert kept_room.work(waiting) == []
    assert kept_room.near.store.get(incident.number).status is Status.ACKNOWLEDGED
    assert "This is what became of it" in kept_room.seen(ANA.slack_id)[-1]


def test_fault_29_a_sent_modal_is_kept_and_closes_with_these_words(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    kept_room.near.door("command", user=ANA.slack_id, channel=CHANNEL, text=f"/incident note {incident.number}")
    with kept_room.away():
        answer = kept_room.near.door("submit", user=ANA.slack_id, values={"text": {"text": FORM}})
        assert SAVED.search(json.dumps(kept_room.near.state()["modals"])), answer
        (waiting,) = kept_room.deliver()
    assert kept_room.work(waiting) == []
    assert notes(kept_room.near, incident) == ["by a form"], kept_room.seen(ANA.slack_id)[-1]
    assert incident.id in kept_room.seen(ANA.slack_id)[-1]


def test_fault_29_a_step_that_was_saved_though_nobody_heard_so_is_not_taken_again(kept_room: KeptRoom) -> None:
    """The transaction took effect and its answer was lost: the request is kept, and finds its own mark."""
    incident = kept_room.near.add()
    real = kept_room.module.dynamodb()._client

    class Deafened:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def transact_write_items(self, **request: Any) -> Any:
            real.transact_write_items(**request)
            raise ReadTimeoutError(endpoint_url="x")

    kept_room.module.dynamodb()._client = Deafened()
    try:
        assert SAVED.fullmatch(text_of(kept_room.room.command(f"note {incident.number} once")))
    finally:
        kept_room.module.dynamodb()._client = real
    for record in kept_room.deliver():
        kept_room.near.dynamodb.delete_item(TableName=kept_room.near.incidents, Key=_request_of(kept_room))
        assert kept_room.work(record) == []
    assert notes(kept_room.near, incident) == ["once"]


def _request_of(kept_room: KeptRoom) -> Any:
    """The newest request: whoever began it has died by the time that it is given up."""
    pages = kept_room.near.dynamodb.scan(TableName=kept_room.near.incidents)["Items"]
    begun = [item for item in pages if item["sk"]["S"] == "REQUEST" and "answer" not in item]
    newest = max(begun, key=lambda item: item["begun_at"]["S"])
    return keys.key(newest["pk"]["S"], "REQUEST")


def test_fault_29_an_answer_that_slack_does_not_take_waits_alone_and_comes_once_as_a_direct_message(
    kept_room: KeptRoom,
) -> None:
    incident = kept_room.near.add()
    over = {"response_url": f"{kept_room.near.slack.url}/hooks/over-{incident.number}"}
    with kept_room.away():
        kept_room.room.command(f"note {incident.number} first", fields=over)
        kept_room.room.command(f"note {incident.number} second", fields=over)
        (waiting,) = kept_room.deliver()
    kept_room.near.door("fail", mode="500")
    assert kept_room.work(waiting) == [], "the note is written, and the next one need not wait for its answer"
    kept_room.near.target.client("sqs").delete_message(QueueUrl=kept_room.queue, ReceiptHandle=waiting["receiptHandle"])
    answers = kept_room.deliver()
    assert notes(kept_room.near, incident) == ["first", "second"]
    kept_room.near.door("fail", mode="500", after=True)
    for record in answers:
        assert kept_room.work(record), "it was said, and nobody heard so"
    kept_room.near.door("fail", mode="none")
    for record in answers:
        record["attributes"]["ApproximateReceiveCount"] = "2"
        assert kept_room.work(record) == []
    told = [one["text"] for one in kept_room.near.messages(incident) if one["channel"].startswith("D")]
    assert len(told) == len(answers) == 2
