"""Claims about the last day of an integration: its bars, its band, and what it changed."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.cloudwatch.series import HourOfRecords
from deadair.domain.audit import AuditEntry
from deadair.domain.expectation import Expectation, expectation_of
from web.call import pages
from web.views.figures import thousands
from web.views.health_chart import HEIGHT, Chart, health_chart
from web.views.row_changes import Field, changes

NOW = datetime(2026, 11, 20, 21, 20, tzinfo=UTC)
FIRST = datetime(2026, 11, 19, 22, tzinfo=UTC)


def a_day(*records: float, errors: float = 0) -> list[HourOfRecords]:
    """24 hours until NOW; the given records are those of the last ones."""
    numbers = [0.0] * (24 - len(records)) + list(records)
    return [HourOfRecords(FIRST + timedelta(hours=i), n, errors) for i, n in enumerate(numbers)]


def expecting(**expected: object) -> Expectation | None:
    """What such a row expects."""
    return expectation_of({"expected": {"timezone": "UTC", **expected}})


def drawn(chart: Chart, expectation: Expectation | None) -> str:
    """The chart as a page has it."""
    module = pages().get_template("chart.html").module
    return str(module.hours(chart, expectation, NOW))  # type: ignore[attr-defined]


def test_an_hour_without_what_was_expected_is_dead_air_and_one_without_expectation_is_quiet() -> None:
    expectation = expecting(per_hour=100, hours="08:00-20:00")
    chart = health_chart(a_day(0, 90, 3, 5), expectation, 50, NOW)

    assert [bar.state for bar in chart.bars[-4:]] == ["dead", "carries", "carries", "carries"]
    assert [bar.state for bar in chart.bars[:3]] == ["quiet", "quiet", "quiet"]
    assert chart.dead == sum(8 <= bar.at.hour < 19 for bar in chart.bars)


def test_the_hour_that_has_only_begun_is_never_dead() -> None:
    chart = health_chart(a_day(0), expecting(per_hour=10), None, NOW)

    assert (chart.bars[-1].whole, chart.bars[-1].state, chart.bars[-2].state) == (False, "quiet", "dead")


def test_less_than_the_floor_is_seen() -> None:
    chart = health_chart(a_day(40, 60, 10), expecting(per_hour=100), 50, NOW)

    assert [bar.state for bar in chart.bars[-3:]] == ["low", "carries", "carries"]
    assert chart.bars[-2].band == (HEIGHT / 2, HEIGHT)


def test_an_hour_in_which_hours_open_expects_its_share() -> None:
    chart = health_chart(a_day(), expecting(per_hour=100, hours="08:30-20:00"), None, NOW)

    assert {bar.at.hour: bar.expected for bar in chart.bars}[8] == 50


def test_without_an_expectation_nothing_is_dead_and_there_is_no_band() -> None:
    chart = health_chart(a_day(1), None, None, NOW)

    assert chart.dead == 0
    assert not any(bar.band for bar in chart.bars)


@given(st.lists(st.floats(0, 1e9), min_size=24, max_size=24), st.floats(0, 1e9), st.floats(0, 1e6))
def test_every_bar_stays_within_the_picture(records: list[float], errors: float, per_hour: float) -> None:
    chart = health_chart(a_day(*records, errors=errors), expecting(per_hour=per_hour), None, NOW)

    assert all(bar.records_y + bar.errors_y <= HEIGHT + 1e-6 for bar in chart.bars)
    assert all(bar.band is None or bar.band[1] <= HEIGHT + 1e-6 for bar in chart.bars)


def test_the_picture_has_a_title_a_description_and_the_same_numbers_in_a_table() -> None:
    expectation = expecting(per_hour=100)
    html = drawn(health_chart(a_day(1234, 7, errors=2), expectation, None, NOW), expectation)
    svg = ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    named = dict(zip(("title", "desc"), (svg.find("title"), svg.find("desc")), strict=True))
    table = html[html.index("<table") :]

    assert all(part is not None and part.text for part in named.values())
    assert svg.get("aria-labelledby") == "chart-title chart-desc"
    assert table.count("<tr>") == 25
    assert "1,234" in table
    assert "so far" in table
    assert "dead air" in table


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1234567, "1,234,567"), (12.5, "12.5"), (3.0, "3")])
def test_numbers_read_as_people_write_them(number: float, text: str) -> None:
    assert thousands(number) == text


def an_entry(before: object, after: object) -> AuditEntry:
    """A change of a row."""
    texts = [json.dumps(row) if row is not None else None for row in (before, after)]
    return AuditEntry(7, NOW, "ana@example.com", "changed", "a-b", texts[0], texts[1], 0, "0" * 64)


def test_a_change_names_the_fields_that_differ_and_no_others() -> None:
    before = {"name": "A", "thresholds": {"silence_min": 60, "floor_pct": None}, "alarm_patterns": ["a-*"]}
    after = {"name": "A", "thresholds": {"silence_min": 30}, "alarm_patterns": ["a-*", "b"], "runbook": ""}
    (change,) = changes([an_entry(before, after)])

    assert change.fields == (Field("thresholds.silence_min", 60, 30), Field("alarm_patterns", ["a-*"], ["a-*", "b"]))


@pytest.mark.parametrize("text", [None, "", "no json", "[]", "3"])
def test_an_entry_that_is_no_row_is_shown_without_fields(text: str | None) -> None:
    entry = AuditEntry(1, NOW, "", "changed", "a", text, text, 0, "")

    assert changes([entry])[0].fields == ()
