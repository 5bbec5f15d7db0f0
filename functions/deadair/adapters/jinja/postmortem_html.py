"""A postmortem as an HTML file that stands by itself: its Markdown, its chart and its looks, and nothing from outside.

Knows that all its words come from the one Markdown text. Refuses to know where that came from, or where the file goes.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from deadair.adapters.jinja.environment import environment, templates_folder
from deadair.adapters.jinja.markdown import anchor_of, parsed, rendered
from deadair.adapters.jinja.metric_chart import picture
from deadair.domain.postmortem import QUESTIONS

HEAD = re.compile(r"\A---\r?\n.*?\r?\n---\s*(\r?\n|\Z)", re.DOTALL)
STYLES = ("web/static/tokens.css", "web/static/metric.css", "postmortem/document.css")
KEYS = {question: key for key, question in QUESTIONS.items()}
FACTS = ("id", "title", "company", "severity", "version", "published_at", "published_by", "reviewed_by")


def document_html(told: Mapping[str, Any]) -> str:
    """The file of a document as it is stored: what it shows stands in its `markdown`, its `chart` and some facts."""
    tokens = parsed(HEAD.sub("", str(told["markdown"]), count=1))
    _set_ids(tokens)
    second = next((n for n, token in enumerate(tokens) if _is_section(token)), len(tokens))
    values = {name: told.get(name) or "" for name in FACTS}
    page = environment("postmortem").get_template("document.html")
    return page.render(
        values,
        date=told["date"],
        css=_styles(),
        picture=picture(told.get("chart")),
        lead=rendered(tokens[:second]),
        rest=rendered(tokens[second:]),
    )


def _is_section(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0 and token.tag == "h2"


def _set_ids(tokens: list[Token]) -> None:
    """The five questions have their own names; other headings their words."""
    used: dict[str, int] = {}
    for n, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = tokens[n + 1].content
        key = KEYS.get(words, "") if _is_section(token) else ""
        fresh = key and key not in used
        token.attrSet("id", key if fresh else anchor_of(words, "", used))
        if fresh:
            used[key] = 1


@cache
def _styles() -> Markup:
    """Our own files, word for word. `<` would end the element; there is none in them, and a test says so."""
    return Markup("\n".join((templates_folder() / file).read_text("utf-8") for file in STYLES))  # noqa: S704
