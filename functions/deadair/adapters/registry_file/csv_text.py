"""CSV text as cells, each with its offset: what spreadsheets write, and what they read back safely.

Knows commas, semicolons, tabs, quotes and every line end. Refuses to know what a cell means.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deadair.adapters.registry_file.located import NotReadable, Place

DELIMITERS = (",", ";", "\t")
# Excel's own word for the delimiter, on a line before the header.
SEP = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)
LINE_END = re.compile(r"\r\n|\r|\n")
NEEDS_QUOTES = re.compile(r'[,;"\t\r\n]|^\s|\s$')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and where it begins."""

    text: str
    offset: int


class CsvText:
    """The cells of a text, record by record, and the places of their offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        named = SEP.match(text)
        self._start = named.end() if named else 0
        self._delimiter = named[1] if named else _delimiter(text)
        self._line_starts = [0, *(found.end() for found in LINE_END.finditer(text))]

    def place(self, offset: int) -> Place:
        """Line and column, from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def records(self) -> Iterator[list[Cell]]:
        """Every record that says something. Raises NotReadable at a quote that is not closed, or not around a cell."""
        d = re.escape(self._delimiter)
        cell = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^{d}"\r\n][^{d}\r\n]*)?)({d}|\r\n|\r|\n|\Z)')
        at, record = self._start, list[Cell]()
        while at < len(self.text):
            found = cell.match(self.text, at)
            if found is None:
                raise self._broken(at)
            text = found[2] or "" if found[1] is None else found[1].replace('""', '"')
            record.append(Cell(text, at))
            at = found.end()
            if found[3] != self._delimiter:
                if any(cell.text.strip() for cell in record):
                    yield record
                record = []
        if any(cell.text.strip() for cell in record):
            yield record

    def _broken(self, at: int) -> NotReadable:
        closed = re.compile(r'"[^"]*(?:""[^"]*)*"').match(self.text, at)
        if closed is None:
            return NotReadable(self.place(at), "a quote is opened and not closed", 'close it, or write "" for a quote')
        where = self.place(closed.end())
        return NotReadable(where, "something stands behind a closing quote", 'write "" for a quote inside a value')


def csv_line(cells: Iterable[str]) -> str:
    """One record. What some spreadsheet might part or trim is in quotes."""
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell


def _delimiter(text: str) -> str:
    """What the header's names are parted by; they contain none of the three."""
    first = LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0]
    return max(DELIMITERS, key=first.count)
