"""Claims about a document's text as a page shows it: sections, anchors, times."""

from html.parser import HTMLParser

import pytest

from deadair.adapters.jinja.sections import sections, with_times
from deadair.domain.postmortem import QUESTIONS

TEXT = """---
id: INC-1
---

# Opt-outs late

It was late.

## What broke?

All of it at 2026-11-20 10:42 UTC, says `2026-11-20 10:42 UTC`.

# A heading in an answer

## Timeline

- 2026-11-20 10:42 UTC · Ana: x
"""


class Seen(HTMLParser):
    """What a browser finds in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_a_document_is_its_sections_without_its_head_and_title() -> None:
    found = sections(TEXT, "Opt-outs late")

    assert [(part.anchor, part.words) for part in found] == [
        ("", ""),
        ("what_broke", "What broke?"),
        ("timeline", "Timeline"),
    ]
    assert "It was late." in found[0].body
    assert "INC-1" not in found[0].body


def test_the_five_questions_have_anchors_that_never_change() -> None:
    text = "\n\n".join(f"## {question}\n\nx" for question in QUESTIONS.values())

    assert [part.anchor for part in sections(text, "")] == list(QUESTIONS)


def test_a_question_that_is_asked_twice_is_found_once_by_its_key() -> None:
    assert [part.anchor for part in sections("## What broke?\n\n## What broke?", "")] == ["what_broke", "what-broke"]


def test_an_answer_cannot_outrank_the_page() -> None:
    assert '<h3 id="a-heading-in-an-answer">' in sections(TEXT, "Opt-outs late")[1].body


def test_an_old_text_with_headings_of_the_first_level_has_sections_all_the_same() -> None:
    assert [part.anchor for part in sections("# Old\n\n# Cause\n\n## Why\n\n# Fix", "Old", own=False)] == [
        "cause",
        "fix",
    ]


def test_a_quoted_heading_begins_no_section() -> None:
    found = sections("> ## Inside\n\nafter", "")

    assert [part.anchor for part in found] == [""]
    assert '<h3 id="inside">' in found[0].body


def test_a_time_that_says_utc_is_an_element_and_in_code_it_is_what_it_was() -> None:
    body = sections(TEXT, "Opt-outs late")[1].body

    assert body.count('<time datetime="2026-11-20T10:42:00Z"') == 1
    assert "<code>2026-11-20 10:42 UTC</code>" in body


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '[x](https://e.example "2026-11-20 10:42 UTC\\" onclick=1")',
        "## <img src=x onerror=alert(1)>",
        "![x](https://e.example/2026-11-20 10:42 UTC)",
    ],
)
def test_no_markup_of_a_text_reaches_the_page(text: str) -> None:
    for part in sections(text, ""):
        found = Seen()
        found.feed(f"{part.heading}{part.body}")
        assert not found.elements & {"script", "img"}
        assert not any(name.startswith("on") or value.startswith("javascript") for name, value in found.attributes)


def test_a_time_in_an_attribute_stays_an_attribute() -> None:
    html = with_times(sections('[x](https://e.example "at 2026-11-20 10:42 UTC > y")', "")[0].body)

    assert "<time" not in html


@pytest.mark.parametrize("text", ["2026-13-40 99:99 UTC", "12026-11-20 10:42 UTC", "2026-11-20 10:42 UTCx"])
def test_what_is_no_time_stays_text(text: str) -> None:
    assert sections(text, "")[0].body == f"<p>{text}</p>\n"


def test_a_line_of_the_timeline_begins_with_its_moment_and_the_facts_can_be_told_from_other_tables() -> None:
    facts, timeline = sections("| Fact | |\n|---|---|\n| a | b |\n\n## Timeline\n\n- 2026-11-20 10:42 UTC · Ana: x", "")

    assert '<li class="moment"><time datetime="2026-11-20T10:42:00Z"' in timeline.body
    assert "</time> Ana: x</li>" in timeline.body
    assert facts.body.startswith('<table class="facts-in-text">')


def test_of_a_long_timeline_the_middle_is_folded_and_nothing_is_lost() -> None:
    lines = [f"- 2026-11-20 10:{n % 60:02d} UTC · Ana: line {n}" for n in range(200)]
    body = sections("## Timeline\n\n" + "\n".join(lines), "")[0].body

    assert "<summary>120 more</summary>" in body
    assert all(f"line {n}</li>" in body for n in range(200))
    assert body.count("<ul>") == body.count("</ul>") == 3
