"""The most frequent errors of some log lines: what differs from line to line taken out, secrets too, then counted.

Knows plain lines, JSON lines and the ends of stack traces. Refuses to know where lines come from, and to keep a line
that is no error.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deadair.domain.alarm import shown
from deadair.domain.diagnosed import LogError
from deadair.domain.redaction import redact
from deadair.domain.severity import FailureClass
from deadair.domain.wordings import Meaning, meaning_of

READ, SHOWN, TOP = 4000, 200, 5
# Lines of these levels are no errors, whatever words are in them.
CALM = re.compile(r"^\W{0,3}(?:\S{1,40}\s+){0,3}?\[?(?:DEBUG|INFO|TRACE|NOTICE)\b", re.IGNORECASE)
CALM_LEVELS = frozenset({"debug", "info", "trace", "notice", "information"})
# Lambda's own lines about a run, and the places in a stack trace that came line by line.
BESIDE = re.compile(r"^(?:(?:START|END|REPORT|INIT_START|XRAY) |Traceback \(|at [\w$.<>]{1,200}\(|File \")")
ERRORS = re.compile(
    r"error|exception|fail|fatal|critical|denied|refused|rejected|timed? ?out|unauthori|forbidden|invalid|expired"
    r"|unable|could not|cannot|throttl|too many|limit|mismatch|deprecat|traceback|panic|\b[45][0-9]{2}\b",
    re.IGNORECASE,
)
# Where a JSON line says what happened, in the order of how much it says.
MESSAGES = ("message", "msg", "error", "err", "exception", "errorMessage", "error_message", "detail", "description")
KINDS = ("errorType", "exception_name", "error_code", "errorCode", "code", "status", "status_code", "statusCode")
LAST = re.compile(r"^[A-Za-z_][\w.]{2,80}(?:Error|Exception|Failure|Fault|Timeout|Warning)\b", re.MULTILINE)

# What differs from line to line; the order matters: longer shapes first.
VARYING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{5,15}(?:Z|[+-][0-9:]{2,5})?"), "…"),
    (re.compile(r"\b[0-9]{4}/[0-9]{2}/[0-9]{2}[T ][0-9:.,]{4,15}"), "…"),
    (re.compile(r"\b[0-9]{1,2}/[A-Za-z0-9]{2,3}/[0-9]{2,4}[: ][0-9:]{5,8}(?: [+-][0-9]{4})?"), "…"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "…"),
    (re.compile(r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?\b"), "…"),
    (re.compile(r"\b(?=[0-9a-zA-Z_-]*[0-9])(?=[0-9a-zA-Z_-]*[a-zA-Z])[0-9a-zA-Z_-]{12,}\b"), "…"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "…"),
    (re.compile(r"(?<![\w.])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?(?![\w.])"), "…"),
    (re.compile(r"(?<![\w.])-?[0-9]+(?:[.,][0-9]+)+(?![\w.])"), "…"),
    (re.compile(r"(?<![\w.])[0-9]{4,}(?![\w.])"), "…"),
    # A number of three digits may be a status; all others count things.
    (re.compile(r"(?<![\w.-])(?![1-5][0-9]{2}\b)[0-9]{1,3}(?=\b|m?s\b)"), "…"),
)
LEADING = re.compile(r"^(?:\[?(?:…|\b(?:ERROR|ERR|WARN|WARNING|FATAL|CRITICAL|SEVERE)\b)\]?|[\s|:,;-]+)+")


@dataclass(frozen=True, slots=True)
class Told:
    """What some lines say: the most frequent errors, how many errors there were, and how many for each class.

    `clear` are the classes that a line said in words that leave no doubt.
    """

    errors: tuple[LogError, ...] = ()
    total: int = 0
    classes: tuple[tuple[FailureClass, int], ...] = ()
    clear: frozenset[FailureClass] = frozenset()


def told_by(lines: Iterable[str]) -> Told:
    """Count the errors of these lines; the same for any order of them."""
    counted: Counter[str] = Counter()
    classes: Counter[FailureClass] = Counter()
    clear: set[FailureClass] = set()
    for line in lines:
        said, meaning = _read(line)
        if not said:
            continue
        counted[said] += 1
        if meaning:
            classes[meaning.failure_class] += 1
            clear |= {meaning.failure_class} if meaning.clear else set()
    ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    kinds = sorted(classes.items(), key=lambda one: (-one[1], one[0]))
    errors = tuple(LogError(text, count) for text, count in ranked[:TOP])
    return Told(errors, counted.total(), tuple(kinds), frozenset(clear))


def _read(line: str) -> tuple[str, Meaning | None]:
    """The error that a line tells, without what differs from line to line and without secrets; empty for no error."""
    said = _message(line[:READ])
    meaning = meaning_of(said)
    return (_shortened(redact(said)), meaning) if said and (meaning or ERRORS.search(said)) else ("", None)


def _message(line: str) -> str:
    """The part of a line that says what happened; empty where its level says that nothing did."""
    text = line.strip()
    if text.startswith("{"):
        return _of_json(text)
    last = list(LAST.finditer(text)) if "\n" in text else []
    first, _, _ = (text[last[-1].start() :] if last else text).partition("\n")
    return "" if BESIDE.match(first) or CALM.match(text) else first


def _of_json(text: str) -> str:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(read, dict):
        return ""
    if str(read.get("level") or read.get("severity") or "").lower() in CALM_LEVELS:
        return ""
    message = next((_plain(read[name]) for name in MESSAGES if read.get(name)), "")
    kinds = [f"{name} {read[name]}" for name in KINDS if isinstance(read.get(name), str | int) and read.get(name)]
    return " · ".join(filter(None, [message, *kinds[:2]]))


def _plain(value: Any) -> str:
    """A message may hold an object that says more."""
    if isinstance(value, dict):
        return next((_plain(value[name]) for name in MESSAGES if value.get(name)), json.dumps(value)[:SHOWN])
    return str(value)


def _shortened(text: str) -> str:
    for shape, mark in VARYING:
        text = shape.sub(mark, text)
    flat = shown(LEADING.sub("", text), limit=SHOWN)
    return re.sub(r"…(?:[ ,:/-]*…)+", "…", flat)
