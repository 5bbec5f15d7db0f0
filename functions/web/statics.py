"""The static files: read once per process, named by their content, cached by browsers for ever.

Knows the files of `templates/web/static`. Refuses to look anywhere else: a name is looked up, never opened.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deadair.adapters.jinja import templates_folder

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Static:
    """One file. `name` carries the hash (`app.1a2b3c4d.css`); `tag` is its ETag."""

    name: str
    tag: str
    content_type: str
    text: str


@cache
def statics() -> dict[str, Static]:
    """Every file, by its plain name."""
    folder = templates_folder() / "web" / "static"
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES}


@cache
def _by_hashed_name() -> dict[str, Static]:
    return {file.name: file for file in statics().values()}


def address(plain_name: str) -> str:
    """The address to write into a page. KeyError for a file that is not there: a template's mistake."""
    return f"/static/{statics()[plain_name].name}"


def find(name: str) -> tuple[Static, str] | None:
    """The file of that name and its Cache-Control: for ever under its hashed name, ask again under its plain one."""
    if name in _by_hashed_name():
        return _by_hashed_name()[name], FOREVER
    return (statics()[name], ASK_AGAIN) if name in statics() else None


def _read(path: Path) -> Static:
    text = path.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Static(f"{path.stem}.{digest}{path.suffix}", f'"{digest}"', TYPES[path.suffix], text)
