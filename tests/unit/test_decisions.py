"""Claims about the decision records: each is whole and listed, and the checks that it names exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Checks"]


def name(record: Path) -> str:
    """The test's id."""
    return record.stem


def test_the_index_lists_every_record_once_in_order() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")

    assert re.findall(r"\]\(([^)]+)\)", index) == [record.name for record in RECORDS]
    assert re.findall(r"^\| \[(\d+)\]", index, re.MULTILINE) == [record.name[:3] for record in RECORDS]


@pytest.mark.parametrize("record", RECORDS, ids=name)
def test_a_record_is_numbered_dated_and_whole(record: Path) -> None:
    title, _, date, *_ = text = record.read_text("utf-8").splitlines()

    assert title.startswith(f"# {record.name[:3]} · ")
    assert re.fullmatch(r"Date: \d{4}-\d\d-\d\d · Applies: (now|until \d{3})", date)
    assert [line.removeprefix("## ") for line in text if line.startswith("## ")] == HEADINGS
    assert len(text) <= 50


@pytest.mark.parametrize("record", RECORDS, ids=name)
def test_the_checks_of_a_record_exist(record: Path) -> None:
    checks = record.read_text("utf-8").partition("## Checks")[2]
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", checks)

    assert named or "import-linter" in checks
    for file, test in named:
        assert (ROOT / file).is_file(), file
        assert not test or f"def {test}(" in (ROOT / file).read_text("utf-8"), test


def test_a_decision_that_a_comment_refers_to_exists() -> None:
    numbers = {record.name[:3] for record in RECORDS}
    files = [path for folder in ("functions", "infra", "tests") for path in (ROOT / folder).rglob("*.py")]

    referred = {found for file in files for found in re.findall(r"decision (\d{3})\b", file.read_text("utf-8"))}

    assert referred
    assert referred <= numbers
