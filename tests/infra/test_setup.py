"""Claims about the set-up and the deployment's command line."""

import re
from pathlib import Path

import pytest

from infra import browser, setup
from infra.config import stage_named
from infra.deploy import ANSWERS, parameters
from tests.infra.template import ROOT, Template


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


def test_an_operators_answers_become_parameters_of_the_stack(prod: Template) -> None:
    given = {"FALLBACK_OWNER": '{"name":"Ana"}', "SLACK_CHANNEL": "C1", "SLACK_TEAM": "", "HOME": "/root"}

    assert parameters("Deadair-prod", given) == [
        "--parameters", 'Deadair-prod:FallbackOwner={"name":"Ana"}',
        "--parameters", "Deadair-prod:SlackChannel=C1",
    ]  # fmt: skip
    every = parameters("", dict.fromkeys(ANSWERS, "x"))
    assert {part[1:-2] for part in every if part != "--parameters"} <= set(prod.body["Parameters"])


@pytest.mark.parametrize("name", ["", "Prod", "a b", "1st", "../x"])
def test_a_stage_name_that_cannot_be_a_stack_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        stage_named(name)
