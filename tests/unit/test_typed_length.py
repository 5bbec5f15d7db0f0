"""Claims about times to come, and about numbers that are a verb's own."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.slack.grammar import parse
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.domain.typed_length import leading_until, parse_length
from slack_commands import reading
from tests.builders import NOON


@pytest.mark.parametrize(
    ("typed", "length", "rest"),
    [
        ("30m vendor is on it", timedelta(minutes=30), "vendor is on it"),
        ("2h", timedelta(hours=2), ""),
        ("1h 30m lunch", timedelta(minutes=90), "lunch"),
        ("for 2 hours, vendor", timedelta(hours=2), "vendor"),
        ("2 days holiday", timedelta(days=2), "holiday"),
        ("until 14:00 release", timedelta(hours=2), "release"),
        ("until 11:59 tomorrow's run", timedelta(hours=23, minutes=59), "tomorrow's run"),
    ],
)
def test_a_time_to_come_is_read_and_the_reason_is_left(typed: str, length: timedelta, rest: str) -> None:
    assert leading_until(typed, NOON) == (NOON + length, rest)


@pytest.mark.parametrize("typed", ["", "soon", "3 apples", "30mx", "until it works", "٣٠m", "m"])
def test_what_is_no_time_to_come_is_none(typed: str) -> None:
    assert leading_until(typed, NOON)[0] is None
    assert parse_length(typed) is None


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    until, _ = leading_until(text, NOON)
    assert until is None or isinstance(until, datetime)
    for read in (reading.level, reading.failure_class, reading.milestone, reading.place):
        read(text)
    reading.alarm_names(text, ["a", "b c", ""])


@pytest.mark.parametrize(
    ("typed", "ref", "text"),
    [
        ("sev 2 leads are lost", "", "2 leads are lost"),
        ("sev 42 2 leads are lost", "42", "2 leads are lost"),
        ("sev 42 sev2", "42", "sev2"),
        ("sev INC-42 2", "42", "2"),
        ("42 sev 2", "42", "2"),
        ("sev 9", "", "9"),
        ("check 2", "", "2"),
        ("check 42 2", "42", "2"),
        ("snooze 42 30m", "42", "30m"),
        ("merge 43 into 42", "43", "into 42"),
    ],
)
def test_a_lone_number_is_the_verbs_own_where_it_takes_one(typed: str, ref: str, text: str) -> None:
    read = parse(typed)
    assert (read.ref, read.text) == (ref, text)


def test_words_of_people_are_ours() -> None:
    assert reading.level("sev2 why") == (Severity.SEV2, "why")
    assert reading.failure_class("Rate-limit their import") == (FailureClass.RATE_LIMIT, "their import")
    assert reading.failure_class("empty success, twice")[0] is FailureClass.EMPTY_SUCCESS
    assert reading.milestone("Began 10:42") == (Milestone.STARTED, "10:42")
    assert reading.alarm_names('"sync errors", latency', ["sync errors", "errors"]) == ["sync errors", "latency"]
