"""Claims about what a look concludes: the class, how sure, what lies beneath, and which alarm names an incident."""

from dataclasses import replace
from itertools import permutations

import pytest

from deadair.domain.alarm import Evidence, Signal
from deadair.domain.alarm_entry import entry_for
from deadair.domain.answering import opened
from deadair.domain.diagnosed import Confidence, Diagnosed, NearChange
from deadair.domain.finding import differs, line_of, told
from deadair.domain.heard import heard_in
from deadair.domain.incident import Incident
from deadair.domain.log_errors import told_by
from deadair.domain.looking import LOGS, REASON, SIGNALS, Said, Verdict, said_by_logs, takes_over, verdict
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Fact
from tests.builders import an_alarm, an_incident, at, held

AUTH, UNKNOWN, SILENCE = FailureClass.AUTH, FailureClass.UNKNOWN, FailureClass.SILENCE
WEBHOOK, RATE, LATENCY = FailureClass.WEBHOOK, FailureClass.RATE_LIMIT, FailureClass.LATENCY
LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH


def of_alarms(*signals: Signal) -> Incident:
    """An incident of alarms of these signals, a minute apart."""
    first, *others = [
        an_alarm(minutes=place, name=f"{place}-{signal.value}", signal=signal) for place, signal in enumerate(signals)
    ]
    incident = opened(first, held(), 42, at(1))
    for other in others:
        incident = incident.with_transition(other)
    return incident


ERRORS = of_alarms(Signal.ERROR_RATE)


@pytest.mark.parametrize(
    ("said", "kind", "confidence"),
    [
        ([], UNKNOWN, LOW),
        ([Said(LOGS, AUTH, "x")], AUTH, MEDIUM),
        ([Said(LOGS, AUTH, "x", clear=False)], AUTH, LOW),
        ([Said(LOGS, AUTH, "x"), Said(SIGNALS, AUTH, "y")], AUTH, HIGH),
        ([Said(LOGS, AUTH, "x", clear=False), Said(SIGNALS, AUTH, "y", clear=False)], AUTH, LOW),
        ([Said(LOGS, AUTH, "x"), Said(SIGNALS, RATE, "y")], AUTH, LOW),
        ([Said(LOGS, AUTH, "x"), Said(REASON, AUTH, "z"), Said(SIGNALS, RATE, "y")], AUTH, MEDIUM),
        ([Said(LOGS, WEBHOOK, "x"), Said(SIGNALS, AUTH, "y")], WEBHOOK, LOW),
        ([Said(LOGS, AUTH, "x"), Said(LOGS, RATE, "y", clear=False)], AUTH, MEDIUM),
    ],
)
def test_two_kinds_of_sources_are_sure_one_is_less_and_a_dispute_less_still(
    said: list[Said], kind: FailureClass, confidence: Confidence
) -> None:
    for order in permutations(said):
        found = verdict(ERRORS, order)
        assert (found.failure_class, found.confidence) == (kind, confidence)


def test_a_signal_that_says_what_is_wrong_is_not_overruled_and_what_is_beneath_is_told() -> None:
    found = verdict(of_alarms(Signal.SILENCE), [Said(LOGS, AUTH, "the logs say auth")])

    assert (found.failure_class, found.confidence, found.beneath) == (SILENCE, HIGH, AUTH)
    assert found.evidence == ("an alarm says: silence", "the logs say auth")


def test_a_refused_webhook_is_told_from_a_refused_password_by_the_words_of_the_logs() -> None:
    logs = told_by(["ERROR webhook signature verification failed, answered 401"] * 30)

    found = verdict(ERRORS, said_by_logs(logs))

    assert (found.failure_class, found.confidence) == (WEBHOOK, MEDIUM)


@pytest.mark.parametrize("signal", [Signal.FRESHNESS, Signal.LATENCY])
def test_an_alarm_that_is_only_late_gives_way_to_what_the_logs_say_beyond_doubt(signal: Signal) -> None:
    clear, faint = [Said(LOGS, WEBHOOK, "x")], [Said(LOGS, FailureClass.EMPTY_SUCCESS, "x", clear=False)]

    found, unsure = verdict(of_alarms(signal), clear), verdict(of_alarms(signal), faint)

    assert (found.failure_class, found.looked, found.confidence) == (WEBHOOK, WEBHOOK, MEDIUM)
    assert (unsure.failure_class, unsure.looked, unsure.confidence) == (LATENCY, None, LOW)


def test_a_person_s_word_goes_before_what_was_found_and_that_before_what_is_likely() -> None:
    late = replace(of_alarms(Signal.LATENCY), looked=WEBHOOK)

    assert (late.likely, late.guessed, late.failure_class) == (LATENCY, WEBHOOK, WEBHOOK)
    assert replace(late, cause=RATE).failure_class is RATE
    assert replace(of_alarms(Signal.SILENCE), looked=WEBHOOK).failure_class is SILENCE


def test_of_many_errors_only_those_that_are_a_good_part_of_them_count() -> None:
    logs = told_by(["ERROR 503 Service Unavailable"] * 3 + ["ERROR invalid_grant"] * 40)

    (only,) = said_by_logs(logs)

    assert (only.failure_class, only.text) == (AUTH, "40 of 43 errors in the logs say auth")


