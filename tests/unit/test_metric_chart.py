"""Claims about the picture of a metric, and the HTML file of a postmortem that shows it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deadair.adapters.jinja import templates_folder
from deadair.adapters.jinja.filters import reading
from deadair.adapters.jinja.metric_chart import picture
from deadair.adapters.jinja.postmortem import document_html, imported_html
from deadair.adapters.jinja.postmortem_html import STYLES
from tests.builders import at
from tests.unit.test_postmortem_templates import HOSTILE, told_of


def a_chart(*values: float | None, **more: Any) -> dict[str, Any]:
    points = [[at(5 * n).isoformat(), value] for n, value in enumerate(values)]
    return {"label": "Records", "unit": "Count", "period_s": 300, "points": points, "threshold": 5, "marks": []} | more


def test_a_gap_is_no_line_and_no_zero() -> None:
    drawn = picture(a_chart(10, 20, None, None, 20, 10))

    assert drawn is not None
    assert drawn.line.count("M") == 2
    assert drawn.gaps == ((20.0, 60.0),)
    assert (drawn.least, drawn.most, drawn.missing) == (10, 20, 2)


def test_a_reading_between_two_gaps_is_a_dot() -> None:
    drawn = picture(a_chart(10, None, 7, None, 10))

    assert drawn is not None
    assert "h0" in drawn.line


def test_marks_outside_are_left_out_and_no_two_words_stand_on_each_other() -> None:
    names = ("started", "detected", "mitigated", "resolved")
    marks = [{"name": name, "at": (at(10) + timedelta(seconds=n)).isoformat()} for n, name in enumerate(names)]
    drawn = picture(a_chart(1, 2, 3, 4, marks=[*marks, {"name": "late", "at": at(900).isoformat()}]))

    assert drawn is not None
    assert [mark.name for mark in drawn.marks] == list(names)
    assert len({mark.row for mark in drawn.marks}) == 4


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "chart",
        {},
        {"points": "x"},
        {"points": [[at(0).isoformat(), 1]]},
        a_chart(None, None),
        a_chart(1, 2) | {"points": [[1, 2], ["x", 3], [at(0).isoformat(), True], None]},
        a_chart(float("nan"), float("inf")),
    ],
)
def test_what_is_no_chart_is_none(odd: object) -> None:
    assert picture(odd) is None


@example([None, 5e-324], 0.0)
@example([-1e-13, 1e-13], 0.0)
@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=2, max_size=20), st.floats(-1e9, 1e9))
def test_whatever_is_measured_stays_in_the_picture(values: list[float | None], threshold: float) -> None:
    drawn = picture(a_chart(*values, threshold=threshold))

    if drawn is not None:
        heights = [float(y) for y in re.findall(r" (-?[0-9.e-]+)(?=[ h]|$)", drawn.line.replace("M", " M "))]
        assert all(-0.01 <= height <= 100.01 for height in [*heights[1::2], *(y for _, y in drawn.levels)])
        assert -0.01 <= (drawn.threshold or (0, 0))[1] <= 100.01


def test_a_number_has_the_places_that_a_person_compares() -> None:
    assert [reading(value) for value in (1204.0, 0.25, 0.0031, 1234567.891)] == [
        "1,204",
        "0.25",
        "0.0031",
        "1,234,567.89",
    ]


def the_file(**more: Any) -> str:
    return document_html(told_of(date=at(0), chart=a_chart(10, None, 20), **more))


def test_the_file_stands_by_itself_and_asks_nobody_for_anything() -> None:
    html = the_file()

    assert html.startswith("<!doctype html>")
    assert "default-src 'none'" in html
    assert not re.search(r"<script|<link|<img|@import|url\(", html)
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert '<h2 id="what_broke">' in html
    assert html.index("<svg") < html.index('id="what_broke"')
    assert "no data" in html


def test_no_style_of_ours_ends_its_element() -> None:
    assert not any("<" in (templates_folder() / file).read_text("utf-8") for file in STYLES)


class Acting(HTMLParser):
    """Notes what a browser would do something for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        acts = tag in {"script", "img", "iframe", "object", "link", "base", "form"}
        told = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")[:12].lower()]
        self.found += [tag] * acts + [name for name in told if name != "class"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_the_file_acts(text: str) -> None:
    chart = a_chart(1, 2, label=text, unit=text, marks=[{"name": text, "at": at(5).isoformat()}])
    told = told_of(date=at(0), title=text, owner=text, published_by=text, severity=text, affected=text)
    files = (
        document_html({**told, "chart": chart}),
        imported_html({"head": {"id": "x"}, "id": text, "title": text, "company": text, "date": at(0), "body": text}),
    )
    for html in files:
        seen = Acting()
        seen.feed(html)
        assert seen.found == []
        assert "{{" not in text or "49" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
