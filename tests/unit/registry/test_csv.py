"""Claims about the registry as CSV: it comes back as it was, no spreadsheet calculates it, and errors name the cell."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deadair.adapters.registry_file.cells import guarded, joined, parted, unguarded
from deadair.adapters.registry_file.csv_file import as_csv, read_csv
from deadair.adapters.registry_file.problems import RegistryFileError
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.write import as_json, as_yaml

from .generated import registries, tempting, valid_rows

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"
MINIMAL = "slug,name,owner.name,owner.email\nhubspot-salesforce,HubSpot → Salesforce,Ana Lima,ana@example.com\n"


def a_file(column: str, cell: str) -> bytes:
    """The minimal row with one column more."""
    quoted = '"' + cell.replace('"', '""') + '"'
    header, row, _ = MINIMAL.split("\n")
    return f"{header},{column}\n{row},{quoted}\n".encode()


def problems_of(data: bytes) -> list[str]:
    try:
        read_csv(data, "registry.csv")
    except RegistryFileError as error:
        return [str(problem) for problem in error.problems]
    return []


@settings(max_examples=80, deadline=None)
@given(registries)
def test_importing_an_export_gives_the_same_rows_and_the_same_bytes(fields: list[dict[str, Any]]) -> None:
    rows = valid_rows(fields)

    text = as_csv(rows)
    again = [read.row for read in read_csv(text.encode(), "export.csv")]

    assert {row.slug: as_json(row) for row in again} == {row.slug: as_json(row) for row in rows}
    assert as_csv(again) == text
    assert as_yaml(again) == as_yaml(rows)


@settings(max_examples=50, deadline=None)
@given(registries, st.sampled_from([";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_a_spreadsheet_saves_of_it_is_read_as_the_same_rows(
    fields: list[dict[str, Any]], delimiter: str, encoding: str
) -> None:
    rows = valid_rows(fields)
    cells = csv.reader(io.StringIO(as_csv(rows).removeprefix("\ufeff"), newline=""), strict=True)
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter, lineterminator="\r\n").writerows(cells)

    again = [read.row for read in read_csv(saved.getvalue().encode(encoding), "export.csv")]

    assert {row.slug: as_json(row) for row in again} == {row.slug: as_json(row) for row in rows}


@settings(deadline=None, max_examples=50)
@given(registries)
def test_no_cell_is_a_formula(fields: list[dict[str, Any]]) -> None:
    text = as_csv(valid_rows(fields)).removeprefix("\ufeff")

    for record in csv.reader(io.StringIO(text, newline=""), strict=True):
        assert not [cell for cell in record if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋"))]


@given(st.one_of(tempting, st.text()))
@example("'=x")
def test_guarding_a_cell_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.lists(st.one_of(tempting, st.text()).map(str.strip).filter(bool)))
def test_a_list_in_one_cell_comes_apart_as_it_was(items: list[str]) -> None:
    assert parted(joined(items)) == items


def test_the_sample_is_the_same_as_csv_and_its_cells_can_be_read() -> None:
    rows = [read.row for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]
    text = as_csv(rows)

    assert [read.row for read in read_csv(text.encode(), "x")] == sorted(rows, key=lambda row: row.slug)
    assert "190 per second (private app); 650000 per day" in text
    assert "400/h mon-fri 07:00-20:00; 60/h mon-fri; 40/h sat-sun" in text
    assert "crm.objects.contacts.read; crm.objects.companies.read" in text


def test_four_columns_are_enough_to_begin() -> None:
    [read] = read_csv(MINIMAL.encode(), "registry.csv")

    assert (read.row.slug, read.row.owner and read.row.owner.name, read.line) == ("hubspot-salesforce", "Ana Lima", 2)


@pytest.mark.parametrize(
    "data",
    [
        b"sep=;\r\n" + MINIMAL.replace(",", ";").replace("\n", "\r\n").encode(),
        MINIMAL.replace("\n", ",,\n").encode(),
        MINIMAL.replace(",", "\t").encode("utf-16"),
        (MINIMAL + "\n,,,\n").encode(),
        MINIMAL.replace("\n", "\r").encode(),
    ],
    ids=["sep", "empty columns", "unicode text", "empty lines", "old line ends"],
)
def test_what_spreadsheets_add_changes_nothing(data: bytes) -> None:
    assert [r.row for r in read_csv(data, "odd")] == [r.row for r in read_csv(MINIMAL.encode(), "plain")]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("severity", "SEV9", "2:66 severity: `SEV9` is not known — did you mean"),
        ("ownr.name", "x", "1:34 ownr.name: there is no such column — did you mean `owner.name`?"),
        ("slug", "x", "1:34 slug: is there twice — keep one column"),
        ("credential.expires_on", "31.12.2026", "credential.expires_on: `31.12.2026` is not a date"),
        ("credential.scopes", "a", "2:66 credential.kind: is missing — fill the column `credential.kind`"),
        ("rate_limits", "many per day", "rate_limits[0].calls: `many` is not a whole number"),
        ("rate_limits", "10 a day", "rate_limits[0]: `10 a day` is not a rate limit — write such as `190 per second"),
        ("expected.profile", "400", "expected.profile[0]: `400` is not a span — write such as `400/h mon-fri"),
        ("expected.profile", "4/h mon-fry", "expected.profile[0].weekdays[0]: `mon-fry` is not known"),
        ("expected.profile", "4/h mon 8:00-9:00", "expected.profile[0].hours: `8:00-9:00` are not hours"),
        ("thresholds.error_rate_pct", "0,5", "thresholds.error_rate_pct: `0,5` is not a number"),
        ("dependents", "a-b-c; a-b-c", "dependents: `a-b-c` is in the list twice"),
        ("needs_owner", "group:x", "2:41 owner: is named, and `needs_owner` says that there is none — empty one of"),
        ("single_point_of_failure", "WAHR", "`WAHR` is neither true nor false"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place_and_what_to_do(column: str, cell: str, said: str) -> None:
    found = problems_of(a_file(column, cell))

    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1 the file is empty — begin with a header such as: slug,name,owner.name,owner.email"),
        ("name,owner\n", "1:1 there is no column `slug`"),
        ("slug,name\n", "1:1 the file has no rows"),
        ('slug,name\na-b-c,"x\n', "2:7 a quote is opened and not closed"),
        ('slug,name\na-b-c,"x"y\n', '2:10 something stands behind a closing quote — write "" for a quote'),
        ("slug,name\na-b-c,x,y\n", "2:9 a value stands beyond the last column"),
        ("slug,name\na-b-c,x\n", "2:1 owner: is missing — fill `owner.name` and `owner.email`, or `needs_owner`"),
        (MINIMAL + MINIMAL.split("\n")[1], "3:1 slug: `hubspot-salesforce` is on line 2 too"),
        ('slug,name\na-b-c,"x\n\n"\nd-e-f,y\n', "5:1 owner: is missing"),
    ],
)
def test_what_is_no_registry_is_refused_where_it_goes_wrong(text: str, said: str) -> None:
    assert any(said in problem for problem in problems_of(text.encode())), problems_of(text.encode())


def test_an_old_code_page_is_refused_with_the_place() -> None:
    assert problems_of(MINIMAL.replace("→", "ä").encode("cp1252")) == [
        "registry.csv:2:28 the byte 0xE4 is not UTF-8 — save the file as UTF-8"
    ]
