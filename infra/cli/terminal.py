"""Words on the terminal: tables and notes for people, JSON for machines.

Knows that every value may be hostile: nothing invisible reaches the terminal, and no value is read as markup.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deadair.domain.alarm import shown

# A pipe has no width; what reads it should not get shortened words.
WIDTH_OF_A_PIPE = 200
out = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)
# C1 controls drive terminals as C0 do, and direction marks turn lines around; JSON leaves both as they are.
HIDDEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
MINUTE, HOUR, DAY = 60, 3600, 86400


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """JSON that is safe to print and the same value for who parses it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(value: Any) -> None:
    """The answer of a `--json` command, on stdout."""
    sys.stdout.write(json_text(value) + "\n")


def complain(message: str, remedy: str = "") -> None:
    """What went wrong, and what to do, on stderr."""
    lines = [clean(line) for line in message.splitlines()]
    err.print(Text("\n").join([Text(lines[0], style="bold red"), *map(Text, lines[1:])]), soft_wrap=True)
    if remedy:
        err.print(clean(remedy), soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """One line for people, on stdout."""
    out.print(Text(clean(text), style=style), soft_wrap=True)


def note(text: str, style: str = "dim") -> None:
    """One line beside the answer, on stderr."""
    err.print(Text(clean(text), style=style), soft_wrap=True)


def line(*pieces: tuple[str, str], stream: Console = out) -> None:
    """One line of (text, style) pieces, on stdout; spaces at the ends of a piece stay."""
    stream.print(Text.assemble(*((_inside(text), style) for text, style in pieces)), soft_wrap=True)


def _inside(text: str) -> str:
    end = " " * (len(text) - len(text.rstrip(" ")))
    return clean(text) + end if text.strip() else text


def clean(text: str) -> str:
    """The text on one line, without what hides or acts in a terminal; leading spaces stay."""
    return text[: len(text) - len(text.lstrip(" "))] + shown(text, limit=4000)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, flexible: str = "") -> None:
    """A table without frames. The `flexible` column gives way when the terminal is narrow; the others do not."""
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        drawn.add_column(name, no_wrap=name != flexible, overflow="fold" if name == flexible else "ellipsis")
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    out.print(drawn)


def severity(name: str) -> Text:
    """SEV1 and SEV2 stand out; colour never says it alone."""
    return Text(name, style={"SEV1": "bold red", "SEV2": "yellow"}.get(name, ""))


def ago(then: datetime, now: datetime | None = None) -> str:
    """`just now`, `12 min ago`, `3 h ago`, then the day."""
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    return f"{then:%Y-%m-%d}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
