"""A postmortem's Markdown as the sections of a page: each with its heading, its anchor and its HTML.

Knows that the five questions have their keys as anchors, wherever a template puts them, and that a heading of the
second level begins a section. Refuses to know where the text comes from: every text is untrusted. Times in it that say
UTC become elements that a page's script moves into the reader's zone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from deadair.adapters.jinja.markdown import HEADINGS, anchor_of, parsed, rendered
from deadair.adapters.jinja.times import IN_UTC, moved
from deadair.domain.postmortem import QUESTIONS

# What the sanitiser writes: a tag whose attributes stand in double quotes; and elements whose text is left as it is.
TAG = re.compile(r'(<[^>"]*(?:"[^"]*"[^>"]*)*>)')
# A list's item that begins with a time is a moment of a timeline; the table of facts stands beside the text as well.
MOMENT = re.compile(r"<li>(?:\n<p>)?(<time [^>]*>[^<]*</time>)(?: · |: )?")
ITEM = '<li class="moment">'
FACTS = re.compile(r"<table>(?=\s*<thead>\s*<tr>\s*<th>Fact</th>)")
VERBATIM = re.compile(r"<(/?)(?:code|pre|a)\b")
FIRST, THIRD = 1, 3
# Of a long timeline the beginning and the end are shown at once, the rest when somebody asks.
MOMENTS_FIRST, MOMENTS_LAST = 60, 20
NO_WORD = re.compile(r"[\W_]+")
# What pages call their own parts.
TAKEN = ("main", "find", "results", "keys", "facts", "contents", "versions", "related", "chart", "actions-now")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document. `anchor` is empty for what comes before the first heading; `words` are plain text."""

    anchor: str
    words: str
    heading: Markup
    body: Markup


def sections(text: str, title: str, *, own: bool = True) -> tuple[Section, ...]:
    """The sections of a document without its title, which the page has.

    `own` says that it was rendered from a template of ours, so that a heading of the first level stands in an answer;
    in a text from elsewhere such headings begin its sections.
    """
    tokens = _without_title(parsed(without_front_matter(text)), title)
    _set_levels(tokens, own=own)
    used = dict.fromkeys(TAKEN, 1)
    return tuple(_section(part, used) for part in _parts(tokens) if part)


def without_front_matter(text: str) -> str:
    """Markdown without its YAML head."""
    return re.sub(r"\A---\r?\n.*?\r?\n---[ \t]*(\r?\n|\Z)", "", text, count=1, flags=re.DOTALL).lstrip()


def with_times(html: Markup) -> Markup:
    """HTML of the sanitiser in which `2026-11-20 10:42 UTC` is an element; code and links are left alone."""
    shown, inside = [], 0
    for place, piece in enumerate(TAG.split(str(html))):
        if place % 2:
            verbatim = VERBATIM.match(piece)
            inside += (-1 if verbatim[1] else 1) if verbatim else 0
            shown.append(piece)
        else:
            shown.append(piece if inside else IN_UTC.sub(lambda found: str(moved(found[1])), piece))
    return Markup("".join(shown))  # noqa: S704 - sanitised HTML, with elements of our own between its tags


def _shown(tokens: list[Token]) -> Markup:
    """A part's HTML with classes for what pages draw in a form of its own."""
    html = _folded(MOMENT.sub(rf"{ITEM}\1 ", str(with_times(rendered(tokens)))))
    return Markup(FACTS.sub('<table class="facts-in-text">', html))  # noqa: S704 - as above, with constants put in


def _folded(html: str) -> str:
    """With the middle of a long timeline folded away, where it is the only list."""
    begins = [found.start() for found in re.finditer(re.escape(ITEM), html)]
    left_out = len(begins) - MOMENTS_FIRST - MOMENTS_LAST
    if left_out <= 0 or html.count("<ul>") != 1:
        return html
    first, last = begins[MOMENTS_FIRST], begins[-MOMENTS_LAST]
    middle = f"<summary>{left_out} more</summary><ul>{html[first:last]}</ul>"
    folded = f'</ul><details class="moments">{middle}</details><ul>'
    return html[:first] + folded + html[last:]


def _section(part: list[Token], used: dict[str, int]) -> Section:
    """What it says, with ids for all its headings."""
    begins = part[0].type == "heading_open" and part[0].tag == HEADINGS[1]
    for opening, inline in _headings(part):
        key = _KEYS.get(_plain(_words(inline)), "") if opening is part[0] and begins else ""
        opening.attrSet("id", key if key and key not in used else anchor_of(_words(inline), "", used))
        used.setdefault(key, 1)
    if not begins:
        return Section("", "", Markup(), _shown(part))
    heading, anchor = part[1], str(part[0].attrGet("id"))
    return Section(anchor, _words(heading), rendered([heading]), _shown(part[3:]))


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """The text cut before every heading of the second level that stands in nothing else."""
    begins = [place for place, token in enumerate(tokens) if _is_cut(token)]
    for start, end in zip([0, *begins], [*begins, len(tokens)], strict=True):
        yield tokens[start:end]


def _is_cut(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0 and token.tag == HEADINGS[1]


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    begins = len(tokens) > THIRD and tokens[0].type == "heading_open" and tokens[0].tag == HEADINGS[0]
    return tokens[3:] if begins and _plain(_words(tokens[1])) == _plain(title) else tokens


def _set_levels(tokens: list[Token], *, own: bool) -> None:
    """No heading outranks the page's. In nothing but a document does one begin a section."""
    first = any(token.type == "heading_open" and token.tag == HEADINGS[0] for token in tokens)
    for token in tokens:
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = int(token.tag[1])
        if own:
            level = THIRD if level == FIRST else level
        elif first:
            level += 1
        if token.level:
            level = max(level, THIRD)
        token.tag = HEADINGS[min(level, len(HEADINGS)) - 1]


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[place + 1]


def _words(inline: Token) -> str:
    """What a heading says, without its markup."""
    return "".join(child.content for child in inline.children or []) or inline.content


def _plain(words: str) -> str:
    return NO_WORD.sub("", words).casefold()


_KEYS = {_plain(question): key for key, question in QUESTIONS.items()}
