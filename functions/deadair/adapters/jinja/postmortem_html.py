"""A postmortem as an HTML file that stands by itself: its Markdown, its chart and its looks, and nothing from outside.

Knows that all its words come from the one Markdown text. Refuses to know where that came from, or where the file goes.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from deadair.adapters.jinja.environment import environment, templates_folder
from deadair.adapters.jinja.metric_chart import picture
from deadair.adapters.jinja.sections import sections

STYLES = ("web/static/tokens.css", "web/static/metric.css", "postmortem/document.css")
FACTS = ("id", "title", "company", "severity", "version", "published_at", "published_by", "reviewed_by")


def document_html(told: Mapping[str, Any]) -> str:
    """The file of a document as it is stored: what it shows stands in its `markdown`, its `chart` and some facts."""
    values = {name: told.get(name) or "" for name in FACTS}
    page = environment("postmortem").get_template("document.html")
    return page.render(
        values,
        date=told["date"],
        css=_styles(),
        picture=picture(told.get("chart")),
        sections=sections(str(told["markdown"]), str(told["title"]), own=not told.get("imported")),
    )


@cache
def _styles() -> Markup:
    """Our own files, word for word. `<` would end the element; there is none in them, and a test says so."""
    return Markup("\n".join((templates_folder() / file).read_text("utf-8") for file in STYLES))  # noqa: S704
