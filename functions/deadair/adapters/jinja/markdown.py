"""People's Markdown as HTML that can do nothing, and other text as Markdown that means nothing.

Knows markdown-it (no raw HTML) and nh3 (a short list of elements). Refuses to know where the text comes from:
every text is untrusted. Images become links: a page never loads from an address that a text names.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from deadair.domain.visible import visible

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ELEMENTS = {
    *("a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *HEADINGS,
}
ATTRIBUTES: dict[str, set[str]] = {"a": {"href", "title"}, "ol": {"start"}, **{h: {"id"} for h in HEADINGS}}
SCHEMES = {"http", "https", "mailto"}
# What may begin markup, or a bare link in GitHub's flavour, wherever it stands; and what may at the start of a line.
SPECIAL = re.compile(r"[\\`*_\[\]<>|~&${}]|:(?=//)|(?<=www)\.")
LINE_START = re.compile(r"\d{1,9}(?=[.)])|(?=[-+=#])")


class Trusted(str):
    """Text that is Markdown on purpose: a Markdown template prints it as it is."""

    __slots__ = ()


def markdown(text: str, *, first_heading: int = 3, anchors: str = "") -> Markup:
    """Untrusted Markdown as safe HTML. Headings begin at level `first_heading`; `anchors` prefixes their ids."""
    tokens = parsed(text)
    _set_headings(tokens, first_heading, anchors)
    return rendered(tokens)


def parsed(text: str) -> list[Token]:
    """Untrusted Markdown as tokens, for whoever arranges them before they are rendered."""
    tokens = _parser().parse(visible(text))
    _show_words_on_fences(tokens)
    return tokens


def rendered(tokens: Sequence[Token]) -> Markup:
    """Tokens as safe HTML."""
    import nh3  # 20 ms that pages without people's text do not pay

    parser = _parser()
    html = parser.renderer.render(tokens, parser.options, {})
    cleaned = nh3.clean(
        html, tags=ELEMENTS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return Markup(cleaned)  # noqa: S704 - the sanitiser's output is the one HTML that is trusted


def headings(text: str, *, anchors: str = "") -> list[tuple[str, str]]:
    """The headings of a Markdown text as (anchor, words), for a table of contents."""
    tokens = _parser().parse(visible(text))
    _set_headings(tokens, 1, anchors)
    return [
        (str(token.attrGet("id")), tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def escape_markdown(text: str) -> Trusted:
    """Text that reads the same in Markdown and starts no construct of it; line ends become spaces.

    Only what can begin markup is escaped, so that the file stays readable to a person.
    """
    flat = SPECIAL.sub(r"\\\g<0>", " ".join(visible(text).split()))
    begins = LINE_START.match(flat)
    return Trusted(f"{begins[0]}\\{flat[begins.end() :]}" if begins else flat)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image_as_link)
    return parser


def _image_as_link(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    return str(
        Markup('<a href="{}">{}</a>').format(token.attrGet("src") or "", token.content or token.attrGet("src") or "")
    )


def _show_words_on_fences(tokens: list[Token]) -> None:
    """Slack's code begins on the line of its fence; Markdown takes that line for a language and shows it nowhere."""
    for token in tokens:
        if token.type == "fence" and len(token.info.split()) > 1:
            token.content = f"{token.info.strip()}\n{token.content}"


def _set_headings(tokens: list[Token], first: int, anchors: str) -> None:
    """Shift levels so that a text never outranks its page, and give each heading an id of its own."""
    used: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        token.tag = HEADINGS[min(int(token.tag[1]) + first - 2, 5)]
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(tokens[index + 1].content, anchors, used))


def anchor_of(words: str, prefix: str, used: dict[str, int]) -> str:
    """The id of a heading by its words; `used` counts those of its page, so that each is one's own."""
    base = prefix + (re.sub(r"[^\w]+", "-", words.lower()).strip("-")[:60] or "section")
    used[base] = used.get(base, 0) + 1
    return base if used[base] == 1 else f"{base}-{used[base]}"
