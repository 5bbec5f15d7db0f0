"""The registry as CSV: one row for each integration, dotted column names, lists in one cell.

Knows headers and what Excel makes of a file. Places and remedies are as exact as those of the YAML reader. Refuses to
know what a row may say: the model judges it.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from deadair.adapters.registry_file.cells import A_LIMIT, A_SPAN, guarded, unguarded
from deadair.adapters.registry_file.columns import cell, columns, value_of
from deadair.adapters.registry_file.csv_text import Cell, CsvText, csv_line
from deadair.adapters.registry_file.located import Located, NotReadable, Place
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import Location, Problem, RegistryFileError
from deadair.adapters.registry_file.read import ROWS, ReadRow, decoded, judged
from deadair.adapters.registry_file.write import as_fields

# Excel reads a file without it in the machine's old code page, and every arrow is lost.
BYTE_ORDER_MARK = "\ufeff"
HEADER = "begin with a header such as: slug,name,owner.name,owner.email"
WORDS = {"rate_limits": ("a rate limit", A_LIMIT), "expected.profile": ("a span", A_SPAN)}


def as_csv(rows: Iterable[Row]) -> str:
    """Rows by slug, with every column, as a file that `read_csv` reads back to the same rows."""
    listed = (as_fields(row) for row in sorted(rows, key=lambda row: row.slug))
    lines = (csv_line(guarded(cell(fields, column)) for column in columns()) for fields in listed)
    return BYTE_ORDER_MARK + csv_line(columns()) + "".join(lines)


def read_csv(data: bytes, name: str) -> list[ReadRow]:
    """The rows of a CSV file, parted by commas, semicolons or tabs. Raises RegistryFileError with every problem."""
    problems: list[Problem] = []
    try:
        found = _Sheet(CsvText(decoded(data, utf_16=True)), name, problems).located()
    except NotReadable as error:
        raise RegistryFileError([Problem(name, *error.place, "", error.message, error.remedy)]) from None
    return judged(found, name, problems, said=_for_cells)


@dataclass
class _Sheet:
    """A file's cells on their way into rows, with what is wrong before any row is judged."""

    text: CsvText
    name: str
    problems: list[Problem]
    found: Located = field(default_factory=lambda: Located({ROWS: []}))

    def located(self) -> Located:
        records = self.text.records()
        header = next(records, None)
        if header is None:
            raise NotReadable((1, 1), "the file is empty", HEADER)
        known = self._columns(header)
        for record in records:
            self._add(record, known, len(header))
        if not self.found.value[ROWS]:
            raise NotReadable(self._place(header[0]), "the file has no rows", "write one line per integration")
        return self.found

    def _columns(self, header: list[Cell]) -> dict[int, str]:
        """The columns by their position; what is none is a problem. Raises NotReadable when it is no header at all."""
        named = [cell.text.strip() for cell in header]
        if missing := [must for must in ("slug", "name") if must not in named]:
            raise NotReadable(self._place(header[0]), f"there is no column `{missing[0]}`", HEADER)
        known: dict[int, str] = {}
        for at, column in enumerate(named):
            if column in known.values():
                self._complain(header[at], column, "is there twice", "keep one column")
            elif column in columns():
                known[at] = column
            elif column:
                self._complain(header[at], column, "there is no such column", _meant(column))
        return known

    def _add(self, record: list[Cell], known: dict[int, str], width: int) -> None:
        row = (ROWS, len(self.found.value[ROWS]))
        fields: dict[str, Any] = {}
        self.found.value[ROWS].append(fields)
        self.found.values[row] = self._place(record[0])
        for at, given in enumerate(record):
            if not given.text.strip():
                continue
            if at >= width:
                remedy = "put a value with a delimiter in quotes, or name the column"
                self._complain(given, "", "a value stands beyond the last column", remedy)
            elif column := known.get(at, ""):
                self._put(fields, column, given, row)

    def _put(self, fields: dict[str, Any], column: str, given: Cell, row: Location) -> None:
        """A cell's value into its group, which is made when it has its first."""
        place = self._place(given)
        *groups, last = column.split(".")
        for depth, group in enumerate(groups, 1):
            fields = fields.setdefault(group, {})
            self.found.values.setdefault((*row, *groups[:depth]), place)
        fields[last] = value_of(column, unguarded(given.text.strip(" ")))
        self.found.values[(*row, *groups, last)] = place

    def _place(self, at: Cell) -> Place:
        return self.text.place(at.offset)

    def _complain(self, at: Cell, column: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, *self._place(at), column, message, remedy))


def _meant(column: str) -> str:
    wanted = column.lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(wanted, list(columns()), n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else "take it out; `deadair registry export --format csv` shows all"


def _for_cells(problem: Problem) -> Problem:
    """A problem of a row in the words of a spreadsheet."""
    column = problem.field.partition("[")[0]
    if problem.message == "is missing":
        both = "`owner.name` and `owner.email`, or `needs_owner`"
        return replace(problem, remedy=f"fill {both if problem.field == 'owner' else f'the column `{column}`'}")
    if column in WORDS and problem.message.endswith("is not a group of fields"):
        kind, example = WORDS[column]
        message = problem.message.replace("a group of fields", kind)
        return replace(problem, message=message, remedy=f"write such as `{example}`, and `; ` before the next")
    if problem.field == "owner" and "`needs_owner`" in problem.message:
        return replace(problem, remedy="empty one of the two")
    return problem