def test_an_earlier_finding_stays_until_one_that_is_as_sure() -> None:
    earlier = Diagnosed(failure_class=AUTH, confidence=MEDIUM)

    def replaced(kind: FailureClass, confidence: Confidence, incident: Incident = ERRORS) -> bool:
        return takes_over(Verdict(kind, confidence), earlier, incident)

    assert not replaced(UNKNOWN, LOW)
    assert not replaced(RATE, LOW)
    assert replaced(RATE, MEDIUM)
    assert replaced(AUTH, HIGH)
    assert replaced(SILENCE, HIGH, of_alarms(Signal.SILENCE))


def test_what_was_found_once_is_remembered_when_the_logs_are_quiet_again() -> None:
    found = verdict(replace(ERRORS, looked=AUTH), [])

    assert (found.failure_class, found.confidence) == (AUTH, LOW)


@pytest.mark.parametrize(
    ("signals", "leads", "kind"),
    [
        ((Signal.FRESHNESS, Signal.SILENCE), Signal.SILENCE, SILENCE),
        ((Signal.LATENCY, Signal.ERROR_RATE), Signal.ERROR_RATE, UNKNOWN),
        ((Signal.QUOTA, Signal.ERROR_RATE), Signal.ERROR_RATE, RATE),
        ((Signal.FRESHNESS, Signal.LATENCY), Signal.FRESHNESS, LATENCY),
        ((Signal.UNKNOWN, Signal.LATENCY), Signal.LATENCY, LATENCY),
        ((Signal.SILENCE, Signal.ERROR_RATE), Signal.SILENCE, SILENCE),
        ((Signal.ERROR_RATE, Signal.SILENCE), Signal.ERROR_RATE, UNKNOWN),
        ((Signal.LATENCY, Signal.QUOTA), Signal.QUOTA, RATE),
    ],
)
def test_the_most_telling_alarm_names_the_incident_not_the_first(
    signals: tuple[Signal, ...], leads: Signal, kind: FailureClass
) -> None:
    incident = of_alarms(*signals)

    assert (incident.signal, incident.likely) == (leads, kind)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_alarms_of_an_incident_name_it_the_same_in_every_order(order: tuple[int, ...]) -> None:
    signals = (Signal.FRESHNESS, Signal.QUOTA, Signal.ERROR_RATE, Signal.SILENCE)
    alarms = [an_alarm(minutes=place, name=signal.value, signal=signal) for place, signal in enumerate(signals)]
    alarms[0] = replace(alarms[0], evidence=Evidence("3 of 4 calls answered 401", AUTH))
    first, *others = [alarms[place] for place in order]

    incident = opened(first, held(), 42, at(9))
    for other in others:
        incident = incident.with_transition(other)

    assert (incident.signal, incident.likely) == (Signal.ERROR_RATE, AUTH)


def test_a_finding_is_told_when_it_is_another_not_when_its_numbers_grow() -> None:
    first = Diagnosed(failure_class=AUTH, confidence=MEDIUM, missed_records=10, evidence=("3 of 4 calls",), edit=1)

    assert differs(first, None)
    assert not differs(replace(first, missed_records=400, evidence=("30 of 40 calls",), edit=2), first)
    assert differs(replace(first, confidence=HIGH), first)
    assert differs(replace(first, beneath=WEBHOOK), first)
    assert differs(replace(first, affected=("A", "B")), replace(first, affected=("A",)))
    assert not differs(replace(first, affected=("A",)), replace(first, affected=("A", "B")))


def test_a_finding_is_one_line_with_its_evidence_and_says_so_when_there_is_none() -> None:
    found = Diagnosed(failure_class=AUTH, confidence=HIGH, evidence=("12 of 13 calls answered 401",), edit=3)

    line = line_of(found, None, an_incident(), at(5))

    assert line.text == "Looks like auth (high confidence): 12 of 13 calls answered 401."
    assert (line.id, line.details["class"]) == ("looked#000003", "auth")
    assert told(Diagnosed(failure_class=UNKNOWN, confidence=LOW)) == "Looked, and nothing says yet what broke."


def test_a_further_finding_tells_only_what_is_new() -> None:
    first = Diagnosed(failure_class=AUTH, confidence=HIGH, changes=(NearChange(at(-9), "deploy", "relay 1.4"),))
    changed = (NearChange(at(-3), "release", "vendor 7"), *first.changes)

    assert told(replace(first, changes=changed), first) == "Found what changed near the start: vendor 7."
    assert told(replace(first, affected=("A", "B", "C")), first) == "Found who is affected: A, B and 1 more."
    assert told(replace(first, confidence=LOW), first) == "Looks like auth (low confidence)."


@pytest.mark.parametrize("fact", [Fact.OPENED, Fact.REOPENED, Fact.ALARM_RECORDED])
def test_a_reason_in_other_words_than_cloudwatch_s_is_read_for_what_it_means(fact: Fact) -> None:
    alarm = an_alarm(signal=Signal.ERROR_RATE, reason="401 Unauthorized from HubSpot since noon")
    incident = opened(alarm, held(), 42, at(1))

    heard = heard_in([entry_for(alarm, incident, fact, at(1))])

    (said,) = heard.said
    assert (said.source, said.failure_class) == (REASON, AUTH)
