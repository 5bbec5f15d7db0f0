"""Claims about the README and the documents beside it: what they name exists."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from deadair.adapters.slack.vocabulary import NAMES
from infra.cli.main import app
from tests.bench.__main__ import NAMES as NAMES_OF_THE_BENCH

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = {path: path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md")))}
TYPED = [line.strip("$ ").split("   ")[0] for line in README.splitlines() if line.startswith("$ ")]
CODE = [code for text in DOCUMENTS.values() for code in re.findall(r"`([^`\n]+)`", text)] + TYPED
COMMANDS = sorted(
    {code.removeprefix(".venv/bin/") for code in CODE if code.removeprefix(".venv/bin/").startswith("deadair ")}
)
TARGETS = sorted({match for code in CODE for match in re.findall(r"^make ([a-z]+)", code)})
LINKS = [(path, link) for path, text in DOCUMENTS.items() for link in re.findall(r"\]\((?!http)([^)]+)\)", text)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_documents_is_one(command: str) -> None:
    words = shlex.split(command)[1:]
    found = get_command(app)
    known = {option for one in found.params for option in one.opts}
    for word in words:
        found = getattr(found, "commands", {}).get(word, found)
        known |= {option for one in found.params for option in (*one.opts, *one.secondary_opts)}

    assert not hasattr(found, "commands"), f"{command} does not end at a command"
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_of_the_documents_is_one(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("document", "link"), LINKS, ids=[f"{path.name}:{link}" for path, link in LINKS])
def test_every_link_of_a_document_leads_somewhere(document: Path, link: str) -> None:
    path, _, heading = link.partition("#")
    there = (document.parent / path).resolve() if path else document

    assert there.exists()
    if heading:
        titles = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
        assert heading in {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_the_readme_lists_every_verb_of_slack() -> None:
    listed = re.search(r"lists the rest: `([^`]+)`", README.replace("\n", " "))
    assert listed is not None

    assert {verb.strip() for verb in listed.group(1).split(",")} == set(NAMES.values()) - {"help"}


def test_every_room_has_its_line_in_the_rooms_readme() -> None:
    rooms = (ROOT / "functions/README.md").read_text("utf-8")

    assert [p.parent.name for p in (ROOT / "functions").glob("*/handler.py") if f"`{p.parent.name}`" not in rooms] == []


def test_every_part_of_the_bench_is_listed() -> None:
    parts = (ROOT / "tests/README.md").read_text("utf-8").partition("## Figures\n")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)`", parts, re.MULTILINE) == list(NAMES_OF_THE_BENCH)
