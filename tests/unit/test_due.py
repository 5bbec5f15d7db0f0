"""Claims about what is due on an incident: whoever asks, however often and however late, it ends the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.chain import chain_of
from deadair.domain.due import due
from deadair.domain.escalation import Rung
from deadair.domain.handling import Handling
from deadair.domain.reachability import Away, Reach
from deadair.domain.severity import Severity
from deadair.domain.stages import Ending, Status
from deadair.domain.timeline import Fact
from tests.builders import ANA, FALLBACK, an_alarm, an_incident, an_integration, at
from tests.unit.escalating import OFFICE, WINDOW, a_world, facts, on_time, played, recovered, sev1, told


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


def test_who_was_passed_over_is_said_once() -> None:
    away = Reach(away=(Away(date(2026, 11, 1), date(2026, 11, 9), "holiday"),))

    _, (first, second) = on_time(sev1(), a_world(sev1(), ben_okafor=away), until=12)

    assert first.text.endswith(": no answer for 5 minutes; Ben Okafor (deputy) is away until 09 Nov (holiday).")
    assert second.text == "Told Fay Fallback (fallback person): no answer for 5 minutes."


def test_who_comes_back_is_told_before_those_behind_them() -> None:
    until_two_o_clock = Reach(timezone="Etc/GMT-10", away=(Away(date(2026, 11, 1), date(2026, 11, 2)),))
    world = a_world(sev1(), handling=Handling(ack_min=60), ben_okafor=until_two_o_clock)

    after, _ = on_time(sev1(), world, until=200)

    assert told(after) == ["Cat Stone", "Ben Okafor", "Fay Fallback"]


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


def test_an_incident_is_looked_at_again_when_planned_maintenance_begins() -> None:
    soon = replace(WINDOW, begins_at=at(3))

    assert due(sev1(), a_world(sev1(), windows=(soon,)), at(1)).next_at == at(3)


@given(st.integers(0, 6 * 24 * 60), st.lists(st.integers(0, 14 * 24 * 60), max_size=15))
@settings(max_examples=60, deadline=None)
def test_of_a_sev4_each_person_is_told_once_in_their_own_working_time(opens: int, extra: list[int]) -> None:
    incident = an_incident(severity=Severity.SEV4, pending_since=at(opens))
    night = Reach(timezone="Asia/Tokyo", hours=((540, 1020),))
    shifts = Reach(timezone="America/Lima", weekdays=frozenset({5, 6}), hours=((1320, 1800),))
    world = a_world(incident, ana_lima=OFFICE, ben_okafor=night, cat=shifts)

    noisy, said = played(incident, world, sorted(opens + minute for minute in extra))
    after, more = on_time(noisy, world, until=90 * 24 * 60, begin=opens + max([0, *extra]))

    assert told(after) == ["Ben Okafor", "Cat Stone", "Fay Fallback"]
    assert all(world.people.reach_of(one.person).works_at(one.at) for one in after.escalation.told)
    assert facts([*said, *more]).count(Fact.ESCALATED) == 3
    assert len({entry.id for entry in [*said, *more]}) == len([*said, *more])
