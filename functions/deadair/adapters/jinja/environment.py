"""The two Jinja environments: one whose sink is HTML, one whose sink is Markdown.

Knows where templates lie and that an undefined variable is an error. Refuses to know what a template says.
"""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deadair.adapters.jinja.answers import as_markdown
from deadair.adapters.jinja.filters import duration, reading, utc, utc_text
from deadair.adapters.jinja.front_matter import front_matter
from deadair.adapters.jinja.markdown import Trusted, escape_markdown, markdown
from deadair.adapters.jinja.metric_chart import picture
from deadair.adapters.jinja.times import date_text, local_date, local_time, read_aloud
from deadair.domain.visible import visible

FUNCTIONS = Path(__file__).resolve().parents[3]


def templates_folder() -> Path:
    """The folder `templates/`: told by DEADAIR_TEMPLATES, else in the zip root, else beside `functions/`."""
    told = os.environ.get("DEADAIR_TEMPLATES")
    if told:
        return Path(told)
    shipped = FUNCTIONS / "templates"
    return shipped if shipped.is_dir() else FUNCTIONS.parent / "templates"


@cache
def called() -> dict[str, Any]:
    """What severities and classes are called wherever people read them: `words.toml`."""
    return tomllib.loads((templates_folder() / "words.toml").read_text("utf-8"))


@cache
def environment(kind: str) -> Environment:
    """The environment for HTML: everything is escaped, nothing misleads unseen, an undefined variable raises.

    Templates of `templates/<kind>/` are found by their bare name, those of other folders as `folder/name`.
    One per kind and process.
    """
    made = Environment(
        loader=_loader(kind),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals["called"] = called()
    made.filters.update(duration=duration, markdown=markdown, utc=utc)
    made.filters.update(picture=picture, reading=reading, utc_text=utc_text)
    made.filters.update(date_text=date_text, local_date=local_date, local_time=local_time, read_aloud=read_aloud)
    return made


@cache
def markdown_environment(kind: str) -> Environment:
    """The environment for Markdown: every printed value is escaped unless it is `Trusted` or passed `| people`.

    The escape is `finalize`, so that no template can forget it. Macros are of no use here: their result
    would be escaped again.
    """
    made = Environment(
        loader=_loader(kind),
        autoescape=False,  # noqa: S701 - HTML escapes are wrong in Markdown, `_finalize` escapes for this sink
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(duration=duration, utc=utc_text, people=as_markdown, front_matter=_front_matter)
    return made


def _loader(kind: str) -> FileSystemLoader:
    folder = templates_folder()
    return FileSystemLoader([folder / kind, folder])


def _seen(value: object) -> object:
    """HTML is left alone: its texts were seen to when they were put in."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)


def _finalize(value: object) -> str:
    return value if isinstance(value, Trusted) else escape_markdown(str(value))


def _front_matter(fields: dict[str, str | int | bool | tuple[str, ...]]) -> Trusted:
    return Trusted(front_matter(fields))
