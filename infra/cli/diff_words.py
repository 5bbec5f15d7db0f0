"""How a change of a row is said: field by field, item by item in lists, line by line in long texts."""

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deadair.adapters.registry_file.cells import limit_text, span_text
from deadair.domain.audit import Difference
from infra.cli.terminal import count, line, say

NOTHING = "(nothing)"
GONE, NEW = ("- ", "red"), ("+ ", "green")
FIELDS_SHOWN = 12


def print_differences(differences: Iterable[Difference], indent: str) -> None:
    """Each field that changes, in its place on the line."""
    for each in differences:
        for field, before, after in _apart(each.field, each.before, each.after):
            _print(field, before, after, indent)


def print_fields(changes: Sequence[tuple[str, Iterable[Difference]]]) -> None:
    """Which fields change in how many rows, with the first row of each; for plans that are too long to read."""
    counted: Counter[str] = Counter()
    first: dict[str, str] = {}
    for slug, differences in changes:
        for field in {each.field for each in differences}:
            counted[field] += 1
            first.setdefault(field, slug)
    for field, rows in counted.most_common(FIELDS_SHOWN):
        line(("  ~ ", "yellow"), (field, ""), (f" in {count(rows, 'row')}, such as {first[field]}", "dim"))
    if len(counted) > FIELDS_SHOWN:
        say(f"  … and {len(counted) - FIELDS_SHOWN} more fields", "dim")


def _apart(field: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """A group of fields that came or went, as its fields."""
    old, new = ({} if value is None else value for value in (before, after))
    if before is after or not isinstance(old, dict) or not isinstance(new, dict):
        yield field, before, after
        return
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield from _apart(f"{field}.{name}", old.get(name), new.get(name))


def _print(field: str, before: Any, after: Any, indent: str) -> None:
    lists = isinstance(before or [], list) and isinstance(after or [], list)
    if lists and before is not after:
        pieces = _pieces([_item(item) for item in before or []], [_item(item) for item in after or []])
    elif _is_long(before) or _is_long(after):
        pieces = _pieces(str(before or "").splitlines(), str(after or "").splitlines())
    else:
        line((f"{indent}{field}: ", "dim"), (shown(before), "red"), (" → ", "dim"), (shown(after), "green"))
        return
    line((f"{indent}{field}:", "dim"))
    for (sign, style), text in pieces:
        line((f"{indent}  {sign}", style), (text, style))


def _pieces(before: list[str], after: list[str]) -> list[tuple[tuple[str, str], str]]:
    """What goes and what comes, in its order; what stays is not said."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[tuple[tuple[str, str], str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found += [(GONE, text) for text in before[a:b]] + [(NEW, text) for text in after[c:d]]
    return found


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and "\n" in value


def _item(item: Any) -> str:
    if isinstance(item, dict) and "calls" in item:
        return limit_text(item)
    return span_text(item) if isinstance(item, dict) and "per_hour" in item else shown(item)


def shown(value: Any) -> str:
    """A value on one line."""
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
