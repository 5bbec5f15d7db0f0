"""Claims about the numbers: quantiles are times that happened, and what is no outage counts nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.incident import Incident
from deadair.domain.numbers import By, counts, numbers, quantile
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Ending
from infra.cli.numbers import length_of
from tests.builders import an_incident, at

MINUTES = [timedelta(minutes=n) for n in (9, 1, 2, 3, 4, 5, 6, 7, 8, 10)]


def test_the_median_of_ten_is_the_fifth_and_the_p90_the_ninth() -> None:
    assert quantile(MINUTES, 50) == timedelta(minutes=5)
    assert quantile(MINUTES, 90) == timedelta(minutes=9)


def test_one_value_is_every_quantile_and_none_has_none() -> None:
    assert quantile(MINUTES[:1], 50) == quantile(MINUTES[:1], 90) == timedelta(minutes=9)
    assert quantile([], 50) is None


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1), st.integers(1, 100))
def test_a_quantile_is_a_value_that_as_many_do_not_exceed(values: list[timedelta], pct: int) -> None:
    found = quantile(values, pct)

    assert found in values
    assert 100 * sum(value <= found for value in values) >= pct * len(values)
    assert 100 * sum(value < found for value in values) < pct * len(values)


def lasting(number: int, minutes: float, **more: object) -> Incident:
    incident = an_incident(number).acknowledge("Ana", at(2)).resolve("Ana", "", at(minutes))
    return replace(incident, **more)  # type: ignore[arg-type]


def test_drills_and_merged_ones_count_nowhere_and_false_alarms_are_counted_and_not_measured() -> None:
    told = numbers(
        [
            lasting(1, 10),
            lasting(2, 20, drill=True),
            lasting(3, 30, ending=Ending.MERGED),
            lasting(4, 40, ending=Ending.FALSE_ALARM),
            lasting(5, 50, ending=Ending.BY_ITSELF),
        ],
        By.INTEGRATION,
    )

    assert (told.overall.incidents, told.overall.false_alarms) == (2, 1)
    resolve = told.overall.figures["to_resolve"]
    assert (resolve.count, resolve.median, resolve.p90) == (2, timedelta(minutes=10), timedelta(minutes=50))


def test_an_open_incident_counts_for_what_it_has_reached() -> None:
    told = numbers([an_incident(1).acknowledge("Ana", at(3)), an_incident(2)], By.OWNER)

    assert told.overall.incidents == 2
    assert {name: figure.count for name, figure in told.overall.figures.items()} == {
        "to_detect": 2,
        "to_acknowledge": 1,
        "to_mitigate": 0,
        "to_resolve": 0,
    }


@pytest.mark.parametrize(
    ("by", "more", "names"),
    [
        (By.INTEGRATION, {"integration": "other", "integration_name": "Other"}, ["HubSpot → Salesforce", "Other"]),
        (By.OWNER, {"owner": Person("Ben", "ben@example.com")}, ["Ana Lima", "Ben"]),
        (By.CLASS, {"cause": FailureClass.AUTH}, ["silence", "auth"]),
    ],
)
def test_groups_hold_what_belongs_together_those_with_most_first(
    by: By, more: dict[str, object], names: list[str]
) -> None:
    told = numbers([lasting(1, 10), lasting(2, 20), lasting(3, 30, **more)], by)

    assert [group.name for group in told.groups] == names
    assert [group.incidents for group in told.groups] == [2, 1]
    assert sum(group.figures["to_resolve"].count for group in told.groups) == 3


def test_an_owner_whose_address_is_written_in_two_ways_is_one_group() -> None:
    shouted = Person("Ana Lima", "ANA.LIMA@example.com", "U0ANA")

    assert len(numbers([lasting(1, 10), lasting(2, 20, owner=shouted)], By.OWNER).groups) == 1


def test_what_counts_is_neither_drill_nor_part_of_another() -> None:
    assert counts(lasting(1, 1))
    assert counts(lasting(1, 1, ending=Ending.FALSE_ALARM))


@pytest.mark.parametrize(("text", "days"), [("90d", 90), (" 12W ", 84), ("48h", 2)])
def test_a_period_is_a_number_with_its_unit(text: str, days: int) -> None:
    assert length_of(text) == timedelta(days=days)
