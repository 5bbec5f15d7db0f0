"""Claims about the command: every part of it explains itself, and a missing stack is said calmly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deadair.domain.errors import NotFound
from infra.cli.choice import hoisted
from infra.cli.failures import explain
from infra.cli.main import main
from infra.cli.terminal import clean, json_text

GROUPS = {
    "registry": ["import", "export", "check", "schema"],
    "audit": ["list", "verify"],
    "consent": ["list", "verify"],
    "incidents": ["list", "show", "ack", "note", "cause", "check", "snooze", "milestone"],
    "kb": ["search", "import", "reindex", "reconcile"],
    "slack": ["manifest", "check", "secret"],
}
COMMANDS = [
    [],
    *([name] for name in ("up", "demo", "replay", "verify", *GROUPS)),
    *([group, name] for group, names in GROUPS.items() for name in names),
]
SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit status, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, *command, "--help")

    assert status == 0
    assert "Usage:" in out


@pytest.mark.parametrize(
    "command",
    [
        ["registry", "import", str(SAMPLE)],
        ["registry", "export"],
        ["audit", "list"],
        ["audit", "verify"],
        ["consent", "verify"],
        ["incidents", "list"],
        ["incidents", "show", "42"],
        ["kb", "search", "x"],
        ["replay", str(SAMPLE)],
        ["verify"],
    ],
    ids=" ".join,
)
def test_without_a_stack_a_command_says_how_to_start_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *command, "--state-dir", str(tmp_path))

    assert status == 2
    assert out == ""
    assert "make up" in err


def test_a_stack_that_was_killed_is_not_taken_for_a_running_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    card = {"stack": "s", "region": "r", "account": "a", "outputs": {}, "web": "", "slack": "", "endpoint": "http://x"}
    (tmp_path / "stack.json").write_text(json.dumps(card | {"pid": ended.pid}))

    status, _, err = run(capsys, "verify", "--state-dir", str(tmp_path))

    assert status == 2
    assert "make up" in err


def test_checking_a_file_needs_no_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, "registry", "check", str(SAMPLE), "--state-dir", str(tmp_path))

    assert "nobody of 9 people: no stack runs here" in err
    assert "12 integrations of 8 owners checked" in out


def test_a_check_that_is_not_to_ask_slack_says_nothing_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = run(capsys, "registry", "check", str(SAMPLE), "--no-slack", "--json", "--state-dir", str(tmp_path))

    assert err == ""
    assert json.loads(out)["slack"] is None


def test_the_problems_of_a_file_are_told_to_people_and_to_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text("integrations:\n- slug: A B\n  name: x\n")

    status, _, err = run(capsys, "registry", "import", str(file))
    assert status == 1
    assert err.splitlines()[0].startswith(f"{file}:2:3 owner: is missing")
    assert "2 problems; nothing was changed." in err

    status, out, _ = run(capsys, "registry", "import", str(file), "--json")
    assert status == 1
    assert [problem["line"] for problem in json.loads(out)["problems"]] == [2, 2]


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "registry", "import", "nope.yaml")

    assert status == 2
    assert "nope.yaml: No such file or directory" in err


def test_global_options_may_stand_anywhere() -> None:
    assert hoisted(["incidents", "list", "--stack", "S", "--state-dir=x", "--json"]) == [
        "--stack", "S", "--state-dir=x", "incidents", "list", "--json",
    ]  # fmt: skip
    assert hoisted(["replay", "--", "--stack"]) == ["replay", "--", "--stack"]
    assert hoisted(["list", "--stack"]) == ["--stack", "list"]


def test_help_imports_nothing_slow() -> None:
    code = "import sys, infra.cli.main; print(*{'boto3', 'rich.table', 'pydantic', 'yaml'} & sys.modules.keys())"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_hostile_text_cannot_drive_the_terminal() -> None:
    hostile = "a\x1b[2Jb\x9b31mc\u202ed"

    assert "\x1b" not in clean(hostile)
    printed = json_text({"x": hostile})
    assert not any(char in printed for char in "\x1b\x9b\u202e")
    assert json.loads(printed) == {"x": hostile}


def test_a_folder_without_files_is_said_instead_of_passing_for_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "replay", str(tmp_path))

    assert (status, out) == (2, "")
    assert "no files" in err


def test_a_state_directory_that_cannot_be_made_is_said_calmly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()

    status, out, _ = run(capsys, "up", "--state-dir", str(file))

    assert status == 2
    assert "--state-dir" in out


@pytest.mark.parametrize(("port", "limit"), [("0", "1"), ("65536", "65535"), ("-1", "1")])
def test_a_port_that_no_machine_has_is_refused(port: str, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "up", "--web-port", port)

    assert status == 2
    assert "--web-port" in err
    assert f"equal to {limit}" in err


def test_a_locale_without_our_letters_loses_nothing(tmp_path: Path) -> None:
    rows = tmp_path / "rows.yaml"
    rows.write_text("integrations:\n- slug: größe\n  name: a → b\n", encoding="utf-8")
    command = [sys.executable, "-m", "infra.cli.main", "registry", "check", str(rows)]

    done = subprocess.run(
        command, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii"}, cwd=SAMPLE.parent
    )

    assert done.returncode == 1
    assert b"gr\\xf6\\xdfe" in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        ("/dead-letters", "ledger list"),
        ("show 7", "incidents show 7"),
        ("action 7", "actions list --incident 7"),
        ("action 7 what is to be done", "actions add 7 what is to be done"),
        ("action 7-A1 reopen", "actions reopen 7-A1"),
        ("action 7-A1 drop why it is not needed", "actions drop 7-A1 why it is not needed"),
    ],
)
def test_the_remedy_of_a_refusal_is_a_command(remedy: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(NotFound("There is no such thing.", field="it", remedy=remedy)) == 1
    assert capsys.readouterr().err == f"There is no such thing.\nNext: deadair {said}\n"
