"""Which of the registry's file formats a file has, and its rows.

Knows the four names: yaml, csv and backstage can be read; yaml, csv and json can be written, and JSON is read as YAML,
which it is. Refuses to know what the rows are for.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from deadair.adapters.registry_file.backstage import read_catalog
from deadair.adapters.registry_file.csv_file import as_csv, read_csv
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import Problem
from deadair.adapters.registry_file.read import ReadRow, read_rows
from deadair.adapters.registry_file.write import as_json_file, as_yaml

Readable = Literal["yaml", "csv", "backstage"]
Writable = Literal["yaml", "csv", "json"]
SNIFFED = 4000
OF_BACKSTAGE = re.compile(r"^[\s{]*[\"']?apiVersion[\"']?:\s*[\"']?backstage\.io/", re.MULTILINE)
CSV_HEADER = re.compile(r"\ufeff?(?:sep=.\s+)?(?:[\w.\" -]*[,;\t])*\"?(?:slug|name)\"?\s*(?:[,;\t]|$)", re.MULTILINE)
WRITERS: dict[str, Callable[[Iterable[Row]], str]] = {"yaml": as_yaml, "csv": as_csv, "json": as_json_file}


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a file. `notes` say what of it was left out."""

    rows: list[ReadRow]
    notes: list[Problem] = field(default_factory=list)


def format_of(data: bytes, name: str) -> Readable:
    """By the file's ending, else, and between the two that are YAML, by how it begins."""
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = data[:SNIFFED].decode("utf-16" if utf_16 else "utf-8", "replace")
    ending = name.lower().rpartition(".")[2]
    if ending in {"csv", "tsv"}:
        return "csv"
    if OF_BACKSTAGE.search(head):
        return "backstage"
    return "yaml" if ending in {"yaml", "yml", "json"} or not CSV_HEADER.match(head) else "csv"


def read_file(data: bytes, name: str, wanted: Readable | None = None) -> FileRows:
    """The rows of a file of any readable format. Raises RegistryFileError with every problem."""
    kind = wanted or format_of(data, name)
    if kind == "backstage":
        catalog = read_catalog(data, name)
        return FileRows(catalog.rows, catalog.notes)
    return FileRows(read_csv(data, name) if kind == "csv" else read_rows(data, name))


def as_text(rows: Iterable[Row], kind: Writable) -> str:
    """The rows as a file of that format."""
    return WRITERS[kind](rows)
