"""Claims about the README's path from a file to an incident: typed line by line, it says what is written there."""

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import running_stack

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.partition("## From a file to an incident\n")[2].partition("\n## ")[0]
PATIENCE_S = 40.0
# What differs between one run and the next.
VARYING = re.compile(r"\d+\.\d s|INC-\d+|\s+")
Run = Callable[[str], str]


def steps() -> list[tuple[str, list[str]]]:
    """Each command of the section with the lines that follow it."""
    found: list[tuple[str, list[str]]] = []
    for line in SECTION.partition("```\n")[2].partition("```")[0].splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ deadair ").split("   ")[0], []))
        else:
            found[-1][1].append(line)
    return found


def told(text: str) -> str:
    """A text without what varies."""
    return VARYING.sub(" ", text).strip()


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Run]:
    """The command on a fresh stack whose integrations play, as `make up` starts it."""

    def run(line: str) -> str:
        command = [sys.executable, "-m", "infra.cli.main", "--state-dir", str(tmp_path), *shlex.split(line)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    with running_stack(tmp_path, Ports(*pick_free(3)), traffic=True):
        yield run


def test_the_path_of_the_readme_leads_from_a_file_to_an_incident_and_back(newcomer: Run) -> None:
    assert len(steps()) == 5
    for command, lines in steps():
        wanted = [told(line) for line in lines]
        until = time.monotonic() + PATIENCE_S
        said = told(newcomer(command))
        # Only what changes nothing may be typed again while the stack is still at work.
        while not all(line in said for line in wanted) and command == "alarms plan" and time.monotonic() < until:
            time.sleep(1)
            said = told(newcomer(command))

        assert [line for line in wanted if line not in said] == [], said
        if command == "alarms plan":
            assert [price for price in re.findall(r"US\$ (\d+\.\d\d)", README) if price not in said] == []
