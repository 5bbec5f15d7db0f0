"""Claims about files of old postmortems: what is understood, and what is told to the owner of the rest."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.writeup_files import Refused, Writeup, read_path
from deadair.adapters.writeup_files.fields import FIELDS, FOUND_BY
from deadair.adapters.writeup_files.folder import read_files
from deadair.domain.severity import FailureClass


def told(folder: Path, text: str | bytes, name: str = "a-file.md") -> Writeup | Refused:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    (read,) = read_files(file, name)
    return read


def accepted(folder: Path, text: str | bytes, name: str = "a-file.md") -> Writeup:
    read = told(folder, text, name)
    assert isinstance(read, Writeup), read
    return read


def refused(folder: Path, text: str | bytes) -> Refused:
    read = told(folder, text)
    assert isinstance(read, Refused), read
    return read


def test_a_whole_head_is_read(tmp_path: Path) -> None:
    read = accepted(
        tmp_path,
        "---\nid: old-7\ntitle: No leads\ndate: 2024-02-03\ncompany: Initech\ntags: [crm, crm, web]\n---\nBody.\n",
    )

    assert (read.id, read.title, read.company, read.tags) == ("old-7", "No leads", "Initech", ("crm", "web"))
    assert read.date == datetime(2024, 2, 3, tzinfo=UTC)
    assert read.body == "Body."


def test_a_missing_id_is_the_files_name_and_a_missing_title_the_first_heading(tmp_path: Path) -> None:
    read = accepted(tmp_path, "---\ndate: 2024-02-03\n---\n\nIntro.\n\n## The title ##\n")

    assert (read.id, read.title) == ("a-file", "The title")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2024-02-03", 0),
        ('"2024-02-03"', 0),
        ("2024-02-03 10:00:00", 10),
        ("2024-02-03T10:00:00Z", 10),
        ("2024-02-03T12:00:00+02:00", 10),
        ("2024-02-03 12:00:00 +02:00", 10),
        ("2024-02-03 10:00 UTC", 10),
        ("2024/02/03", 0),
        ("3 February 2024", 0),
        ("Feb 3, 2024", 0),
    ],
)
def test_a_date_may_be_written_in_many_ways(tmp_path: Path, written: str, hour: int) -> None:
    read = accepted(tmp_path, f"---\ntitle: x\ndate: {written}\n---\n")

    assert read.date == datetime(2024, 2, 3, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "03/04/2023", "yesterday", "2024-13-45", "[2024]", "~", "0001-01-01", "9999-12-31T23:00:00-05:00"]
)
def test_an_odd_date_is_refused_by_field_with_a_remedy(tmp_path: Path, written: str) -> None:
    read = refused(tmp_path, f"---\ntitle: x\ndate: {written}\n---\n")

    assert (read.file, read.field) == ("a-file.md", "date")
    assert read.reason
    assert read.remedy


@pytest.mark.parametrize(
    "raw",
    [
        "\ufeff---\ntitle: Café\ndate: 2024-02-03\n---\nx".encode(),
        "---\r\ntitle: Café\r\ndate: 2024-02-03\r\n---\r\nx".encode(),
        "---\ntitle: Café\ndate: 2024-02-03\n---\nx".encode("cp1252"),
        "---\ntitle: Café\ndate: 2024-02-03\n---\nx".encode("utf-16"),
    ],
    ids=["byte order mark", "carriage returns", "Windows-1252", "UTF-16"],
)
def test_any_common_encoding_is_understood(tmp_path: Path, raw: bytes) -> None:
    assert accepted(tmp_path, raw).title == "Café"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("# No head at all\n", "date"),
        ("---\ntitle: never closed\n", "front matter"),
        ("---\n- a\n- list\n---\n", "front matter"),
        ("---\ntitle: [a\n---\n", "front matter"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\n", "front matter"),
        ("---\ntitle: !!python/object/apply:os.system [id]\ndate: 2024-01-01\n---\n", "front matter"),
        (f"---\ntitle: {'[' * 5000}\n---\n", "front matter"),
        ("---\nx: \x07\n---\n", "front matter"),
        (f"---\nx: {'y' * 70000}\n---\n", "front matter"),
        ("---\ntitle: {a: b}\ndate: 2024-01-01\n---\n", "title"),
        ("---\ndate: 2024-01-01\n---\nno heading\n", "title"),
        ("---\ntitle: x\ndate: 2024-01-01\ntags: {a: b}\n---\n", "tags"),
        ("---\ntitle: x\nid: INC-42\ndate: 2024-01-01\n---\n", "id"),
        ("x" * 1_000_001, "file"),
    ],
)
def test_what_cannot_be_read_is_told_by_field(tmp_path: Path, text: str, field: str) -> None:
    assert refused(tmp_path, text).field == field


def test_words_of_yaml_stay_the_words_that_were_written(tmp_path: Path) -> None:
    read = accepted(tmp_path, "---\nid: 007\ntitle: No\ndate: 2024-01-01\ntags: on, 1.10, a b\n---\n")

    assert (read.id, read.title, read.tags) == ("007", "No", ("on", "1.10", "a b"))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Postmortem: no leads, it's the token", "Postmortem: no leads, it's the token"),
        ("title: Outage:", "Outage:"),
        ("title: HubSpot: ticket #42", "HubSpot: ticket #42"),
    ],
)
def test_a_colon_that_nobody_quoted_is_part_of_the_title(tmp_path: Path, line: str, title: str) -> None:
    assert accepted(tmp_path, f"---\n{line}\ndate: 2024-02-03\ntags: [crm]\n---\n").title == title


def test_a_head_may_come_after_empty_lines_and_a_fault_in_it_is_told_by_its_line(tmp_path: Path) -> None:
    assert accepted(tmp_path, "\n\n---\ntitle: No leads\ndate: 2024-02-03\n---\n").title == "No leads"
    assert "in line 5" in refused(tmp_path, "\n---\ntitle: No leads\ntags:\n\t- crm\n---\n").reason


def test_a_head_of_another_kind_is_named(tmp_path: Path) -> None:
    assert "TOML" in refused(tmp_path, '+++\ntitle = "No leads"\n+++\n').reason


def test_one_bad_file_stops_none_of_its_neighbours_and_ids_are_taken_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, head in {"a.md": "id: one", "b.md": "id: one", "c.md": "id: [", "sub/d.markdown": "id: two"}.items():
        (tmp_path / name).write_text(f"---\n{head}\ntitle: x\ndate: 2024-01-01\n---\n")
    (tmp_path / "README.md").write_text("# About this folder\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    read = list(read_path(tmp_path))

    assert [(one.file, type(one).__name__) for one in read] == [
        ("a.md", "Writeup"),
        ("b.md", "Refused"),
        ("c.md", "Refused"),
        ("sub/d.markdown", "Writeup"),
    ]
    assert isinstance(read[1], Refused)
    assert "a.md" in read[1].reason


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"---\n{t}\n---\n".encode("utf-8", "ignore")))
def test_any_bytes_are_a_write_up_or_a_reason(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    read = told(tmp_path_factory.getbasetemp(), raw)

    assert read.file == "a-file.md"


def test_the_operators_document_names_every_field_and_every_word_of_it() -> None:
    document = (Path(__file__).parents[2] / ".github/OPERATIONS.md").read_text("utf-8")
    section = document.partition("\n## Old postmortems\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| (`[^|]+) \| (.+) \|$", section, re.MULTILINE))

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {*FIELDS, "class"}
    assert set(re.findall(r"`(\w+)`", rows["`detected_by`"])) == set(FOUND_BY)
    assert set(re.findall(r"`(\w+)`", rows["`failure_class` (or `class`)"])) == {one.value for one in FailureClass}
