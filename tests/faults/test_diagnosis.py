"""Claims about what an alarm and a log say: absence is silence, no wording is too odd, and no secret is kept."""

import json
import logging
from typing import Any

import pytest

from deadair.adapters.dynamodb.items import from_item
from deadair.domain.alarm import Signal
from deadair.domain.diagnosed import Confidence
from deadair.domain.heard import heard_in
from deadair.domain.severity import FailureClass
from deadair.usecases.mitigate import mitigate
from deadair.usecases.name_cause import name_cause
from deadair.usecases.note import note
from deadair.usecases.resolve import resolve
from infra.target import Target
from tests.builders import an_actor, an_event_body, at
from tests.rooms.diagnosis_room import Diagnosis
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like
from tests.unit.test_reasons import SAID

pytestmark = pytest.mark.stack

ABSENT = "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as "
SECRETS = {
    "pat-na1-11111111-2222-3333-4444-555555555555": "header Authorization: Bearer {}",
    "hunter2hunter2": "password={}",
    "eva.novak@customer.example": "for {}",
    "4111 1111 1111 1111": "card {}",
    "+49 170 1234567": "call {}",
}
LEAKY = "401 from HubSpot, " + ", ".join(words.format(secret) for secret, words in SECRETS.items())
# What came in is kept as it came, for redriving it; no page shows it but through `redact`.
AS_IT_CAME = frozenset({"raw"})


@pytest.fixture
def intake(stack: Target) -> Intake:
    return Intake(stack, a_table_like(stack, "IncidentsTable"))


def because(name: str, reason: str) -> str:
    event = json.loads(an_event_body(name, "ALARM", at(0)))
    event["detail"]["state"]["reason"] = reason
    return json.dumps(event)


@pytest.mark.parametrize("treated", ["[Breaching]", "[NonBreaching]"])
def test_fault_11_missing_data_are_silence_only_where_they_breach(intake: Intake, treated: str) -> None:
    intake.take(because("form-errors", f"{ABSENT}{treated}."))

    (incident,) = intake.incidents("form-errors")
    silent = treated == "[Breaching]"
    assert incident.signal is (Signal.SILENCE if silent else Signal.ERROR_RATE)
    assert incident.failure_class is (FailureClass.SILENCE if silent else FailureClass.UNKNOWN)


def test_fault_11_no_wording_stops_the_intake_or_what_hears_it(intake: Intake) -> None:
    texts = [text for text, _, _ in SAID] + ["\u202e" * 50, "[[[[", "Threshold Crossed: no datapoints", "%" * 9000]

    outcomes = intake.take(*[because(f"alarm-{place}", text) for place, text in enumerate(texts)])

    assert [one["outcome"] for one in outcomes] == ["opened"] * len(texts)
    for incident in intake.store.open_incidents():
        heard_in(intake.store.timeline(incident.number))


def test_fault_11_the_look_says_of_an_absence_that_it_is_silence_and_for_how_long(stack: Target) -> None:
    room = Diagnosis(stack)
    room.row()
    room.incident(Signal.SILENCE, reason=f"{ABSENT}[Breaching].")

    room.look()

    found = room.found()
    assert (found.failure_class, found.confidence) == (FailureClass.SILENCE, Confidence.HIGH)
    assert found.evidence[0] == "an alarm says: silence (nothing came in 3 periods)"


def test_fault_37_no_secret_of_a_reason_is_in_what_is_shown_or_published(intake: Intake) -> None:
    intake.take(because("leaky-errors", LEAKY))

    assert _leaks(intake.items()) == []
    assert any("401 from HubSpot" in str(item.get("text")) for item in intake.items())


def test_fault_37_no_secret_that_a_person_types_is_kept(stack: Target) -> None:
    room = Diagnosis(stack)
    room.row()
    room.incident()
    me = an_actor()

    note(room.store, 42, me, LEAKY, now=room.at(2))
    name_cause(room.store, 42, me, FailureClass.AUTH, LEAKY, now=room.at(3))
    mitigate(room.store, 42, me, LEAKY, now=room.at(4))
    resolve(room.store, 42, me, LEAKY, now=room.at(5))

    assert _leaks(_items(room)) == []


def test_fault_37_no_secret_of_a_log_is_kept_or_logged(stack: Target, caplog: pytest.LogCaptureFixture) -> None:
    room = Diagnosis(stack)
    room.row()
    room.incident(reason=LEAKY)
    room.lines(f"ERROR {LEAKY}", json.dumps({"level": "error", "message": LEAKY}))

    with caplog.at_level(logging.DEBUG, logger="deadair"):
        room.look()

    assert room.found().log_errors
    assert _leaks(_items(room)) == []
    assert not [secret for secret in SECRETS if secret in caplog.text]


def _items(room: Diagnosis) -> list[dict[str, Any]]:
    pages = room.dynamodb.get_paginator("scan").paginate(TableName=room.table)
    return [from_item(item) for page in pages for item in page["Items"]]


def _leaks(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    shown = [{name: value for name, value in item.items() if name not in AS_IT_CAME} for item in items]
    return [(item["sk"], secret) for item in shown for secret in SECRETS if secret in str(item)]
