"""Claims about `deadair audit`, on a registry of its own: what it says can be read, by people and by machines."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from infra.cli.main import main
from infra.local.layout import Layout
from infra.target import Target
from tests.rooms.registry_rows import NOW, a_row, an_empty_registry, imported, item_at, old_fashioned, put

pytestmark = pytest.mark.stack
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """A registry with four entries: two rows added, one changed twice."""
    writer = an_empty_registry(stack)
    imported(writer, a_row(thresholds={"silence_min": 60}), a_row("three-four"))
    imported(writer, a_row(thresholds={"silence_min": 30}), by="cli:ben", minutes=24 * 60)
    imported(writer, a_row(thresholds={"silence_min": 30}, source="X"), by="cli:\x1b[31mcid", minutes=48 * 60)
    return writer


@pytest.fixture
def run(writer: RegistryWriter, state_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on the session's stack, with that registry in place of the stack's."""
    card = json.loads(Layout(state_dir).stack_file.read_text("utf-8"))
    card["outputs"]["RegistryTable"] = writer.table
    file = Layout(tmp_path).stack_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(card), "utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--state-dir", str(tmp_path), "audit", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return command


def said(run: Run, *arguments: str) -> Any:
    return json.loads(run(*arguments, "--json")[1])


def test_a_whole_log_is_said_with_its_head_which_a_later_look_takes(run: Run, writer: RegistryWriter) -> None:
    status, out, err = run("verify")
    head = writer.log.head().hash
    imported(writer, a_row("later-one"))

    assert (status, err) == (0, "")
    assert "whole: 4 entries, 2 rows" in out
    assert head in out
    status, out, _ = run("verify", "--head", head)
    assert (status, "what led to the given head" in out) == (0, True)
    assert said(run, "verify", "--head", head)["anchor"] == head


def test_tampering_ends_in_status_1_with_the_first_place_named(run: Run, writer: RegistryWriter) -> None:
    put(writer, item_at(writer, keys.audit_entry(3)) | {"by": {"S": "cli:eve"}})

    status, _, err = run("verify")

    assert status == 1
    assert "one-two, entry 3: it says something else than what its hash was made of" in err
    assert "The first is entry 3." in err
    assert said(run, "verify")["breaks"][0]["number"] == 3
    assert run("verify", "--head", "f" * 64)[0] == run("verify", "--head", "f")[0] == 1


def test_rows_from_before_there_was_a_log_come_with_a_remedy(run: Run, writer: RegistryWriter) -> None:
    old_fashioned(writer, a_row("old-one"), NOW - timedelta(days=9))

    status, out, _ = run("verify")

    assert status == 0
    assert "From before there was an audit log: old-one." in out
    assert "import their file once more" in out


def test_changes_are_listed_newest_first_with_each_field_before_and_after(run: Run) -> None:
    status, out, _ = run("list")

    lines = out.splitlines()
    assert status == 0
    assert [line.split()[0] for line in lines if not line.startswith("        ")] == ["4", "3", "2", "1"]
    assert "        thresholds.silence_min: 60 → 30" in lines
    assert "        source: (nothing) → X" in lines
    assert "2026-11-21 12:00:00  changed   one-two  cli:ben" in out
    assert "\x1b" not in out


def test_a_list_is_narrowed_by_integration_day_and_page(run: Run) -> None:
    def numbers(*arguments: str) -> list[int]:
        return [entry["number"] for entry in said(run, "list", *arguments)["entries"]]

    assert numbers("--integration", "one-two") == [4, 3, 1]
    assert numbers("--integration", "one-two", "--below", "4") == [3, 1]
    assert numbers("--integration", "no-such-row") == []
    assert numbers("--since", "2026-11-21") == [4, 3]
    assert numbers("--since", "2026-11-21T13:00:00+01:00") == [4, 3]
    assert numbers("--limit", "3") == [4, 3, 2]
    assert said(run, "list", "--limit", "3")["below"] == 2
    assert numbers("--limit", "3", "--below", "2") == [1]
    assert said(run, "list", "--limit", "4")["below"] is None
    assert "--below 2" in run("list", "--limit", "3")[1]
    assert run("list", "--since", "soon")[0] == 2
    assert "no such entry about `no-such-row`" in run("list", "--integration", "no-such-row")[1]
