"""The words that Slack shows, read from `templates/slack/*.toml`: one file per subject, one key per phrase.

What severities and classes are called is the same everywhere, so it lies above them, in `templates/words.toml`.

Knows where the files lie and how a placeholder is filled. Every value is escaped when it is filled in, so that
text from people and alarms stays data. A placeholder without a value is a KeyError.
"""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from deadair.adapters.slack.mrkdwn import Mrkdwn, escape

EVERYWHERE = "words"


def folder() -> Path:
    """DEADAIR_TEMPLATES, else `templates` in the zip root, else beside the zip root (a checkout)."""
    told = os.environ.get("DEADAIR_TEMPLATES")
    if told:
        return Path(told) / "slack"
    root = Path(__file__).resolve().parents[3]
    inside = root / "templates" / "slack"
    return inside if inside.is_dir() else root.parent / "templates" / "slack"


def subject(name: str) -> dict[str, Any]:
    """All phrases of one file."""
    shelf = folder().parent if name == EVERYWHERE else folder()
    return words_in(shelf / f"{name}.toml")


@cache
def words_in(path: Path) -> dict[str, Any]:
    """All phrases of a file, read once."""
    with path.open("rb") as file:
        return tomllib.load(file)


def template(key: str) -> str:
    """The phrase of a dotted key: its first part names the file. Raises KeyError."""
    file, *path = key.split(".")
    found: Any = subject(file)
    for part in path:
        found = found[part]
    return str(found)


def say(key: str, **values: object) -> Mrkdwn:
    """A phrase as markup, its values escaped."""
    return Mrkdwn(template(key).strip().format_map({name: _filled(value) for name, value in values.items()}))


def plain(key: str, **values: object) -> str:
    """A phrase for a plain-text place (button, header): nothing is markup there, so nothing is escaped."""
    return template(key).strip().format_map({name: str(value) for name, value in values.items()})


def _filled(value: object) -> str:
    return escape(value) if isinstance(value, str) else str(value)
