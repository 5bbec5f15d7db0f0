"""Claims about the Jinja environments: what is printed stays what it was, in HTML, in Markdown and in YAML."""

import re
from datetime import timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from deadair.adapters.jinja import environment, escape_markdown, markdown, markdown_environment, visible
from deadair.adapters.jinja.answers import as_markdown
from deadair.adapters.jinja.filters import duration
from deadair.adapters.jinja.front_matter import front_matter

HOSTILE = [
    "# heading",
    "1. list",
    "- item",
    "+ item",
    "> quote",
    "*a* _b_ `c` ~~d~~",
    "![x](https://tracker.example/p.gif)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<https://a.example>",
    "a | b | c",
    "&lt;script&gt;",
    "\\`x\\`",
    "{{ 7*7 }} {% raw %}",
    "---\nfoo: bar\n---",
    "=====",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_itself_after_markdown(text: str) -> None:
    shown = markdown(escape_markdown(text)).unescape().strip()

    assert shown == f"<p>{' '.join(text.split())}</p>"


@given(st.text())
def test_no_text_makes_markup_of_its_own(text: str) -> None:
    html = str(markdown(f"- {escape_markdown(text)}"))

    assert set(re.findall(r"<(\w+)", html)) <= {"ul", "li"}


@given(st.text())
def test_markdown_of_any_text_has_no_script_no_image_and_no_handler(text: str) -> None:
    html = str(markdown(text))

    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("source", ["<script>a()</script>", "![x](https://t.example/p)", "<img src=x onerror=a>"])
def test_what_people_write_can_fetch_and_run_nothing(source: str) -> None:
    html = str(markdown(source))

    assert "<script" not in html
    assert "<img" not in html


def test_code_that_begins_on_the_line_of_its_fence_is_shown() -> None:
    assert "401 INVALID_SESSION" in markdown("```401 INVALID_SESSION at 09:00\nsecond```")
    assert "python" not in markdown("```python\nprint()\n```")


def test_headings_of_an_answer_fit_under_those_of_the_page() -> None:
    assert "<h4" in markdown("# mine", first_heading=4)


def test_an_undefined_variable_is_an_error_in_both_sinks() -> None:
    for made in (environment("postmortem"), markdown_environment("postmortem")):
        with pytest.raises(UndefinedError):
            made.from_string("{{ nothing }}").render()


def test_html_and_markdown_templates_escape_without_being_told() -> None:
    assert environment("postmortem").from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert markdown_environment("postmortem").from_string("{{ x }}").render(x="<b>") == r"\<b\>"


def test_an_answer_keeps_its_markdown_but_not_its_html_nor_an_open_code_block() -> None:
    told = as_markdown("**bold** <img src=x> `<kept>`\n```\n<kept too>")

    assert told == "**bold** \\<img src=x> `<kept>`\n```\n<kept too>\n```"


@given(st.dictionaries(st.from_regex(r"\Akey_[a-z]{1,8}\Z"), st.text() | st.lists(st.text(), max_size=3)))
def test_front_matter_reads_back_as_what_was_written(fields: dict[str, str | list[str]]) -> None:
    block = front_matter(fields)
    body = block.removeprefix("---\n").removesuffix("---")

    assert (yaml.safe_load(body) or {}) == fields
    assert len(block.splitlines()) == len(fields) + 2


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(minutes=59, seconds=45), "1 h"),
        (timedelta(hours=1, minutes=5), "1 h 5 min"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(hours=23, minutes=59, seconds=50), "1 d"),
        (timedelta(minutes=-3), "-3 min"),
        (None, "—"),
        (0.4, "0 s"),
    ],
)
def test_a_duration_is_told_in_its_two_greatest_units(length: timedelta | float | None, shown: str) -> None:
    assert duration(length) == shown


def test_direction_overrides_and_invisible_characters_are_made_visible() -> None:
    assert visible("a\u202eb\u200bc\r\nd") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\nd"
