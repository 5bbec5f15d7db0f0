"""Claims about reading what arrives: strict on identity, tolerant elsewhere, never a crash."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarm_intake.consumer import read_message
from alarm_intake.events import Ignored
from alarm_intake.times import read_instant
from deadair.domain.alarm import AlarmState, Signal, Transition
from deadair.domain.errors import Poison
from tests.builders import EVENTS, NOON, an_event, an_event_body

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def read(body: str) -> Transition | Ignored:
    return read_message(body, NOW, lambda _key: b"")


def transition(body: str) -> Transition:
    found = read(body)
    assert isinstance(found, Transition)
    return found


@pytest.mark.parametrize("name", sorted(p.name for p in EVENTS.glob("*.json") if not p.name.startswith(("bad", "ign"))))
def test_every_real_shape_is_understood(name: str) -> None:
    found = transition(an_event(name))

    assert found.alarm.name
    assert found.alarm.account.startswith("210987654321")
    assert found.alarm.partition == "aws"


@pytest.mark.parametrize("name", sorted(p.name for p in EVENTS.glob("bad-*")))
def test_fault_21_every_bad_shape_is_poison_with_a_reason(name: str) -> None:
    with pytest.raises(Poison) as poison:
        read(an_event(name))

    assert poison.value.reason
    assert poison.value.message.endswith(".")


@pytest.mark.parametrize("name", sorted(p.name for p in EVENTS.glob("ignored-*")))
def test_what_is_no_change_of_state_is_ignored_with_a_reason(name: str) -> None:
    assert isinstance(read(an_event(name)), Ignored)


def test_the_event_and_its_copy_over_sns_are_the_same_transition() -> None:
    assert transition(an_event("alarm.json")).key == transition(an_event("sns-envelope-of-event.json")).key


def test_another_event_id_does_not_make_another_transition() -> None:
    twin = json.loads(an_event("alarm.json")) | {"id": "another", "source": "aws.monitoring"}

    assert transition(json.dumps(twin)).key == transition(an_event("alarm.json")).key


def test_the_same_name_in_two_accounts_is_two_alarms() -> None:
    first, second = (transition(an_event_body(account=account)) for account in ("111111111111", "222222222222"))

    assert first.alarm.key != second.alarm.key


def test_missing_data_that_breach_are_read_as_silence() -> None:
    assert transition(an_event("alarm.json")).signal is Signal.SILENCE


def test_the_start_is_where_the_failing_data_begin() -> None:
    assert transition(an_event("alarm.json")).started_at == datetime(2026, 11, 2, 8, 15, tzinfo=UTC)


def test_a_silence_began_before_its_alarm() -> None:
    assert transition(an_event_body(when=NOON)).started_at == NOON - timedelta(hours=1)


def test_a_time_in_the_future_is_noted_and_held_back() -> None:
    found = transition(an_event_body(when=datetime(2027, 1, 1, tzinfo=UTC)))

    assert found.at == datetime(2026, 11, 3, 0, 5, tzinfo=UTC)
    assert "the alarm's clock is ahead" in found.notes


def test_a_future_time_keeps_its_identity_however_late_it_is_read() -> None:
    body = an_event_body(when=datetime(2027, 1, 1, tzinfo=UTC))
    later = read_message(body, datetime(2026, 12, 1, tzinfo=UTC), lambda _key: b"")

    assert isinstance(later, Transition)
    assert transition(body).key == later.key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02T09:15:30.418+0000", datetime(2026, 11, 2, 9, 15, 30, 418000, tzinfo=UTC)),
        ("2026-11-02T09:15:30Z", datetime(2026, 11, 2, 9, 15, 30, tzinfo=UTC)),
        ("2026-11-02T14:45:30+05:30", datetime(2026, 11, 2, 9, 15, 30, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("date", None),
        ("", None),
        (1762074930, None),
        (None, None),
    ],
)
def test_instants_are_read_or_refused_never_guessed(text: object, expected: datetime | None) -> None:
    assert read_instant(text) == expected


def test_an_override_of_direction_is_stored_exactly_and_shown_marked() -> None:
    found = transition(an_event("alarm-arabic-override.json"))

    assert "\u202e" in found.alarm.name
    assert "\u202e" not in found.alarm.shown_name


def test_composed_and_decomposed_names_are_two_alarms() -> None:
    composed, decomposed = (transition(an_event_body(name=name)) for name in ("Caf\u00e9", "Cafe\u0301"))

    assert composed.alarm.key != decomposed.alarm.key
    assert composed.alarm.shown_name == decomposed.alarm.shown_name


def test_bytes_that_no_queue_carries_are_unwrapped() -> None:
    wrapped = {"deadair_raw_base64": base64.b64encode(b"\xef\xbb\xbf" + an_event("alarm.json").encode()).decode()}

    assert transition(json.dumps(wrapped)).state is AlarmState.ALARM


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe", "invalid_utf8"),
        (b"", "not_json"),
        # Every Python parses the first of these, none the last; 3.13, which is Lambda's, parses the second.
        (b'{"a":' * 101 + b"1" + b"}" * 101, "too_deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too_deep"),
        (b"[" * 200_000 + b"]" * 200_000, "too_deep"),
    ],
)
def test_odd_bytes_are_poison_with_their_own_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Poison) as poison:
        read(json.dumps({"deadair_raw_base64": base64.b64encode(data).decode()}))

    assert poison.value.reason == reason


def test_a_wide_alarm_is_not_a_deep_one() -> None:
    event = json.loads(an_event("alarm.json"))
    event["detail"]["configuration"]["metrics"] = [{"id": f"m{number}", "more": [{}]} for number in range(200)]

    assert transition(json.dumps(event)).state is AlarmState.ALARM


def test_envelopes_without_end_are_poison() -> None:
    body = an_event("notification.json")
    for _ in range(9):
        body = json.dumps({"Type": "Notification", "Message": body})

    with pytest.raises(Poison):
        read(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = ["detail", "account", "region", "resources", "time", "detail-type", "source", "Records", "Type", "Message"]


@given(st.sampled_from(FIELDS), JSON)
def test_fault_21_no_value_in_any_field_makes_it_crash(field: str, value: object) -> None:
    event = json.loads(an_event("alarm.json")) | {field: value}

    try:
        found = read(json.dumps(event))
    except Poison as poison:
        assert poison.reason
    else:
        assert isinstance(found, Transition | Ignored)


@given(st.sampled_from(["state", "previousState", "configuration", "alarmTags", "muteDetail"]), JSON)
def test_fault_21_no_value_in_the_detail_makes_it_crash(field: str, value: object) -> None:
    event = json.loads(an_event("alarm.json"))
    event["detail"][field] = value

    try:
        read(json.dumps(event))
    except Poison as poison:
        assert poison.reason
