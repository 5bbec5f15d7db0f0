"""Claims about recorded events: taken apart as the line would deliver them, and never lost on the way to the queue."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cli.recorded import FORBIDDEN, MESSAGE_LIMIT, Recorded, events_of, files_of, message_of
from infra.cli.sending import BATCH, batches

EVENT = {"detail-type": "CloudWatch Alarm State Change", "detail": {"alarmName": "a"}}


def parts(tmp_path: Path, data: bytes) -> list[bytes]:
    file = tmp_path / "recorded.json"
    file.write_bytes(data)
    return [event.data for event in events_of(file)]


def test_an_event_is_sent_byte_for_byte(tmp_path: Path) -> None:
    data = b' {"detail-type" : "x", "n": 1.0, "n": 2 }\n'

    assert parts(tmp_path, data) == [data]
    assert message_of(Recorded("f", data)).body.encode() == data


def test_each_element_of_an_array_is_one_event_byte_for_byte(tmp_path: Path) -> None:
    assert parts(tmp_path, b'\xef\xbb\xbf[ {"a": 1.0 } ,\n[2],"x",{"b":"\\ud83d"}, null ]') == [
        b'{"a": 1.0 }',
        b"[2]",
        b'"x"',
        b'{"b":"\\ud83d"}',
        b"null",
    ]


def test_the_events_of_an_array_are_numbered(tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    file.write_text("[{}, {}]")

    assert [(event.file, event.place) for event in events_of(file)] == [(str(file), 1), (str(file), 2)]


def test_a_sequence_is_an_array(tmp_path: Path) -> None:
    assert parts(tmp_path, b'{"sequence": [{"a": 1}, {"a": 2}]}') == [b'{"a": 1}', b'{"a": 2}']


@pytest.mark.parametrize(
    ("record", "body"),
    [
        ({"Sns": {"Type": "Notification", "Message": "hello"}}, {"Type": "Notification", "Message": "hello"}),
        ({"eventSource": "aws:sqs", "body": json.dumps(EVENT)}, EVENT),
    ],
)
def test_what_lambda_packed_is_unpacked(tmp_path: Path, record: dict[str, Any], body: dict[str, Any]) -> None:
    sent = parts(tmp_path, json.dumps({"Records": [record, record]}).encode())

    assert [json.loads(each) for each in sent] == [body, body]


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"[]",
        b"[1,",
        b'{"Records": []}',
        b'{"Records": [{"dynamodb": {}}]}',
        b'{"Records": [{"Sns": {}}, {"eventSource": "aws:sqs", "body": ""}]}',
        b"\xff\xfe",
        b"",
        b'{"a":' * 20_000,
    ],
)
def test_what_is_none_of_these_stays_one_event(tmp_path: Path, data: bytes) -> None:
    assert parts(tmp_path, data) == [data]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"a\x00b", "a\ufffeb".encode(), b"\x0b"])
def test_bytes_that_no_queue_carries_travel_wrapped(data: bytes) -> None:
    message = message_of(Recorded("f", data))

    assert base64.b64decode(json.loads(message.body)["deadair_raw_base64"]) == data
    assert message.stored is None


@pytest.mark.parametrize("data", [b"x" * (MESSAGE_LIMIT + 1), b"\xff" * MESSAGE_LIMIT, "€".encode() * 400_000])
def test_what_is_too_large_for_a_message_waits_in_the_bucket(data: bytes) -> None:
    message = message_of(Recorded("f", data))

    key = f"raw/{hashlib.sha256(data).hexdigest()}"
    assert message.stored == (key, data)
    assert json.loads(message.body) == {"deadair_raw_s3": key}


def test_a_message_of_exactly_the_limit_is_sent_as_it_is() -> None:
    data = b"x" * MESSAGE_LIMIT

    assert message_of(Recorded("f", data)).body.encode() == data


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_nothing_is_lost_and_nothing_forbidden_is_sent(data: bytes) -> None:
    body = message_of(Recorded("f", data)).body

    assert body
    assert not FORBIDDEN.search(body)
    wrapped = json.loads(body)["deadair_raw_base64"] if '"deadair_raw_base64"' in body else None
    assert (base64.b64decode(wrapped) if wrapped is not None else body.encode()) == data


@given(st.lists(st.integers(1, MESSAGE_LIMIT), max_size=40))
def test_batches_keep_the_order_and_the_limits(lengths: list[int]) -> None:
    messages = [message_of(Recorded(str(i), b"x" * length)) for i, length in enumerate(lengths)]

    made = list(batches(messages))

    assert [message for batch in made for message in batch] == messages
    assert all(len(batch) <= BATCH and sum(len(m.body) for m in batch) <= MESSAGE_LIMIT for batch in made)


def test_a_folder_means_its_files_by_name_without_the_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a/.git/x", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert [str(file.relative_to(tmp_path)) for file in files_of([tmp_path])] == ["a/z.json", "b.json"]


def test_a_file_that_is_not_there_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files_of([tmp_path / "nope"])
