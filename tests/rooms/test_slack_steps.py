"""Claims about the steps that are taken seldom, from Slack: severity, cause, checks, snooze, merge, split, times."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.checks import CHECKS
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone, Status
from deadair.domain.timeline import Fact
from tests.builders import ANA, BEN
from tests.rooms.slack_rooms import Neighbours, SlackRoom

pytestmark = pytest.mark.stack


def facts(near: Neighbours, incident: Incident, fact: Fact) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is fact]


def alarms(*names: str) -> dict[str, AlarmOnIncident]:
    at = datetime.now(UTC) - timedelta(minutes=5)
    return {f"key-{name}": AlarmOnIncident(name, AlarmState.ALARM, at, at) for name in names}


def test_a_severity_is_set_with_its_reason(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    assert f"{incident.id} is now SEV1" in room.say(f"sev {incident.number} 1 all leads <!channel> are lost")
    assert neighbours.store.get(incident.number).severity is Severity.SEV1
    assert "all leads" in facts(neighbours, incident, Fact.SEVERITY_SET)[0]


@pytest.mark.parametrize("said", ["9", "0", "", "high", "SEV5 x", "12"])
def test_a_severity_that_is_none_changes_nothing_and_says_what_there_is(
    room: SlackRoom, neighbours: Neighbours, said: str
) -> None:
    incident = neighbours.add()

    answer = room.say(f"{incident.number} sev {said}")

    assert "Severity is 1-4 (1 = customer data or consent at risk). Nothing changed." in answer
    assert neighbours.store.get(incident.number).version == incident.version


def test_consent_stays_at_one_or_two_unless_somebody_insists(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(consent=True)
    number = incident.number

    refused = room.say(f"sev {number} 3 it is only the backlog")
    assert "stay at SEV1-2. Ask an admin with `--override reason` (audited). Nothing changed." in refused
    assert f"`/incident sev {number} 3 --override …`" in refused
    assert neighbours.store.get(number).severity < Severity.SEV3

    assert "is now SEV3" in room.say(f"sev {number} 3 —override only the backlog, all opt-outs are in")
    assert neighbours.store.get(number).severity is Severity.SEV3


def test_a_person_names_the_cause_in_their_words(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    assert "One of auth, rate_limit" in room.say(f"cause {incident.number}")
    assert "“gremlins” is no failure class. Nothing changed." in room.say(f"cause {incident.number} gremlins")
    assert "limit" in room.say(f"cause {incident.number} rate limit their nightly import eats it")

    now = neighbours.store.get(incident.number)
    assert (now.cause, now.failure_class) == (FailureClass.RATE_LIMIT, FailureClass.RATE_LIMIT)
    assert "nightly import" in facts(neighbours, incident, Fact.CAUSE_NAMED)[0]


def test_a_check_is_ticked_once_by_whoever_was_first_and_can_be_taken_back(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add(cause=FailureClass.AUTH)
    number, first = incident.number, CHECKS[FailureClass.AUTH][0]

    listed = json.loads(room.command(f"check {number}")["body"])
    assert f"1. ☐ {first.text}" in listed["text"]
    assert listed["blocks"][-1]["elements"][0]["value"] == f"{number}:1:{first.id}"
    ticked = room.say(f"check {number} 1")
    assert "3 of" in ticked
    assert f"check INC-{number}`" in ticked, "a number alone would tick that place of the list"
    assert f"{ANA.name} has ticked it. Nothing changed." in room.say(f"check {number} 1", BEN)
    assert neighbours.store.get(number).checks[first.id].by == ANA.name
    assert "Open again" in room.say(f"check {number} 1 undo")
    assert neighbours.store.get(number).checks == {}
    assert "there is no check 7" in room.say(f"check {number} 7")
    assert len(facts(neighbours, incident, Fact.CHECKED)) == 2


def test_a_pressed_check_ticks_once_however_often_and_however_old_the_card_is(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add(cause=FailureClass.AUTH, version=7)
    check = CHECKS[FailureClass.AUTH][1]

    for action, who in (("check", ANA), ("check", ANA), (f"check:{check.id}", BEN)):
        assert room.press(action, f"{incident.number}:1:{check.id}", who)["statusCode"] == 200

    now = neighbours.store.get(incident.number)
    assert (now.version, {id_: tick.by for id_, tick in now.checks.items()}) == (8, {check.id: ANA.name})


@pytest.mark.parametrize("value", ["", "42", "x:1:auth.user", "42:1:gone", "42:1:<b>", "9" * 40 + ":1:auth.user"])
def test_a_check_that_is_not_ours_changes_nothing(room: SlackRoom, value: str) -> None:
    assert room.press("check", value)["statusCode"] == 200


def test_a_snooze_holds_the_notices_and_is_ended(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number

    assert "For how long?" in room.say(f"snooze {number} because I say so")
    assert "is quiet until" in room.say(f"snooze {number} 30m the vendor is on it")
    hold = neighbours.store.get(number).snooze
    assert hold is not None
    assert hold.until is not None
    assert timedelta(minutes=29) < hold.until - datetime.now(UTC) <= timedelta(minutes=30)
    assert hold.why == "the vendor is on it"
    assert neighbours.store.get(number).is_open

    assert "gives notices again" in room.say(f"unsnooze {number}")
    assert neighbours.store.get(number).snooze is None


def test_a_snooze_needs_its_reason_and_an_end_in_time(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    assert "no reason. Nothing changed." in room.say(f"snooze {incident.number} 30m")
    assert "hours at most. Nothing changed." in room.say(f"snooze {incident.number} 3d holidays")
    assert neighbours.store.get(incident.number).version == incident.version


def test_one_incident_goes_on_in_another(room: SlackRoom, neighbours: Neighbours) -> None:
    one = neighbours.add(alarms=alarms("errors"))
    other = neighbours.add(alarms=alarms("silence"))

    assert "Into which incident? Nothing changed." in room.say(f"merge {one.number}")
    said = room.say(f"merge {one.number} into {other.number}")

    assert f"{one.id} is merged into" in said
    assert f"|{other.id}>" in said
    now = neighbours.store.get(one.number)
    assert (now.merged_into, now.ending) == (other.number, Ending.MERGED)
    assert len(neighbours.store.get(other.number).alarms) == 2
    assert "Nothing changed" in room.say(f"merge {other.number} into {other.number}")
    for verb in ("ack", "mitigate", "resolve", "reopen"):
        assert f"was merged into {other.id}" in room.say(f"{verb} {one.number}"), verb


def test_alarms_that_are_another_break_get_an_incident_of_their_own(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(alarms=alarms("sync errors", "sync silence", "latency"))
    number = incident.number

    listed = room.say(f"split {number}")
    assert all(f"• `{name}`" in listed for name in ("latency", "sync errors", "sync silence"))
    assert "no alarm `foo`" in room.say(f"split {number} foo")
    said = room.say(f'split {number} "sync errors", latency')

    assert "is a new incident with latency, sync errors" in said
    assert {alarm.name for alarm in neighbours.store.get(number).alarms.values()} == {"sync silence"}


def test_a_false_alarm_ends_with_its_reason(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(integration="never-broken")

    assert "Why was it no incident?" in room.say(f"cancel {incident.number}")
    assert "a false alarm. the threshold is too low" in room.say(
        f"false-alarm {incident.number} the threshold is too low"
    )
    now = neighbours.store.get(incident.number)
    assert (now.status, now.ending, now.fix) == (Status.RESOLVED, Ending.FALSE_ALARM, "the threshold is too low")
    room.say(f"reopen {incident.number} it was one after all")
    assert neighbours.store.get(incident.number).fix == "", "why it was none is no fix"


def test_a_milestone_is_set_to_when_it_was_and_the_old_time_stays_told(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number
    then = incident.started_at - timedelta(minutes=20)

    assert "started:" in room.say(f"milestone {number}")
    assert "When was it started? I read “soon”. Nothing changed." in room.say(f"milestone {number} started soon")
    assert "needs its reason" in room.say(f"milestone {number} started {then:%Y-%m-%dT%H:%MZ}")
    said = room.say(f"milestone {number} started {then:%Y-%m-%dT%H:%MZ} the first failed run")

    assert "started is now" in said
    assert neighbours.store.get(number).when(Milestone.STARTED) == then.replace(second=0, microsecond=0)
    assert "→" in facts(neighbours, incident, Fact.MILESTONE_SET)[0]
