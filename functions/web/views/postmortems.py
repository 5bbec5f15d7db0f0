"""What the postmortem pages show: facets as links, chips, the form of five questions, one document.

Pure. Refuses to know words and storage; a document from the bucket is read field by field and never trusted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.domain.filters import FACETS, given
from deadair.domain.postmortem import QUESTIONS, Postmortem
from web import addresses

FACET_VALUES = 8
PER_PAGE = 20
LAST_PAGE = 500
# A number longer than this is none that we wrote.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many it would leave, and the address that sets or removes it."""

    value: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    facet: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form. `meanwhile` is what somebody else saved while this text was written."""

    key: str
    text: str
    suggested: bool
    answered: bool
    meanwhile: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: its key (a question's, or empty) and its Markdown."""

    key: str
    body: str


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address sets."""
    return given(query)


def page_of(query: Mapping[str, str]) -> int:
    """The page that an address asks for, from 1; the first for anything odd."""
    text = query.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 1


def search_address(query: str, filters: Mapping[str, str], page: int = 1) -> str:
    """The address of a search; a filter whose value is empty is none."""
    return addresses.with_query("/postmortems", q=query, **filters, page=str(page) if page > 1 else "")


def choices(
    facets: Mapping[str, list[tuple[str, int]]], query: str, filters: Mapping[str, str]
) -> dict[str, list[Choice]]:
    """The facets that offer a choice, each with its commonest values."""
    shown: dict[str, list[Choice]] = {}
    for name in FACETS:
        values = [(value, count) for value, count in facets.get(name, []) if value][:FACET_VALUES]
        if len(values) > 1 or (values and name in filters):
            shown[name] = [
                Choice(
                    value,
                    count,
                    filters.get(name) == value,
                    search_address(query, {**filters, name: "" if filters.get(name) == value else value}),
                )
                for value, count in values
            ]
    return shown


def chips(query: str, filters: Mapping[str, str]) -> list[Chip]:
    """The filters that are set."""
    return [Chip(name, value, search_address(query, {**filters, name: ""})) for name, value in filters.items()]


def questions(
    postmortem: Postmortem, typed: Mapping[str, str] | None = None, *, missing: bool = False
) -> list[Question]:
    """The form: what was typed, else the answer, else the suggestion, which is marked as one.

    With `typed` given, an answer that differs from it is what somebody else saved meanwhile.
    """
    return [_question(key, postmortem, typed, missing=missing) for key in QUESTIONS]


def _question(key: str, postmortem: Postmortem, typed: Mapping[str, str] | None, *, missing: bool) -> Question:
    answer, suggestion = postmortem.answers.get(key, ""), postmortem.suggested.get(key, "")
    given = typed.get(key) if typed is not None else None
    text = answer or suggestion if given is None else given
    other = answer if given is not None and answer.strip() != given.strip() else ""
    return Question(
        key,
        text,
        suggested=not answer and bool(suggestion) and text == suggestion,
        answered=bool(answer.strip()),
        meanwhile=other,
        missing=missing and not text.strip(),
    )


def typed_answers(fields: Mapping[str, str]) -> dict[str, str]:
    """The answers in a posted form."""
    return {key: fields[key] for key in QUESTIONS if key in fields}


def seen_edit(fields: Mapping[str, str]) -> int | None:
    """The edit that the form was filled from; None when the form does not say."""
    text = fields.get("seen_edit", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def sections(document: Mapping[str, Any]) -> list[Section]:
    """The document's five answers, or its whole Markdown where it has none (an imported one)."""
    answers = document.get("answers")
    if isinstance(answers, Mapping) and any(answers.get(key) for key in QUESTIONS):
        return [Section(key, str(answers.get(key) or "")) for key in QUESTIONS]
    body = str(document.get("body") or document.get("markdown") or "")
    return [Section("", without_front_matter(body, str(document.get("title") or "")))]


def without_front_matter(text: str, title: str) -> str:
    """Markdown without its YAML head and without a first heading that only repeats the title."""
    body = re.sub(r"\A---\r?\n.*?\r?\n---\s*(\r?\n|\Z)", "", text, count=1, flags=re.DOTALL).lstrip()
    first, _, rest = body.partition("\n")
    repeats = first.startswith("# ") and first[2:].strip().casefold() == title.strip().casefold()
    return rest.lstrip() if repeats else body


def when(value: Any) -> datetime | None:
    """An instant from a document; None for anything that is none."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None
