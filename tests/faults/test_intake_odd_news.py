"""Claims about news that are odd: quiet, blind, late, of another time, of alarms above and below, of alarms that go."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.holding import held
from deadair.domain.incident import Incident
from deadair.usecases.resolve import resolve
from infra.target import Target
from tests.builders import an_actor, at
from tests.faults.rows import two_rows
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
ARN = "arn:aws:cloudwatch:eu-central-1:210987654321:alarm:"
DAY = 1440


@pytest.fixture(scope="module")
def rows(stack: Target) -> RegistryStore:
    return two_rows(stack)


def the(intake: Intake, name: str = "") -> Incident:
    (incident,) = intake.incidents(name)
    return incident


def texts(intake: Intake, incident: Incident) -> list[str]:
    return [entry.text for entry in intake.store.timeline(incident.number)]


def muted(until: float, by: str = "night") -> dict[str, Any]:
    end = at(until).isoformat(timespec="milliseconds")
    return {"mutedByArn": f"{ARN.replace(':alarm:', ':alarm-mute-rule:')}{by}", "muteWindowEnd": end}


def composite(intake: Intake, state: str, minutes: float, *below: str, suppressed: str = "") -> str:
    """What a composite alarm over those alarms says; each of them set it off."""
    event = json.loads(intake.event(state, minutes, name=f"{intake.name}-all"))
    children = [{"arn": f"{ARN}{name}", "state": {"value": state}} for name in below]
    event["detail"]["state"] |= {"reasonData": json.dumps({"triggeringAlarms": children})}
    event["detail"]["configuration"] = {
        "alarmRule": " OR ".join(f'ALARM("{name}")' for name in below),
        "actionsSuppressor": f"{ARN}works",
        "actionsSuppressorWaitPeriod": 120,
    }
    if suppressed:
        event["detail"]["state"]["actionsSuppressedBy"] = suppressed
    return json.dumps(event)


def reconfigured(intake: Intake, operation: str, minutes: float) -> str:
    event = json.loads(intake.event())
    event["detail-type"] = "CloudWatch Alarm Configuration Change"
    event["time"] = at(minutes).isoformat()
    event["detail"] = {"alarmName": intake.name, "operation": operation, "state": {"value": "ALARM"}}
    return json.dumps(event)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_fault_07_an_alarm_that_turns_from_suppressed_to_loud_is_one_incident_and_no_longer_quiet(
    intake: Intake, order: tuple[int, int]
) -> None:
    below = f"{intake.name}-below"
    told = [composite(intake, "ALARM", 0, below, suppressed="WaitPeriod"), composite(intake, "ALARM", 2, below)]
    intake.take(*(told[i] for i in order))

    incident = the(intake, below)
    first, second = texts(intake, incident)
    assert "suppressed in CloudWatch by works until 2026-11-02 12:02 UTC" in first
    assert "suppressed" not in second
    assert held(incident, at(1)) is None


def test_fault_08_a_muted_alarm_opens_quietly_and_says_until_when_and_by_whom(intake: Intake) -> None:
    intake.take(intake.event(muteDetail=muted(90)))

    incident = the(intake)
    hold = held(incident, at(60))
    assert hold is not None
    assert (hold.until, hold.by) == (at(90), "night")
    assert "muted in CloudWatch by night until 2026-11-02 13:30 UTC" in texts(intake, incident)[0]
    assert held(incident, at(91)) is None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_fault_08_the_last_alarm_says_whether_it_is_quiet(intake: Intake, order: tuple[int, ...]) -> None:
    told = [intake.event(), intake.event("OK", 1), intake.event(minutes=2, muteDetail=muted(90))]
    intake.take(*(told[i] for i in order))

    assert held(the(intake), at(60)) is not None
    intake.take(intake.event(minutes=3))
    assert held(the(intake), at(60)) is None


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 3, 2), (3, 2, 1, 0)])
def test_fault_09_parent_and_child_are_one_incident_of_the_childs_row(
    intake: Intake, rows: RegistryStore, stack: Target, order: tuple[int, ...]
) -> None:
    room = Intake(stack, a_table_like(stack, "IncidentsTable"))
    child = "one-two-silence"
    told = [
        room.event(name=child),
        composite(room, "ALARM", 0.1, child),
        room.event("OK", 8, name=child),
        composite(room, "OK", 8.1, child),
    ]
    for i in order:
        assert room.consumer(registry=rows).consume([room.record(told[i])], at(60)) == []

    (incident,) = room.store.of_integration("one-two")
    assert len(incident.alarms) == 2
    assert incident.recovered_at == at(8.1)
    assert f"Set off by {child}." in " ".join(texts(room, incident))


def test_fault_09_strangers_above_and_below_are_one_incident_too(intake: Intake) -> None:
    told = intake.take(
        composite(intake, "ALARM", 1, intake.name), intake.event(), composite(intake, "OK", 5, intake.name)
    )

    assert [one["outcome"] for one in told] == ["opened", "appended", "recovered"]
    assert len(the(intake).alarms) == 2


def test_fault_09_a_composite_over_two_integrations_ends_where_it_began(
    intake: Intake, rows: RegistryStore, stack: Target
) -> None:
    room = Intake(stack, a_table_like(stack, "IncidentsTable"))
    one, other = "one-two-silence", "form-marketo-errors"
    for body in (composite(room, "ALARM", 0, other, one), composite(room, "OK", 5, one, other)):
        assert room.consumer(registry=rows).consume([room.record(body)], at(60)) == []

    (incident,) = [i for slug in ("one-two", "form-marketo") for i in room.store.of_integration(slug)]
    assert incident.recovered_at == at(5)


def test_fault_10_without_data_it_stays_open_and_says_that_the_evidence_stopped(intake: Intake) -> None:
    intake.take(intake.event(), intake.event("INSUFFICIENT_DATA", 9))

    incident = the(intake)
    assert incident.is_open
    assert (incident.evidence_stopped_at, incident.recovered_at) == (at(9), None)
    assert "The evidence stopped" in texts(intake, incident)[-1]
    intake.take(intake.event(minutes=12))
    assert the(intake).evidence_stopped_at is None


REASONS = [
    "Threshold Crossed: no datapoints were received for 3 periods and 3 missing ones were treated as [Breaching].",
    "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    "Unchecked: Initial alarm creation",
    "Insufficient Data: 1 datapoint was unknown.",
    "Thresholds Crossed: 2 out of the last 2 datapoints were less than the lower thresholds [] or greater than []",
    "no datapoints were received for 99999999999999999999 periods",
    "",
    "[[[((( 1.0 (99/99/99 99:99:99)",
]


@pytest.mark.parametrize("reason", REASONS)
def test_fault_11_no_wording_breaks_the_reading(intake: Intake, reason: str) -> None:
    (told,) = intake.take(intake.because(reason, "ALARM", 0))

    assert told["outcome"] == "opened"
    silent = "no datapoints" in reason and "Breaching" in reason
    assert not silent or the(intake).signal.value == "silence"


@pytest.mark.parametrize("order", [("ALARM", "delete"), ("delete", "ALARM")])
def test_fault_14_a_deleted_alarm_leaves_its_incident_open_and_is_seen_to_be_gone(
    intake: Intake, order: tuple[str, ...]
) -> None:
    told = {"ALARM": intake.event(), "delete": reconfigured(intake, "delete", 7)}
    intake.take(*(told[what] for what in order))

    incident = the(intake)
    (alarm,) = incident.alarms.values()
    assert incident.is_open
    assert alarm.is_gone
    assert "was deleted in CloudWatch" in texts(intake, incident)[-1]
    intake.take(intake.event("OK", 20))
    assert not next(iter(the(intake).alarms.values())).is_gone


def test_fault_14_a_changed_alarm_is_told_once_and_one_without_an_incident_is_counted(intake: Intake) -> None:
    (before,) = intake.take(reconfigured(intake, "update", -5))
    assert (before["outcome"], before["reason"]) == ("ignored", "no_open_incident")

    intake.take(intake.event(), *[reconfigured(intake, "update", 3)] * 2)
    assert [text for text in texts(intake, the(intake)) if "was changed" in text] == [
        f"{intake.name} was changed in CloudWatch."
    ]


@pytest.mark.parametrize("late_h", [25, 7 * 24])
@pytest.mark.parametrize("order", [("ALARM", "OK"), ("OK", "ALARM")])
def test_fault_17_late_news_keep_their_times_say_so_and_call_nobody_when_all_is_over(
    intake: Intake, late_h: int, order: tuple[str, ...]
) -> None:
    told = {"ALARM": intake.event(), "OK": intake.event("OK", 9)}
    records = [intake.record(told[state]) for state in order]
    now = at(late_h * 60)
    assert intake.consumer().consume(records, now) == []

    incident = the(intake)
    assert (incident.detected_at, incident.recovered_at, incident.opened_at) == (at(0), at(9), now)
    assert incident.is_old_news
    assert all("late: heard" in text for text in texts(intake, incident))


def test_fault_17_late_news_of_what_is_still_broken_call_somebody(intake: Intake) -> None:
    record = intake.record(intake.event())
    intake.consumer().consume([record], at(25 * 60))

    assert not the(intake).is_old_news


def test_fault_17_late_news_go_to_the_incident_of_their_time(intake: Intake) -> None:
    intake.take(intake.event())
    first = the(intake)
    resolve(intake.store, first.number, an_actor(), now=at(30))
    intake.consumer().consume([intake.record(intake.event(minutes=2 * DAY))], at(2 * DAY))
    second = the(intake)
    assert second.number != first.number

    late = [intake.record(intake.event("ALARM", 5)), intake.record(intake.event("OK", 6))]
    intake.consumer().consume(late, at(3 * DAY))

    assert the(intake).detected_at == at(2 * DAY)
    told = [entry.details["state"] for entry in intake.store.timeline(first.number) if entry.source == "alarm"]
    assert told == ["ALARM", "ALARM", "OK"]


TIMES = {
    "0001-01-01T00:00:00.000+0000": at(0),
    "9999-12-31T23:59:59.999+0000": at(65),
    "2026-11-02T17:30:00.000+0530": at(0),
    "2026-11-02T12:00:60.000+0000": at(1),
    "not a time": at(0),
    "": at(0),
}


@pytest.mark.parametrize("text", TIMES)
def test_fault_18_odd_times_are_held_to_the_receipt_and_both_are_kept(intake: Intake, text: str) -> None:
    event = json.loads(intake.event()) | {"time": at(0).isoformat()}
    event["detail"]["state"]["timestamp"] = text
    intake.take(json.dumps(event))

    incident = the(intake)
    (entry,) = intake.store.timeline(incident.number)
    assert (entry.occurred_at, entry.recorded_at) == (TIMES[text], at(60))


def test_fault_18_a_message_that_waited_is_held_to_when_the_queue_took_it(intake: Intake) -> None:
    record = intake.record(intake.event(minutes=600))
    sent = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
    record["attributes"] = {"SentTimestamp": str(int(sent.timestamp() * 1000))}
    intake.consumer().consume([record], at(600))

    assert the(intake).detected_at == sent + timedelta(minutes=5)
