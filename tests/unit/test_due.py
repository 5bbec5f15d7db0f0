"""Claims about what is due on an incident: whoever asks, however often and however late, it ends the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.alarm import AlarmState
from deadair.domain.chain import People, chain_of
from deadair.domain.due import World, due
from deadair.domain.escalation import Rung
from deadair.domain.handling import USUAL, Handling
from deadair.domain.holding import Hold, Window, held
from deadair.domain.incident import Ending, Incident, Status
from deadair.domain.ownership import Person
from deadair.domain.reachability import Away, Reach
from deadair.domain.severity import Severity
from deadair.domain.timeline import Entry, Fact
from tests.builders import ANA, BEN, FALLBACK, an_alarm, an_incident, an_integration, at

CAT = Person("Cat Stone", "cat@example.com", "U0CAT")
ROW = an_integration(deputy=BEN, row={"escalation": {"name": CAT.name, "email": CAT.email, "slack_id": CAT.slack_id}})
OFFICE = Reach("ana.lima@example.com", "Europe/Berlin", hours=((540, 1020),))


def a_world(
    incident: Incident, *, handling: Handling = USUAL, windows: tuple[Window, ...] = (), **reach: Reach
) -> World:
    by_email = {f"{name.replace('_', '.')}@example.com": each for name, each in reach.items()}
    return World(People(chain_of(incident, ROW, FALLBACK), by_email), handling, windows)


def played(incident: Incident, world: World, minutes: list[float]) -> tuple[Incident, list[Entry]]:
    """The state after it was looked at in these minutes, and everything that was written."""
    said: list[Entry] = []
    for minute in minutes:
        found = due(incident, world, at(minute))
        incident, said = found.incident, [*said, *found.entries]
    return incident, said


def on_time(incident: Incident, world: World, until: float, begin: float = 1) -> tuple[Incident, list[Entry]]:
    """The same, looked at exactly when it said that it should be."""
    said: list[Entry] = []
    now: datetime | None = at(begin)
    while now is not None and now <= at(until):
        found = due(incident, world, now)
        assert found.next_at is None or found.next_at > now
        incident, said, now = found.incident, [*said, *found.entries], found.next_at
    return incident, said


def told(incident: Incident) -> list[str]:
    return [one.person.name for one in incident.escalation.told]


def facts(entries: list[Entry]) -> list[Fact]:
    return [entry.fact for entry in entries]


def sev1(**more: object) -> Incident:
    return an_incident(severity=Severity.SEV1, **more)


def test_each_of_the_chain_is_told_at_their_time_and_then_nobody_is_left() -> None:
    incident, said = on_time(sev1(), a_world(sev1()), until=600)

    assert [(one.person.name, one.at) for one in incident.escalation.told] == [
        ("Ben Okafor", at(6)),
        ("Cat Stone", at(11)),
        ("Fay Fallback", at(16)),
    ]
    assert facts(said) == [Fact.ESCALATED] * 3 + [Fact.UNREACHABLE]
    assert incident.escalation.unreachable == at(21)


@given(st.lists(st.floats(1, 300), max_size=40))
@settings(max_examples=150, deadline=None)
def test_looked_at_early_late_twice_and_out_of_order_each_person_is_told_once_and_in_order(
    minutes: list[float],
) -> None:
    world = a_world(sev1())

    incident, said = played(sev1(), world, sorted(minutes))
    incident, more = on_time(incident, world, until=2000, begin=max([*minutes, 1]))

    assert told(incident) == ["Ben Okafor", "Cat Stone", "Fay Fallback"]
    times = [at(1), *(one.at for one in incident.escalation.told)]
    assert all(after - before >= timedelta(minutes=5) for before, after in pairwise(times))
    assert facts([*said, *more]) == [Fact.ESCALATED] * 3 + [Fact.UNREACHABLE]
    assert len({entry.id for entry in [*said, *more]}) == len([*said, *more])


@given(st.lists(st.floats(1, 300), max_size=40))
@settings(max_examples=100, deadline=None)
def test_timers_that_nobody_cancelled_change_nothing_beside_those_on_time(extra: list[float]) -> None:
    world = a_world(sev1())
    calm, said = on_time(sev1(), world, until=300)
    deadlines = [1.0, 6.0, 11.0, 16.0, 21.0]

    noisy, more = played(sev1(), world, sorted([*deadlines, *extra, *extra]))

    assert (noisy, more) == (calm, said)


@given(st.lists(st.floats(-50, 300), min_size=1, max_size=30), st.floats(1, 22))
@settings(max_examples=100, deadline=None)
def test_after_an_acknowledgement_no_timer_tells_anybody(minutes: list[float], ack: float) -> None:
    world = a_world(sev1(), handling=Handling(update_min=1440))
    before, _ = on_time(sev1(), world, until=ack)
    mine = replace(before.acknowledge("Ana Lima", at(ack)), touched_at=at(ack))

    after, said = played(mine, world, minutes)

    assert said == []
    assert told(after) == told(before)
    assert after.escalation.unreachable is None


def test_the_same_state_looked_at_again_says_nothing_more() -> None:
    world = a_world(sev1())
    once = due(sev1(), world, at(6))

    again = due(once.incident, world, at(6))

    assert (again.incident, again.entries, again.next_at) == (once.incident, (), once.next_at)


def test_whoever_stands_twice_in_the_chain_is_told_once() -> None:
    row = an_integration(deputy=ANA, row={"escalation": {"name": "A. Lima", "email": "ANA.LIMA@example.com"}})

    assert chain_of(an_incident(), row, FALLBACK) == ((Rung.OWNER, ANA), (Rung.FALLBACK, FALLBACK))


def test_who_is_away_is_passed_over_and_the_timeline_says_why() -> None:
    away = Reach(away=(Away(date(2026, 11, 1), date(2026, 11, 9), "holiday"),))
    world = a_world(sev1(), ana_lima=away)

    found = due(sev1(), world, at(1))

    assert told(found.incident) == ["Ben Okafor"]
    assert found.entries[0].text == "Told Ben Okafor (deputy): Ana Lima (owner) is away until 09 Nov (holiday)."


def test_when_all_are_away_nobody_can_be_reached_and_who_comes_back_is_told() -> None:
    away = Reach(away=(Away(date(2026, 11, 1), date(2026, 11, 2)),))
    world = a_world(sev1(), ana_lima=away, ben_okafor=away, cat=away, fay=away)

    found = due(sev1(), world, at(1))
    back = due(found.incident, world, found.next_at or at(1))

    assert facts(list(found.entries)) == [Fact.UNREACHABLE]
    assert "Ben Okafor (deputy) is away until 02 Nov" in found.entries[0].text
    assert found.next_at == datetime(2026, 11, 3, tzinfo=UTC)
    assert told(back.incident) == ["Ben Okafor"]


def test_the_owner_of_a_sev3_has_their_hour_in_their_working_time_and_that_is_said() -> None:
    incident = an_incident(severity=Severity.SEV3, pending_since=datetime(2026, 11, 2, 20, tzinfo=UTC))
    world = a_world(incident, ana_lima=OFFICE)

    found = due(incident, world, datetime(2026, 11, 2, 20, tzinfo=UTC))

    assert facts(list(found.entries)) == [Fact.HELD]
    assert "their time begins Tue 03 Nov, 09:00 (Europe/Berlin)" in found.entries[0].text
    assert found.next_at == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert due(found.incident, world, at(700)).entries == ()


def test_a_deputy_of_a_sev3_is_told_when_their_working_day_begins() -> None:
    incident = an_incident(severity=Severity.SEV3)
    new_york = Reach(timezone="America/New_York", hours=((540, 1020),))
    world = a_world(incident, ben_okafor=new_york)

    waits = due(incident, world, at(61))
    then = due(waits.incident, world, waits.next_at or at(61))

    assert facts(list(waits.entries)) == [Fact.HELD]
    assert waits.next_at == datetime(2026, 11, 2, 14, tzinfo=UTC)
    assert told(then.incident) == ["Ben Okafor"]


@pytest.mark.parametrize("severity", [Severity.SEV1, Severity.SEV2])
def test_a_sev1_and_a_sev2_wait_for_nobodys_working_time(severity: Severity) -> None:
    night = Reach(timezone="Asia/Tokyo", hours=((540, 1020),))
    incident = an_incident(severity=severity)

    after, said = on_time(incident, a_world(incident, ana_lima=night, ben_okafor=night, cat=night), until=120)

    assert Fact.HELD not in facts(said)
    assert told(after) == ["Ben Okafor", "Cat Stone", "Fay Fallback"]


def test_consent_is_escalated_in_half_the_time() -> None:
    incident = an_incident(severity=Severity.SEV2, consent=True)

    found = due(incident, a_world(incident), at(1))

    assert found.next_at == at(9)


def test_a_row_decides_when_the_next_person_is_told() -> None:
    found = due(sev1(), a_world(sev1(), handling=Handling(ack_min=30)), at(1))

    assert found.next_at == at(31)


def test_a_holder_who_says_nothing_is_asked_once_and_then_the_others_are_told() -> None:
    mine = replace(sev1().acknowledge("Ana Lima", at(2)), touched_at=at(2))

    after, said = on_time(mine, a_world(mine), until=600, begin=2)

    assert facts(said) == [Fact.ASKED, *[Fact.ESCALATED] * 3, Fact.UNREACHABLE]
    assert after.escalation.asked_at == at(32)
    assert [one.at for one in after.escalation.told] == [at(37), at(42), at(47)]


def test_a_word_of_the_holder_begins_their_time_anew() -> None:
    mine = replace(sev1().acknowledge("Ana Lima", at(2)), touched_at=at(2))
    asked, _ = on_time(mine, a_world(mine), until=33, begin=2)

    spoke = replace(asked, touched_at=at(34))
    found = due(spoke, a_world(mine), at(40))

    assert (found.entries, found.next_at) == ((), at(64))


def test_who_took_it_from_outside_the_chain_has_the_owner_told_behind_them() -> None:
    mine = replace(sev1().acknowledge("Zoë Okonkwo", at(2)), touched_at=at(2))

    after, _ = on_time(mine, a_world(mine), until=40, begin=2)

    assert told(after) == ["Ana Lima"]


def recovered(incident: Incident, minutes: float) -> Incident:
    return incident.with_transition(an_alarm(AlarmState.OK, minutes))


def test_fault_17_an_alarm_of_three_days_ago_that_is_over_escalates_to_nobody() -> None:
    late = recovered(replace(sev1(), alarms={}).with_transition(an_alarm(minutes=-4320)), -4000)

    after, said = on_time(late, a_world(late), until=1200)

    assert (told(after), said) == ([], [])


def test_a_recovered_incident_is_asked_about_once_a_day_later() -> None:
    after, said = on_time(recovered(sev1(), 3), a_world(sev1()), until=10_000)

    assert facts(said) == [Fact.ASKED]
    assert after.escalation.asked_at == at(3) + timedelta(days=1)


def test_a_row_may_let_its_incidents_end_by_themselves() -> None:
    world = a_world(sev1(), handling=Handling(resolves_itself_after_min=30))

    after, said = on_time(recovered(sev1(), 3), world, until=100)

    assert (after.status, after.ending, after.resolved_at) == (Status.RESOLVED, Ending.BY_ITSELF, at(33))
    assert facts(said) == [Fact.RESOLVED]
    assert after.acknowledged_at is None


def test_consent_never_ends_by_itself() -> None:
    incident = an_incident(severity=Severity.SEV1, consent=True)

    after, _ = on_time(recovered(incident, 3), a_world(incident, handling=Handling(resolves_itself_after_min=30)), 5000)

    assert after.is_open


def test_what_breaks_again_after_a_recovery_gives_its_owner_all_their_time() -> None:
    calm, _ = on_time(recovered(sev1(), 3), a_world(sev1()), until=4)
    broken = calm.with_transition(an_alarm(minutes=120))

    assert due(broken, a_world(sev1()), at(121)).next_at == at(125)


def test_flapping_does_not_put_off_the_next_person() -> None:
    incident, world = sev1(), a_world(sev1())
    for minute in range(2, 12, 2):
        incident = due(recovered(incident, minute), world, at(minute)).incident
        incident = due(incident.with_transition(an_alarm(minutes=minute + 1)), world, at(minute + 1)).incident

    assert told(incident)[:1] == ["Ben Okafor"]


WINDOW = Window("MW-1", at(0), at(60), "the vendor moves house", "Ana Lima")


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


def test_fault_08_muted_alarms_hold_their_incident_until_one_speaks_again() -> None:
    muted = {key: replace(alarm, quiet=Hold(at(30), "muted by rule night")) for key, alarm in sev1().alarms.items()}

    after, said = on_time(replace(sev1(), alarms=muted), a_world(sev1()), until=36)

    assert facts(said) == [Fact.HELD, Fact.HOLD_ENDED, Fact.ESCALATED]
    assert after.pending_since == at(30)


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


def test_an_incident_is_looked_at_again_when_planned_maintenance_begins() -> None:
    soon = replace(WINDOW, begins_at=at(3))

    assert due(sev1(), a_world(sev1(), windows=(soon,)), at(1)).next_at == at(3)
