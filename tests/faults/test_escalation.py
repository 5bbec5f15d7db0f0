"""Claims about what must not be told: what is held back, and what is over already."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.scheduler.timers import message
from deadair.domain.alarm import Reconfiguration
from deadair.domain.alarm_on_incident import Reconfigured
from deadair.domain.due import due
from deadair.domain.holding import Hold, held
from deadair.domain.timeline import Fact
from infra.target import Target
from tests.builders import an_alarm, an_event, at
from tests.rooms.escalation_room import Escalation
from tests.rooms.intake_room import Intake
from tests.unit.escalating import WINDOW, a_world, facts, on_time, played, recovered, sev1, told


def test_fault_17_an_alarm_of_three_days_ago_that_is_over_escalates_to_nobody() -> None:
    late = recovered(replace(sev1(), alarms={}).with_transition(an_alarm(minutes=-4320)), -4000)

    after, said = on_time(late, a_world(late), until=1200)

    assert (told(after), said) == ([], [])


def test_fault_08_maintenance_holds_an_incident_and_at_its_end_what_is_broken_speaks_up() -> None:
    world = a_world(sev1(), windows=(WINDOW,))

    after, said = on_time(sev1(), world, until=66)

    assert facts(said) == [Fact.HELD, Fact.HOLD_ENDED, Fact.ESCALATED]
    assert said[0].text == "Notices wait until Mon 02 Nov 13:00 UTC: the vendor moves house (Ana Lima)."
    assert after.pending_since == at(60)
    assert after.escalation.told[0].at == at(65)


def test_fault_08_what_recovered_meanwhile_stays_silent_at_the_end() -> None:
    world = a_world(sev1(), windows=(WINDOW,))
    holding = due(sev1(), world, at(1)).incident

    after, said = on_time(recovered(holding, 30), world, until=70, begin=30)

    assert said == []
    assert held(after, at(70)) is None


def test_fault_08_what_somebody_snoozed_is_asked_about_at_the_end_if_it_recovered_meanwhile() -> None:
    snoozed = replace(sev1(), snooze=Hold(at(60), "after lunch", "Ana Lima"))
    holding = due(snoozed, a_world(snoozed), at(1)).incident

    _, said = on_time(recovered(holding, 30), a_world(snoozed), until=70, begin=30)

    assert facts(said) == [Fact.HOLD_ENDED]
    assert said[0].text.endswith("Its alarms are OK meanwhile.")


def test_fault_08_muted_alarms_hold_their_incident_until_one_speaks_again() -> None:
    muted = {key: replace(alarm, quiet=Hold(at(30), "muted by rule night")) for key, alarm in sev1().alarms.items()}

    after, said = on_time(replace(sev1(), alarms=muted), a_world(sev1()), until=36)

    assert facts(said) == [Fact.HELD, Fact.HOLD_ENDED, Fact.ESCALATED]
    assert after.pending_since == at(30)


def test_fault_08_a_muted_alarm_that_was_deleted_keeps_nobody_quiet() -> None:
    gone = Reconfigured(Reconfiguration.DELETED, at(10))
    muted = {key: replace(alarm, quiet=Hold(None, "muted by rule night")) for key, alarm in sev1().alarms.items()}
    deleted = {key: replace(alarm, reconfigured=gone) for key, alarm in muted.items()}

    assert held(replace(sev1(), alarms=muted), at(11)) is not None
    assert held(replace(sev1(), alarms=deleted), at(11)) is None


@given(st.lists(st.floats(1, 59), max_size=20), st.floats(60, 400))
@settings(max_examples=60, deadline=None)
def test_fault_08_nobody_is_told_while_it_holds_and_the_end_may_be_noticed_late(
    early: list[float], late: float
) -> None:
    world = a_world(sev1(), windows=(WINDOW,))

    waiting, said = played(sev1(), world, sorted([1, *early]))
    after, more = played(waiting, world, [late])

    assert facts(said) == [Fact.HELD]
    assert told(waiting) == []
    assert facts(more)[0] is Fact.HOLD_ENDED
    assert after.pending_since == at(60)


@pytest.mark.stack
def test_fault_08_a_muted_alarm_opens_an_incident_whose_notices_wait_and_the_timeline_says_until_when(
    stack: Target,
) -> None:
    room = Escalation(stack)
    intake = Intake(stack, room.table)
    intake.take(an_event("alarm-muted.json").replace("2026-11-02T12:00", "2026-11-02T15:00"))
    (opened,) = room.store.open_incidents()

    failed = room.deliver(message(opened.number), now=at(61))
    waiting = room.store.get(opened.number)
    late = room.deliver(message(opened.number), now=at(190))

    assert failed == late == []
    assert held(waiting, at(61)) is not None
    assert [entry.fact for entry in room.said(opened.number)] == [Fact.HELD, Fact.HOLD_ENDED]
    assert "until Mon 02 Nov 15:00 UTC" in room.said(opened.number)[0].text
    assert "night" in room.said(opened.number)[0].text
