"""The templates: where they lie, and how values become text in them without ever becoming code.

Knows the three formats (HTML, Markdown, plain text) and escapes for each. Refuses to know what a page shows.

    environment("web").get_template("home.html").render(...)                     values are escaped for HTML
    environment("postmortem", "markdown").get_template("draft.md").render(...)   values are escaped for Markdown
    environment("email", "text").get_template("notice.txt").render(...)          values stay as they are

A variable that a template names and nobody gave is an error, in every format.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deadair.adapters.jinja.answers import as_markdown
from deadair.adapters.jinja.markdown import escape_markdown, markdown
from deadair.adapters.jinja.times import duration, local_date, local_time, utc, utc_date

Format = Literal["html", "markdown", "text"]
FILTERS = {
    "as_markdown": as_markdown,
    "duration": duration,
    "local_date": local_date,
    "local_time": local_time,
    "markdown": markdown,
    "utc": utc,
    "utc_date": utc_date,
}
__all__ = ["Format", "environment", "templates_folder"]


def templates_folder() -> Path:
    """The folder of all templates: `DEADAIR_TEMPLATES`, else `templates` in the asset, else in the checkout."""
    named = os.environ.get("DEADAIR_TEMPLATES")
    if named:
        return Path(named)
    zip_root = Path(__file__).resolve().parents[3]
    inside = zip_root / "templates"
    return inside if inside.is_dir() else zip_root.parent / "templates"


@cache
def environment(kind: str, form: Format = "html") -> Environment:
    """The environment of `templates/<kind>/`, compiled once per process. A room may add filters to what it gets."""
    folder = templates_folder()
    env = Environment(
        loader=FileSystemLoader([folder / kind, folder]),
        autoescape=form == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=form != "html",
        auto_reload=False,
        cache_size=-1,
        finalize=_for_markdown if form == "markdown" else None,
    )
    env.filters.update(FILTERS)
    return env


def _for_markdown(value: Any) -> Any:
    """Escape what a Markdown template prints, unless it is Markdown on purpose (`| as_markdown`) or a number."""
    return escape_markdown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
