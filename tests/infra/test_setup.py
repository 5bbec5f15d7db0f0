"""Claims about the set-up and the deployment's command line."""

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from infra import browser, deploy, setup
from infra.caches import VARIABLES, may_write, place_caches
from infra.config import stage_named
from infra.deploy import ANSWERS, parameters
from tests.infra.template import ROOT, Template

OWNER = '{"name":"Ana Lima","email":"ana@example.com","slack_id":"U1"}'


def test_the_makefile_says_what_it_can_make() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")

    explained = set(re.findall(r"^([a-z]+):.*## ", text, flags=re.MULTILINE))

    assert explained == {
        "bench", "bootstrap", "clean", "demo", "deploy", "help", "lint", "lock", "setup", "test", "up",
    }  # fmt: skip


def test_an_unknown_part_is_named_with_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["chrome"]) == 2

    assert capsys.readouterr().err == "setup: unknown part 'chrome'; there are: browser, cdk\n"


def test_a_changed_lock_is_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "uv.lock").write_text("before", encoding="utf-8")
    before = setup.fingerprint()

    (tmp_path / "uv.lock").write_text("after", encoding="utf-8")

    assert setup.fingerprint() != before


def test_another_version_of_python_makes_another_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`PYTHON=python3.13 make test` after `make test` must not go on with the Python from before."""
    before = setup.fingerprint()

    monkeypatch.setattr(sys, "version_info", (3, 99, 0))

    assert setup.fingerprint() != before


def test_the_uv_that_is_installed_is_the_locked_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", setup.locked_version("uv"))


def test_a_step_that_fails_speaks_for_itself() -> None:
    with pytest.raises(setup.SetUpFailed, match="No such file"):
        setup.run(["ls", "/no/such/folder"])


def test_a_chosen_browser_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEADAIR_BROWSER", "/opt/chosen")

    assert browser.find_browser() == Path("/opt/chosen")


def test_the_systems_browser_is_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path / "chromium"
    found.write_text("#!/bin/sh\n", encoding="utf-8")
    found.chmod(0o755)
    monkeypatch.delenv("DEADAIR_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.find_browser() == found


def test_a_home_that_takes_no_files_moves_the_caches_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    usual: dict[str, str] = {}
    moved = {"UV_CACHE_DIR": "/chosen", "HOME": "/nonexistent"}

    place_caches(usual, tmp_path / "home")
    place_caches(moved, tmp_path / "file" / "home")

    assert usual == {}
    assert (moved["UV_CACHE_DIR"], moved["HOME"]) == ("/chosen", "/nonexistent")
    assert set(moved) == {*VARIABLES, "HOME"}


def test_a_folder_that_does_not_exist_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert may_write(tmp_path / "not" / "yet")
    assert not may_write(tmp_path / "file" / "not" / "yet")


def test_two_targets_at_once_set_up_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    second = f"import infra.setup as s; s.ROOT = {str(tmp_path)!r}\nwith s.alone(): print('second', flush=True)"

    with setup.alone():
        other = subprocess.Popen([sys.executable, "-c", second], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=1)

    assert other.communicate(timeout=20)[0] == "second\n"


def test_a_python_without_ensurepip_gets_its_environment_from_the_systems_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's python3 without python3-venv, with python3-pip, for somebody who is not root."""
    venv.create(tmp_path / "system", with_pip=True)
    debians = tmp_path / "python3"
    refuse = 'case "$*" in "-m venv"*--without-pip) ;; "-m venv"*) exit 1 ;; esac'
    debians.write_text(f'#!/bin/sh\n{refuse}\nexec "{tmp_path}/system/bin/python" "$@"\n', encoding="utf-8")
    debians.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(debians))
    monkeypatch.setattr(setup, "VENV", tmp_path / "made")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / "made" / "bin" / "python")
    monkeypatch.setattr(setup, "can_apt", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    setup.ensure_venv()

    assert setup.succeeds([str(setup.PYTHON), "-c", ""])
    assert not setup.succeeds([str(setup.PYTHON), "-m", "pip", "--version"])
    assert setup.succeeds([str(debians), "-m", "pip", "--python", str(setup.PYTHON), "list"])


def test_an_operators_answers_become_parameters_of_the_stack(prod: Template) -> None:
    given = {"FALLBACK_OWNER": OWNER, "SLACK_CHANNEL": "C1", "SLACK_TEAM": "", "SLACK_EMOJI": "", "HOME": "/root"}

    assert parameters("Deadair-prod", given) == [
        "--parameters", f"Deadair-prod:FallbackOwner={OWNER}",
        "--parameters", "Deadair-prod:SlackChannel=C1",
        "--parameters", "Deadair-prod:SlackEmoji=",
    ]  # fmt: skip
    every = parameters("", dict.fromkeys(ANSWERS, "x") | {"FALLBACK_OWNER": OWNER, "ALARM_SCOPE": "{}"})
    assert {part[1:].partition("=")[0] for part in every if part != "--parameters"} <= set(prod.body["Parameters"])


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("FALLBACK_OWNER", "Ana Lima", "not JSON"),
        ("FALLBACK_OWNER", '"Ana Lima"', "a JSON object"),
        ("FALLBACK_OWNER", '{"name":""}', "give name, email, slack_id"),
        ("FALLBACK_OWNER", '{"name":"Ana","slack":"U1"}', "and nothing else"),
        ("ALARM_SCOPE", '{"account":["1"]}', "'account' is none of accounts, regions, prefixes"),
        ("ALARM_SCOPE", '{"accounts":"123456789012"}', "accounts is a list"),
    ],
)
def test_an_answer_that_would_fail_at_the_first_alarm_is_refused_at_the_deployment(
    name: str, value: str, remedy: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name}: .*{remedy}"):
        parameters("Deadair-prod", {name: value})


def test_the_stage_of_one_machine_is_never_deployed_to_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    """Its pages ask everybody who they are, and believe it."""
    assert deploy.main(["local"]) == 2

    assert capsys.readouterr().err.startswith("deploy: the stage `local` opens its pages")


@pytest.mark.parametrize("name", ["", "Prod", "a b", "1st", "../x", "my_stage", "größe", "-x", "a" * 40])
def test_a_stage_name_that_cannot_be_a_stack_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        stage_named(name)
