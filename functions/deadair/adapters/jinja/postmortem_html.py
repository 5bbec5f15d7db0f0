"""A postmortem as an HTML file that stands by itself: its Markdown, its chart and its looks, and nothing from outside.

Knows that all its words come from the one Markdown text. Refuses to know where that came from, or where the file goes.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from markupsafe import Markup

from deadair.adapters.jinja.environment import environment, templates_folder
from deadair.adapters.jinja.metric_chart import picture
from deadair.adapters.jinja.sections import sections

STYLES = ("web/static/tokens.css", "web/static/metric.css", "postmortem/document.css")
FACTS = ("id", "title", "company", "severity", "version", "published_by", "reviewed_by")
# A page's script moves its times, and leaves the year out; a file has none, and is read in any year.
MOVABLE = re.compile(r'(<time datetime="[^"]*") data-local="[^"]*" title="(\d+ \w+ \d{4}, \d\d:\d\d):\d\d UTC">[^<]*')


def document_html(told: Mapping[str, Any]) -> str:
    """The file of a document as it is stored: what it shows stands in its `markdown`, its `chart` and some facts."""
    values = {name: told.get(name) or "" for name in FACTS}
    page = environment("postmortem").get_template("document.html")
    shown = page.render(
        values,
        date=_instant(told["date"]),
        published_at=_instant(told.get("published_at")),
        css=_styles(),
        picture=picture(told.get("chart")),
        sections=sections(str(told["markdown"]), str(told["title"]), own=not told.get("imported")),
    )
    return MOVABLE.sub(r"\1>\2 UTC", shown)


def _instant(at: datetime | str | None) -> datetime | None:
    """An instant, also from a document that was read back."""
    return datetime.fromisoformat(at) if isinstance(at, str) and at else at or None


@cache
def _styles() -> Markup:
    """Our own files, word for word. `<` would end the element; there is none in them, and a test says so."""
    return Markup("\n".join((templates_folder() / file).read_text("utf-8") for file in STYLES))  # noqa: S704
