"""The YAML head of a Markdown file, read as text and lists of text.

Operators' code only: PyYAML is not in the bundle of the rooms. Knows what a hostile head may try, and the colon that
people leave unquoted in a title. Refuses anchors and tags (billion laughs, objects), and to guess types: `no`, `007`
and `2023-05-01` stay what was written.
"""

import re
from typing import Any

import yaml

# A head longer than this is no head.
BYTES_AT_MOST = 64_000
HEAD = re.compile(r"\A\n*---[ \t]*\n(.*?)(?:^(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)
# `title: Postmortem: no leads` is no YAML, and can only mean one thing. What begins with a sign of YAML is left alone.
WITH_A_COLON = re.compile(r"^(\w[\w -]*:)[ \t]+(?![\"'\[{&*!|>#%@`?-])(\S.*:(?:[ \t].*)?)$", re.MULTILINE)
REMEDY = "Put a value that holds signs of YAML in quotes, and indent with spaces."


class Unreadable(Exception):
    """The head cannot be read. `reason` and `remedy` are for the person who owns the file."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class _Text(yaml.BaseLoader):
    """Stricter than SafeLoader: every scalar is text, no alias is followed, no tag is obeyed."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("an alias (`*name`) stands in the front matter", "Write the value out.")
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable(f"the tag {str(event.tag)[:60]} stands in the front matter", "Take the tag away.")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[dict[str, Any], str]:
    """The head as a mapping and the body. A file without a head has an empty one. Raises Unreadable."""
    if text.startswith("+++\n"):
        raise Unreadable("the front matter is TOML", "Write it as YAML, between two lines of `---`.")
    if not text.lstrip("\n").startswith("---"):
        return {}, text
    found = HEAD.match(text)
    if found is None:
        raise Unreadable("the front matter has no closing `---`", "Close it with a line of `---`.")
    if len(found[1].encode()) > BYTES_AT_MOST:
        raise Unreadable("the front matter is too long", f"Keep it under {BYTES_AT_MOST // 1000} kB.")
    return _mapping(found[1], text.count("\n", 0, found.start(1))), text[found.end() :]


def _mapping(head: str, lines_before: int) -> dict[str, Any]:
    try:
        told = _loaded(head)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + lines_before + 1}" if error.problem_mark else ""
        raise Unreadable(f"the front matter is not YAML{line}: {error.problem}", REMEDY) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable("the front matter holds characters that YAML does not allow", "Take them out.") from error
    except RecursionError as error:
        raise Unreadable("the front matter is nested too deeply", "Keep it flat.") from error
    if told is None or told == "":
        return {}
    if not isinstance(told, dict):
        raise Unreadable("the front matter is no mapping", "Write it as `name: value` lines.")
    return {str(name).strip().lower(): value for name, value in told.items()}


def _loaded(head: str) -> Any:
    """The head as YAML has it; where that fails, with the colons quoted that stand inside a value."""
    try:
        return yaml.load(head, Loader=_Text)  # noqa: S506 - a stricter loader than safe_load's, see above
    except yaml.MarkedYAMLError:
        quoted = WITH_A_COLON.sub(_quoted, head)
        if quoted == head:
            raise
        return yaml.load(quoted, Loader=_Text)  # noqa: S506 - as above


def _quoted(found: re.Match[str]) -> str:
    value = found[2].replace("'", "''")
    return f"{found[1]} '{value}'"
