"""Recorded raw events in files: found, taken apart as the line would deliver them, and made fit for a queue.

Knows the envelopes in which events are recorded (arrays, Lambda's `Records`) and what text SQS carries. Refuses to
judge an event: what is no alarm is sent all the same, because the line has to say what becomes of it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: 1 MiB since August 2025,
# and only #x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF.
MESSAGE_LIMIT = 1_048_576
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BLANK = re.compile(r"[ \t\n\r]*")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event: the bytes as recorded, the file, and its place when the file holds several (from 1, else 0)."""

    file: str
    data: bytes
    place: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent for an event. `stored` is the object that must be in the bucket first, None for most."""

    body: str
    stored: tuple[str, bytes] | None = None


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant, in order; those of a folder by name, hidden ones left out. Raises FileNotFoundError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.is_file())
            found += sorted(each for each in inside if not any(p.startswith(".") for p in each.relative_to(path).parts))
        elif path.exists():
            found.append(path)
        else:
            raise FileNotFoundError(str(path))
    return found


def events_of(file: Path) -> list[Recorded]:
    """The events in a file: one, or one per element of an array or of Lambda's `Records`."""
    data = file.read_bytes()
    parts = _parts(data)
    if parts is None:
        return [Recorded(str(file), data)]
    several = len(parts) > 1
    return [Recorded(str(file), part, place if several else 0) for place, part in enumerate(parts, 1)]


def message_of(event: Recorded) -> Message:
    """The event as SQS carries it: as it is, else wrapped in base64, else as a reference to the bucket."""
    text = _text(event.data)
    if text and not FORBIDDEN.search(text):
        body = text
    else:
        body = json.dumps({"deadair_raw_base64": base64.b64encode(event.data).decode("ascii")})
    if len(body.encode("utf-8")) <= MESSAGE_LIMIT:
        return Message(body)
    key = f"raw/{hashlib.sha256(event.data).hexdigest()}"
    return Message(json.dumps({"deadair_raw_s3": key}), (key, event.data))


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _parts(data: bytes) -> list[bytes] | None:
    """The events of a file that holds several; None when it is one event, or bytes that are none."""
    text = (_text(data) or "").removeprefix(BOM)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(whole, list):
        return list(_elements(text, text.index("["))) or None
    if not isinstance(whole, dict):
        return None
    if list(whole) == ["sequence"] and isinstance(whole["sequence"], list):
        return list(_elements(text, text.index("[", text.index(":")))) or None
    return _records(whole.get("Records"))


def _elements(text: str, start: int) -> Iterator[bytes]:
    """Each element of the array that begins at `start`, byte for byte as it was recorded."""
    decoder = json.JSONDecoder()
    at = _skip(text, start + 1)
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        yield text[at:end].encode("utf-8")
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


def _records(records: Any) -> list[bytes] | None:
    """What the queue had carried, or SNS, before Lambda packed it into `Records`."""
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        return None
    if all(isinstance(record.get("Sns"), dict) for record in records):
        return [json.dumps(record["Sns"]).encode() for record in records]
    if all(record.get("eventSource") == "aws:sqs" and isinstance(record.get("body"), str) for record in records):
        return [record["body"].encode("utf-8", "surrogatepass") for record in records]
    return None
