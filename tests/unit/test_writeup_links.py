"""Claims about a CSV list of old postmortems that stand elsewhere, and about what else lies in a folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deadair.adapters.writeup_files import Refused, Writeup, read_path

HEADER = "title,url,date,integration,class,severity,owner,tags\n"


def rows(folder: Path, text: str | bytes, name: str = "links.csv") -> list[Writeup | Refused]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_path(file))


def test_each_row_is_a_write_up_that_points_there(tmp_path: Path) -> None:
    (read,) = rows(
        tmp_path,
        HEADER
        + 'Leads lost,https://wiki.example/p/7?a=b,2024-02-03,HubSpot → Salesforce,Auth,sev-2,Bo Chen,"crm; sso"\n',
    )

    assert isinstance(read, Writeup)
    assert (read.title, read.url, read.date) == (
        "Leads lost",
        "https://wiki.example/p/7?a=b",
        datetime(2024, 2, 3, tzinfo=UTC),
    )
    assert (read.integration, read.integration_name) == ("hubspot-salesforce", "HubSpot → Salesforce")
    assert (read.failure_class, read.severity, read.owner, read.tags) == ("auth", "SEV2", "Bo Chen", ("crm", "sso"))
    assert (read.place, read.id.startswith("link-")) == ("links.csv:2", True)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("T,javascript:alert(1),2024-02-03", "url"),
        ("T,file:///etc/passwd,2024-02-03", "url"),
        ("T,https://u:p@wiki.example/x,2024-02-03", "url"),
        ("T,https://wiki.example/<b>,2024-02-03", "url"),
        ("T,http://[,2024-02-03", "url"),
        ("T,,2024-02-03", "url"),
        ("T,https://wiki.example/x,03/04/2024", "date"),
        (",https://wiki.example/x,2024-02-03", "title"),
        ("T,https://wiki.example/x,2024-02-03,,oops", "failure_class"),
        ("T,https://wiki.example/x,2024-02-03,,,P1", "severity"),
        ("T,https://wiki.example/x,2024-02-03,,,,,,,,", "file"),
    ],
)
def test_a_row_that_is_wrong_is_refused_by_line_and_field_and_its_neighbours_go_through(
    tmp_path: Path, row: str, field: str
) -> None:
    good = "Good{},https://wiki.example/{},2024-02-03\n"
    read = rows(tmp_path, HEADER + good.format(1, 1) + row + "\n" + good.format(2, 2))

    assert [type(one) for one in read] == [Writeup, Refused, Writeup]
    refused = read[1]
    assert isinstance(refused, Refused)
    assert (refused.field, refused.place, bool(refused.remedy)) == (field, "links.csv:3", True)


def test_fault_36_a_formula_in_a_cell_is_a_text(tmp_path: Path) -> None:
    (read,) = rows(
        tmp_path, HEADER + '"=HYPERLINK(""https://evil.example"",""x"")",https://wiki.example/x,2024-02-03\n'
    )

    assert isinstance(read, Writeup)
    assert read.title == '=HYPERLINK("https://evil.example","x")'


def test_the_same_address_twice_is_one_write_up_and_a_reason(tmp_path: Path) -> None:
    row = "T,https://wiki.example/x,2024-02-03\n"
    read = rows(tmp_path, HEADER + row + row)

    assert isinstance(read[1], Refused)
    assert (read[1].field, "links.csv:2" in read[1].reason, read[1].line) == ("id", True, 3)


@pytest.mark.parametrize(
    "raw",
    [
        ("Title;URL;Date\r\nCafé;https://wiki.example/x;2024-02-03\r\n").encode("cp1252"),
        ("\ufefftitle\turl\tdate\nCafé\thttps://wiki.example/x\t2024-02-03\n").encode(),
        ("title,link,date\nCafé,https://wiki.example/x,2024-02-03\n").encode("utf-16"),
    ],
    ids=["semicolons of Windows", "tabs with a mark", "UTF-16, another word"],
)
def test_any_table_that_people_save_is_understood(tmp_path: Path, raw: bytes) -> None:
    (read,) = rows(tmp_path, raw)

    assert isinstance(read, Writeup)
    assert read.title == "Café"


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "title", "no column"),
        ("name,date\nx,2024-01-01\n", "url", "no column url"),
        (HEADER + '"never closed,https://wiki.example/x\n', "file", "not CSV"),
        (HEADER + "x" * 140_000 + "\n", "file", "not CSV"),
    ],
)
def test_a_list_that_is_none_is_refused_once(tmp_path: Path, text: str, field: str, words: str) -> None:
    (read,) = rows(tmp_path, text)

    assert isinstance(read, Refused)
    assert (read.field, words in read.reason) == (field, True)


def test_a_folder_takes_all_kinds_and_leaves_what_only_lies_beside(tmp_path: Path) -> None:
    files = {
        "a.md": "---\ntitle: A\ndate: 2024-01-01\nvendor: HubSpot\ndetected_by: Person\nconsent: yes\n---\nx\n",
        "b.html": "<title>B</title><meta name=date content=2024-01-01>",
        "c.csv": HEADER + "C,https://wiki.example/c,2024-01-01\n",
        "index.html": "<title>Pages</title>",
        "table.csv": "a,b\n1,2\n",
        ".hidden.md": "x",
        "notes.txt": "x",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    read = [one for one in read_path(tmp_path) if isinstance(one, Writeup)]

    assert [one.title for one in read] == ["A", "B", "C"]
    assert (read[0].vendor, read[0].detected_by, read[0].consent) == ("HubSpot", "person", True)


def test_a_file_of_another_kind_is_refused_when_it_is_named(tmp_path: Path) -> None:
    (read,) = rows(tmp_path, "x", "notes.docx")

    assert isinstance(read, Refused)
    assert "neither" in read.reason
