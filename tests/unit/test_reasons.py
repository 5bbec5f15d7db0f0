"""Claims about what CloudWatch says in a reason. The texts are of the shapes that it writes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.reasons import Wording, in_words, read_reason

CROSSED = "Threshold Crossed: "
BAND = "Thresholds Crossed: 1 out of the last 1 datapoints [0.9 (02/11/26 12:00:00)] was "
ARN = "arn:aws:cloudwatch:eu-central-1:210987654321:alarm:"


# Texts of the shapes that CloudWatch writes, what kind each is, and what is said of it.
SAID = [
    (
        CROSSED + "no datapoints were received for 4 periods and 4 missing datapoints were treated as [Breaching].",
        Wording.ABSENT,
        "nothing came in 4 periods",
    ),
    (
        CROSSED + "2 datapoints were received for 5 periods and 3 missing datapoints were treated as [Breaching].",
        Wording.PARTLY_ABSENT,
        "only 2 came in 5 periods",
    ),
    (
        CROSSED + "no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching].",
        Wording.ABSENT,
        "",
    ),
    (
        CROSSED + "1 datapoint [7.0 (02/11/26 12:00:00)] was not less than the threshold (5.0) and 1 missing "
        "datapoint was treated as [Breaching].",
        Wording.NOT_CROSSED,
        "",
    ),
    (
        CROSSED + "3 out of the last 5 datapoints [12.5 (02/11/26 12:04:00), 11.0 (02/11/26 12:03:00), 9.5 "
        "(02/11/26 12:02:00)] were greater than or equal to the threshold (9.0) (minimum 3 datapoints for OK -> "
        "ALARM transition).",
        Wording.CROSSED,
        "3 of 5 datapoints greater than or equal to 9, the newest 12.5",
    ),
    (
        CROSSED + "1 datapoint (10.0) was greater than or equal to the threshold (10.0).",
        Wording.CROSSED,
        "1 datapoint greater than or equal to 10, the newest 10",
    ),
    (
        CROSSED + "4 datapoints were greater than the threshold (1.0)",
        Wording.CROSSED,
        "4 datapoints greater than 1",
    ),
    (
        CROSSED + "6 datapoints were less than or equal to the threshold (0.0). The most recent datapoints which "
        "crossed the threshold: [0.0 (02/11/26 22:05:00), 0.0 (02/11/26 22:00:00)].",
        Wording.CROSSED,
        "6 datapoints less than or equal to 0, the newest 0",
    ),
    (
        CROSSED + "1 out of the last 1 datapoints was greater than the threshold (80.0). The most recent "
        "datapoint: 85.3.",
        Wording.CROSSED,
        "1 of 1 datapoint greater than 80, the newest 85.3",
    ),
    (
        CROSSED + "1 datapoint [21.5 (MM/DD/YY HH:MM:SS)] was greater than the threshold (21.0).",
        Wording.CROSSED,
        "1 datapoint greater than 21, the newest 21.5",
    ),
    (
        CROSSED + "1 datapoint was not greater than the threshold (1.0)",
        Wording.NOT_CROSSED,
        "",
    ),
    (
        BAND + "less than the lower thresholds [0.2] or greater than the upper thresholds [0.4] (minimum 1 datapoint "
        "for OK -> ALARM transition).",
        Wording.CROSSED,
        "1 of 1 datapoint outside the band, the newest 0.9",
    ),
    ("4 out of 6 time series evaluated to ALARM", Wording.SERIES, "4 of 6 time series fail"),
    ("Insufficient Data: 5 datapoints were unknown.", Wording.INSUFFICIENT, ""),
    (
        ARN + "child transitioned to ALARM at Monday 02 November, 2026 12:00:00 UTC",
        Wording.CHILD,
        "",
    ),
    (
        ARN + "whole was created and its alarm rule evaluates to OK",
        Wording.RULE,
        "",
    ),
    ("Unchecked: Initial alarm creation", Wording.NEW, ""),
    ("Schwellenwert überschritten", Wording.UNKNOWN, ""),
    ("", Wording.UNKNOWN, ""),
]


@pytest.mark.parametrize(("text", "wording", "words"), SAID)
def test_a_reason_is_taken_apart_and_said_in_a_few_words(text: str, wording: Wording, words: str) -> None:
    read = read_reason(text)

    assert read.wording is wording
    assert in_words(read) == words


@given(st.text(max_size=600))
def test_no_wording_makes_the_reader_fail(text: str) -> None:
    in_words(read_reason(text))
    in_words(read_reason(CROSSED + text))


@pytest.mark.parametrize("part", ["1 datapoint ", "(1 (1 ", "no datapoints were ", "arn:aws:cloudwatch:", "1 out of "])
def test_a_reason_of_half_a_megabyte_costs_no_time(part: str) -> None:
    began = time.thread_time()

    read_reason(part * (500_000 // len(part)))

    assert time.thread_time() - began < 0.5
