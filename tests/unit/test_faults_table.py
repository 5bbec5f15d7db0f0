"""Claims about the table of faults: each has a claim that is named after it, or a line that says why it has none."""

import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBERS = [*(f"{number:02d}" for number in range(1, 44)), "N1", "N2", "N3", "N4", "N5", "G1", "G2"]
NAMED = re.compile(r"^\s*(?:async )?def test_((?:fault_|[ng]\d_)(?:\d\d_|[ng]\d_)*)", re.MULTILINE)
NOT_HERE = "not here: "


def rows() -> dict[str, str]:
    """Where each fault is claimed, by its number."""
    section = (TESTS / "README.md").read_text("utf-8").partition("## Faults\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {number: where for number, _, where in cells[2:]}


def claimed() -> dict[str, set[str]]:
    """The files that have a claim named after each fault."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in TESTS.rglob("test_*.py"):
        for numbers in NAMED.findall(file.read_text("utf-8")):
            for number in numbers.removeprefix("fault_").strip("_").split("_"):
                found[number.upper()].add(str(file.relative_to(TESTS)))
    return found


def test_every_fault_has_one_line_and_no_other_has_one() -> None:
    assert list(rows()) == NUMBERS


def test_a_line_names_the_files_that_have_a_claim_named_after_the_fault() -> None:
    written = {number: set(re.findall(r"`([^`]+)`", where)) for number, where in rows().items() if is_claim(where)}

    assert written == {number: claimed().get(number, set()) for number in written}
    assert all(written.values())


def test_what_is_not_claimed_says_why_and_what_stands_in() -> None:
    for where in (where for where in rows().values() if not is_claim(where)):
        assert where.startswith(NOT_HERE)
        named = re.findall(r"`([^`]+)`", where)
        assert named
        assert all((TESTS / name).is_file() for name in named)


def test_no_claim_is_named_after_a_fault_that_has_no_line() -> None:
    assert claimed().keys() <= set(NUMBERS)


def is_claim(where: str) -> bool:
    return where.startswith("`")
