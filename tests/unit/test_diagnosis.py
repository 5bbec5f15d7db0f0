"""Claims about the kind of failure: what an alarm's name says, and what the other side's answers say."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from deadair.domain.alarm import AlarmState, Evidence, Signal, Transition
from deadair.domain.diagnosis import EVIDENCE_WITHIN, evidence_in, read_signal
from deadair.domain.health import Health, Recent
from deadair.domain.severity import FailureClass
from tests.builders import an_alarm, at
from tests.unit.test_line import after

ALARM = AlarmState.ALARM
ZERO = "Threshold Crossed: 3 datapoints [0.0 (02/11/26 12:00:00)] were less than the threshold (1.0)."
ABSENT = (
    "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching]."
)


@pytest.mark.parametrize("slug", ["hubspot-salesforce", "error-quota-sync", "no-data-latency-p95", "silence"])
@pytest.mark.parametrize(
    ("word", "signal"),
    [
        ("silence", Signal.SILENCE),
        ("error-rate", Signal.ERROR_RATE),
        ("latency", Signal.LATENCY),
        ("freshness", Signal.FRESHNESS),
        ("quota-second", Signal.QUOTA),
        ("quota-day", Signal.QUOTA),
        ("credential", Signal.CREDENTIAL),
        ("version", Signal.VERSION),
    ],
)
@pytest.mark.parametrize("prefix", ["deadair", "deadair-trial"])
def test_an_alarm_that_the_registry_raised_is_read_by_its_last_word(
    prefix: str, slug: str, word: str, signal: Signal
) -> None:
    for reason in (ZERO, ABSENT):
        assert read_signal(name=f"{prefix}-{slug}-{word}", metric="Records", reason=reason) is signal


@pytest.mark.parametrize(
    ("name", "metric", "signal"),
    [
        ("usage-flag-errors", "Errors", Signal.ERROR_RATE),
        ("orders-queue", "ApproximateAgeOfOldestMessage", Signal.FRESHNESS),
        ("replica", "ReplicaLag", Signal.FRESHNESS),
        ("storage-messages", "NumberOfMessages", Signal.UNKNOWN),
        ("crm no data", "", Signal.SILENCE),
    ],
)
def test_a_hint_inside_another_word_is_none(name: str, metric: str, signal: Signal) -> None:
    assert read_signal(name=name, metric=metric, reason="") is signal


def health(*runs: dict[str, int], ok: bool = False, records: int = 0, minutes: float = -10) -> Health:
    """One signal a minute, the first so many minutes from noon."""
    recent = [Recent(at(minutes + n), ok, records, int(not ok), codes, str(n)) for n, codes in enumerate(runs)]
    return Health("hubspot-salesforce", recent[-1].at, recent=tuple(reversed(recent)))


def found(told: Health | None) -> Evidence | None:
    return evidence_in(told, at=at(0), now=at(0))


@pytest.mark.parametrize(
    ("code", "failure_class"),
    [
        ("401", FailureClass.AUTH),
        ("403", FailureClass.AUTH),
        ("429", FailureClass.RATE_LIMIT),
        ("500", FailureClass.VENDOR_ERROR),
        ("504", FailureClass.VENDOR_ERROR),
        ("408", FailureClass.VENDOR_ERROR),
        ("404", FailureClass.VERSION),
        ("410", FailureClass.VERSION),
        ("400", FailureClass.SCHEMA),
        ("409", FailureClass.SCHEMA),
        ("422", FailureClass.SCHEMA),
    ],
)
def test_what_the_other_side_answers_is_a_failure_class_with_its_evidence(
    code: str, failure_class: FailureClass
) -> None:
    told = health({"200": 1, code: 19}, {"200": 2, code: 18})

    assert found(told) == Evidence(f"37 of 40 calls answered {code} in the last 10 minutes", failure_class)


def test_several_answers_of_one_kind_are_named_together() -> None:
    evidence = found(health({"500": 3, "502": 9, "503": 4, "504": 1, "429": 2}, minutes=-0.5))

    assert evidence is not None
    assert evidence.text == "17 of 19 calls answered 500, 502 or 503 in the last minute"


@pytest.mark.parametrize(
    "told",
    [
        None,
        Health("never-sent"),
        health({}, ok=True, records=5),
        health({"200": 40}, ok=True, records=40),
        health({"200": 999, "500": 1}, ok=True, records=999),
        health({"401": 4, "429": 4, "500": 4}),
        health({"401": 9}, minutes=-31),
    ],
    ids=["nobody", "never", "no codes", "all well", "one stray", "no majority", "long ago"],
)
def test_without_a_clear_answer_nothing_is_claimed(told: Health | None) -> None:
    assert found(told) is None


def test_runs_that_succeed_and_carry_nothing_are_an_empty_success() -> None:
    evidence = found(health({"200": 1}, {"200": 1}, {}, ok=True))

    assert evidence == Evidence("3 of the last 3 runs succeeded and carried nothing", FailureClass.EMPTY_SUCCESS)


def test_an_alarm_that_is_recorded_hours_late_is_not_explained_by_the_answers_of_now() -> None:
    now = at(0) + EVIDENCE_WITHIN + timedelta(seconds=1)

    assert evidence_in(health({"401": 9}, minutes=25), at=at(0), now=now) is None


def test_stale_data_of_an_integration_that_runs_no_more_are_silence() -> None:
    told = health({"200": 1}, ok=True, records=5, minutes=-20)
    evidence = evidence_in(told, at=at(0), now=at(0), low_since=at(-15))

    assert evidence == Evidence("no signal came since 2026-11-02 11:40 UTC", FailureClass.SILENCE)
    assert evidence_in(told, at=at(0), now=at(0), low_since=at(-20)) is None
    assert after([an_error(0, evidence, Signal.FRESHNESS)]).incidents[1].failure_class is FailureClass.SILENCE


def an_error(minutes: float, evidence: Evidence | None, signal: Signal = Signal.ERROR_RATE) -> Transition:
    return an_alarm(ALARM, minutes, name=f"crm-{signal}", signal=signal, evidence=evidence)


AUTH = Evidence("37 of 40 calls answered 401 in the last 10 minutes", FailureClass.AUTH)
LIMIT = Evidence("9 of 9 calls answered 429 in the last minute", FailureClass.RATE_LIMIT)


def test_an_error_rate_is_of_the_class_that_the_answers_say() -> None:
    memory = after([an_error(0, AUTH)])

    (incident,) = memory.incidents.values()
    (entry,) = memory.entries.values()
    assert incident.failure_class is FailureClass.AUTH
    assert entry.text.endswith("Threshold Crossed. 37 of 40 calls answered 401 in the last 10 minutes.")
    assert entry.details["evidence"] == AUTH.text


@pytest.mark.parametrize("signal", [Signal.SILENCE, Signal.QUOTA, Signal.CREDENTIAL, Signal.VERSION])
def test_a_signal_that_says_what_is_wrong_keeps_its_class_and_tells_the_evidence(signal: Signal) -> None:
    plain, explained = (after([an_error(0, evidence, signal)]).incidents[1] for evidence in (None, AUTH))

    assert explained.failure_class is plain.failure_class
    assert explained.finding is not None
    assert explained.finding.text == AUTH.text


def test_a_slow_run_whose_calls_then_fail_is_of_the_class_of_the_failures() -> None:
    slow = an_error(0, LIMIT, Signal.LATENCY)

    assert after([slow]).incidents[1].failure_class is FailureClass.LATENCY
    assert after([slow, an_error(1, AUTH)]).incidents[1].failure_class is FailureClass.AUTH


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_evidence_that_belongs_to_its_alarm_ends_the_same_in_every_order(order: tuple[int, ...]) -> None:
    told = [
        an_error(0, None),
        an_error(1, LIMIT, Signal.LATENCY),
        an_error(2, AUTH),
        an_error(3, LIMIT),
        an_alarm(AlarmState.OK, 4, name="crm-error_rate", signal=Signal.ERROR_RATE),
    ]
    incident = after([told[i] for i in order]).incidents[1]

    assert (incident.failure_class, incident.finding) == (FailureClass.AUTH, after(told).incidents[1].finding)


def test_at_the_same_instant_the_alarm_that_sorts_first_keeps_its_evidence() -> None:
    pair = [an_error(0, AUTH), replace(an_error(0, LIMIT), alarm=an_alarm(name="other").alarm)]
    one, other = (after(told).incidents[1] for told in (pair, pair[::-1]))

    assert (one.finding, one.failure_class) == (other.finding, other.failure_class)
