"""Claims about what Deadair tells itself: read strictly, in the line like any alarm."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from alarm_intake.consumer import read_message
from alarm_intake.own_signals import OWN_SOURCE
from deadair.domain.alarm import AlarmIdentity, AlarmState, Signal, Transition
from deadair.domain.errors import Poison
from deadair.domain.line import Line, Outcome, rule
from deadair.domain.own_signal import SOURCE, due
from deadair.domain.ownership import Scope
from deadair.domain.severity import FailureClass
from tests.builders import an_arrival, an_event, an_integration, held

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def own(**detail: Any) -> str:
    message = json.loads(an_event("own-credential.json"))
    message["detail"] |= detail
    return json.dumps(message)


def read(body: str) -> Transition:
    found = read_message(body, NOW, lambda _key: b"")
    assert isinstance(found, Transition)
    return found


def test_an_own_signal_is_a_transition_of_its_integration() -> None:
    found = read(own())

    name = "deadair-hubspot-salesforce-credential"
    assert found.alarm == AlarmIdentity("aws", "210987654321", "eu-central-1", name)
    assert (found.state, found.signal) == (AlarmState.ALARM, Signal.CREDENTIAL)
    assert found.dimensions == {"Integration": "hubspot-salesforce"}
    assert found.at == datetime(2026, 11, 2, tzinfo=UTC)


def test_what_the_provisioner_sends_is_what_the_intake_reads() -> None:
    row = an_integration(row={"credential": {"expires_on": "2026-11-10"}, "api_version": {"ends_on": "2026-11-30"}})
    sent = list(due(row, "deadair", NOW))
    found = [read(json.dumps(signal.message("210987654321", "eu-central-1", NOW))) for signal in sent]

    assert [(t.signal, t.state, t.at, t.reason) for t in found] == [(s.signal, s.state, s.at, s.reason) for s in sent]
    assert {t.dimensions["Integration"] for t in found} == {row.slug}
    assert OWN_SOURCE == SOURCE


def test_the_same_day_told_again_is_the_same_transition() -> None:
    later = json.loads(own()) | {"time": "2026-11-05T03:10:00Z"}

    assert read(json.dumps(later)).key == read(own()).key


def test_the_signal_is_what_was_said_and_not_what_the_name_suggests() -> None:
    assert read(own(signal="silence", alarm="deadair-x-latency")).signal is Signal.SILENCE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("alarm", ""),
        ("alarm", 7),
        ("integration", None),
        ("integration", ["x"]),
        ("signal", "SILENCE"),
        ("state", "ok"),
        ("state", "INSUFFICIENT_DATA"),
        ("at", 1762041600),
        ("at", "2026-11-02 noon"),
        ("reason", {}),
    ],
)
def test_a_wrong_field_is_poison_that_names_it(field: str, value: object) -> None:
    with pytest.raises(Poison) as poison:
        read(own(**{field: value}))

    named = "name" if field == "alarm" else field
    assert (poison.value.reason, poison.value.message.partition(":")[0]) == ("wrong_field", named)


def test_deadair_says_so_itself_on_the_timeline() -> None:
    ruling = rule(an_arrival(read(own())), held(), Line("x"), None, number=1, now=NOW)

    (entry,) = ruling.entries
    assert (entry.author, entry.source) == ("Deadair", "alarm")
    assert entry.text == (
        "deadair-hubspot-salesforce-credential is ALARM. The OAuth token ends on 2026-11-16, in 14 days."
    )


def test_a_credential_that_ends_soon_is_of_class_auth_and_recovers_when_it_is_renewed() -> None:
    ruling = rule(an_arrival(read(own())), held(), Line("x"), None, number=1, now=NOW)
    assert ruling.incident is not None
    renewed = read(own(state="OK", at="2026-11-02T08:30:00Z"))

    after = rule(an_arrival(renewed), held(), Line("x", 1), ruling.incident, number=2, now=NOW)

    assert ruling.incident.failure_class is FailureClass.AUTH
    assert (after.outcome, after.incident and after.incident.recovered_at) == (Outcome.RECOVERED, renewed.at)


def test_no_scope_keeps_out_what_deadair_says_itself() -> None:
    assert Scope(accounts=("999999999999",), prefixes=("martech-",)).refuses(read(own())) == ""


def test_an_alarm_that_the_registry_raised_is_inside_whatever_the_prefixes_say() -> None:
    scope = Scope(prefixes=("martech-",), namespace="Deadair")

    assert scope.refuses(read(an_event("silence-of-zeros.json"))) == ""


def test_the_alarms_of_another_stage_in_the_same_account_are_that_stages() -> None:
    scope = Scope(namespace="Deadair/trial")

    assert scope.refuses(read(an_event("silence-of-zeros.json"))) == "another_stage"
