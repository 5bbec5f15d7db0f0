"""Claims about milestones set afterwards: only what was reached, in order, and read before what was recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.lengths import lasted, lengths, milestones, started
from deadair.domain.milestones import with_milestone
from deadair.domain.stages import Milestone
from tests.builders import an_incident, at

NOW = at(600)


def a_resolved() -> Incident:
    held = an_incident().acknowledge("Ana", at(5))
    return held.mitigate("Ana", at(20)).resolve("Ana", "restarted", at(60))


@pytest.mark.parametrize(
    ("milestone", "minutes"),
    [
        (Milestone.STARTED, -90),
        (Milestone.DETECTED, 2),
        (Milestone.ACKNOWLEDGED, 0),
        (Milestone.MITIGATED, 60),
        (Milestone.RESOLVED, 21),
    ],
)
def test_each_of_the_five_can_be_set_between_its_neighbours(milestone: Milestone, minutes: float) -> None:
    corrected = with_milestone(a_resolved(), milestone, at(minutes), now=NOW)

    assert corrected.when(milestone) == at(minutes)
    assert (corrected.started_at, corrected.resolved_at) == (a_resolved().started_at, at(60))


@pytest.mark.parametrize(
    ("milestone", "minutes", "says"),
    [
        (Milestone.STARTED, 1, "does not start after it is detected"),
        (Milestone.ACKNOWLEDGED, -1, "is not acknowledged before it is detected"),
        (Milestone.MITIGATED, 61, "is not mitigated after it is resolved"),
        (Milestone.RESOLVED, 19, "is not resolved before it is mitigated"),
        (Milestone.RESOLVED, 601, "has not come yet"),
        (Milestone.STARTED, -401 * 24 * 60, "is too long ago"),
    ],
)
def test_what_is_out_of_order_is_refused_with_the_field_and_what_to_do(
    milestone: Milestone, minutes: float, says: str
) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        with_milestone(a_resolved(), milestone, at(minutes), now=NOW)

    assert refused.value.field == "at"
    assert refused.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("milestone", "remedy"),
    [(Milestone.ACKNOWLEDGED, "ack 42"), (Milestone.MITIGATED, "mitigate 42"), (Milestone.RESOLVED, "resolve 42")],
)
def test_what_was_not_reached_has_no_time_to_correct(milestone: Milestone, remedy: str) -> None:
    with pytest.raises(IllegalTransition) as refused:
        with_milestone(an_incident(), milestone, at(1), now=NOW)

    assert (refused.value.field, refused.value.remedy) == ("milestone", remedy)


def test_a_harm_that_nobody_marked_as_mitigated_can_be_told_once_it_is_over() -> None:
    straight = with_milestone(an_incident().resolve("Ana", "", at(60)), Milestone.ACKNOWLEDGED, at(5), now=NOW)

    assert with_milestone(straight, Milestone.MITIGATED, at(30), now=NOW).when(Milestone.MITIGATED) == at(30)


def test_a_later_alarm_does_not_move_what_a_person_set_and_a_reopening_takes_back_only_its_own() -> None:
    told = with_milestone(a_resolved(), Milestone.STARTED, at(-90), now=NOW)
    told = with_milestone(told, Milestone.RESOLVED, at(50), now=NOW)
    earlier = replace(told, started_at=at(-200))

    reopened = earlier.reopen()

    assert reopened.when(Milestone.STARTED) == at(-90)
    assert reopened.when(Milestone.RESOLVED) is None
    assert reopened.resolve("Ana", "", at(80)).when(Milestone.RESOLVED) == at(80)


def test_what_rings_again_waits_for_somebody_whatever_was_set_before() -> None:
    told = with_milestone(a_resolved(), Milestone.ACKNOWLEDGED, at(5), now=NOW)

    again = told.reopen_by_alarm(None, at(70))

    assert again.when(Milestone.ACKNOWLEDGED) is None
    assert again.acknowledge("Ben", at(75)).when(Milestone.ACKNOWLEDGED) == at(75)


def test_lengths_and_lists_read_what_was_set() -> None:
    told = with_milestone(a_resolved(), Milestone.STARTED, at(-60), now=NOW)
    told = with_milestone(told, Milestone.RESOLVED, at(40), now=NOW)

    assert started(told) == at(-60)
    assert lasted(told, NOW) == timedelta(minutes=100)
    assert lengths(told)["to_resolve"] == timedelta(minutes=100)
    assert lengths(told)["to_detect"] == timedelta(minutes=60)
    assert dict(milestones(told))["resolved"] == at(40)


def test_no_length_is_below_zero_because_an_alarms_clock_was_ahead() -> None:
    ahead = replace(an_incident(), detected_at=at(8)).acknowledge("Ana", at(5))

    assert lengths(ahead)["to_acknowledge"] == timedelta(0)
