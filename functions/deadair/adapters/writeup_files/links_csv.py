"""A CSV list of old postmortems that stand elsewhere: each row becomes a write-up that points there.

Knows rows, and that a cell is text however it begins. Refuses to let one row stop its neighbours.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from deadair.adapters.writeup_files.fields import named, url, writeup
from deadair.adapters.writeup_files.writeup import Fault, Refused, Writeup

if TYPE_CHECKING:
    from _csv import Reader

NEEDED = ("title", "url", "date")
ROWS_AT_MOST = 20_000
SEPARATORS = ",;\t"
SUMMARY = "summary"


def columns(text: str) -> list[str]:
    """The names of the first row, as fields are named. Empty where there is none."""
    first: list[str] = next(_rows(text[:10_000]), [])
    return list(named(dict.fromkeys(first, "")))


def read(text: str, file: str) -> Iterator[Writeup | Refused]:
    """Every row, with its line. A list without the columns that are needed is refused once."""
    reader = _rows(text)
    try:
        header: list[str] = next(reader, [])
        missing = [name for name in NEEDED if name not in named(dict.fromkeys(header, ""))]
        if missing:
            told = "Name the columns in the first row: title,url,date,integration,class,severity,owner,tags."
            yield Refused(file, missing[0], f"there is no column {missing[0]}", told, 1)
            return
        for count, cells in enumerate(reader, 1):
            if count > ROWS_AT_MOST:
                yield Refused(file, "file", f"it has more than {ROWS_AT_MOST:,} rows", "Split it.", reader.line_num)
                return
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, file, reader.line_num)
    except csv.Error as error:
        yield Refused(file, "file", f"it is not CSV: {error}", "Save it as CSV again.", reader.line_num)


def _row(header: list[str], cells: list[str], file: str, line: int) -> Writeup | Refused:
    try:
        return _writeup(header, cells, file, line)
    except Fault as fault:
        return Refused(file, *fault.told, line)


def _writeup(header: list[str], cells: list[str], file: str, line: int) -> Writeup:
    if len(cells) > len(header):
        told = f"the row has {len(cells)} cells, the first row {len(header)}"
        raise Fault("file", told, "Put quotes around cells that hold the separator.")
    pairs = dict(zip(header, cells, strict=False))
    fields = named(pairs)
    address = url(fields, _how)
    if not address:
        raise Fault("url", "there is no address", _how("url"))
    stem = f"link-{hashlib.sha256(address.encode()).hexdigest()[:12]}"
    body = next((text for name, text in pairs.items() if name.strip().lower() == SUMMARY), "")
    return writeup(fields, _how, file=file, stem=stem, body=body, line=line)


def _how(field: str) -> str:
    return f"Fill in the column {field.partition(':')[0]}."


def _rows(text: str) -> "Reader":
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
