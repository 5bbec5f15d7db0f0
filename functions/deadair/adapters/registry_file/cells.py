"""What a list, a rate limit or a span looks like in one cell of a spreadsheet, and back again.

Every form reads back to exactly what was written. Refuses to know rows, columns and what a value may be: what it cannot
take apart it hands on as it stands, and the model refuses it.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from deadair.adapters.registry_file.fields import WEEKDAYS

SEPARATOR = "; "
ESCAPED = re.compile(r"\\([\\;])")
ITEM = re.compile(r"(?:\\[\\;]|[^;])*")
# A spreadsheet takes such a cell for a formula, in whatever width its sign is written; an apostrophe before it makes it
# a text. A cell that has apostrophes there already gets one more, so that taking one away always gives the text.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
LIMIT = re.compile(r"(\S+)\s+per\s+(\S+)(?:\s+\((.*)\))?", re.DOTALL)
SPAN = re.compile(r"(\S+)/h(?:\s+([^\s:]+))?(?:\s+(\S+:\S+))?")
A_LIMIT = "190 per second (private app)"
A_SPAN = "400/h mon-fri 07:00-20:00"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if GUARDED.match(cell) else cell


def joined(items: Iterable[str]) -> str:
    """A list in one cell: `a; b`. A semicolon or a backslash inside an item has a backslash before it."""
    return SEPARATOR.join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def parted(cell: str) -> list[str]:
    """The items of a list in one cell."""
    items, at = [], 0
    while at <= len(cell):
        found = ITEM.match(cell, at)
        assert found is not None  # noqa: S101 - it matches nothing, too
        items.append(ESCAPED.sub(r"\1", found[0].strip()))
        at = found.end() + 1
    return [item for item in items if item]


def scalar_text(value: Any) -> str:
    """A number, a yes or no, or a text; exactly as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value)


def days_text(days: list[str]) -> str:
    """`daily`, `mon-fri`, or the days with commas."""
    first = WEEKDAYS.index(days[0])
    if tuple(days) != WEEKDAYS[first : first + len(days)] or len(days) == 1:
        return ",".join(days)
    return "daily" if len(days) == len(WEEKDAYS) else f"{days[0]}-{days[-1]}"


def days_value(text: str) -> Any:
    """The days as a row has them: a word such as `mon-fri`, or a list."""
    return [day.strip() for day in re.split("[,;]", text) if day.strip()] if re.search("[,;]", text) else text


def limit_text(limit: dict[str, Any]) -> str:
    """`190 per second (private app)`."""
    note = f" ({limit['note']})" if limit.get("note") else ""
    return f"{limit['calls']} per {limit['per']}{note}"


def limit_value(text: str) -> Any:
    """The fields of a rate limit."""
    if not (found := LIMIT.fullmatch(text)):
        return text
    calls, per, note = found.groups()
    return {"calls": calls, "per": per} | ({"note": note} if note else {})


def span_text(span: dict[str, Any]) -> str:
    """`400/h mon-fri 07:00-20:00`."""
    days = [days_text(span["weekdays"])] if span.get("weekdays") else []
    return " ".join([f"{scalar_text(span['per_hour'])}/h", *days, *filter(None, [span.get("hours")])])


def span_value(text: str) -> Any:
    """The fields of a span."""
    if not (found := SPAN.fullmatch(text)):
        return text
    per_hour, days, hours = found.groups()
    told = {"per_hour": per_hour, "weekdays": days and days_value(days), "hours": hours}
    return {name: value for name, value in told.items() if value}


# How a column's lists are written and read, where an item is more than a text.
FORMS: dict[str, tuple[Callable[[dict[str, Any]], str], Callable[[str], Any]]] = {
    "rate_limits": (limit_text, limit_value),
    "expected.profile": (span_text, span_value),
}
