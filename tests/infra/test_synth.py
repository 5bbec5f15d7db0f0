"""Claims about the cached synth: it runs when a source changed, and only then."""

from pathlib import Path

import pytest

from infra import synth as module
from infra.synth import ROOT, Assembly, source_files, synth


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages for which the app was started; the app itself is left out here, the stack's own tests run it."""
    started: list[str] = []

    def start(stage: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        started.append(stage)

    monkeypatch.setattr(module, "_run_app", start)
    return started


def test_a_second_synth_of_the_same_sources_starts_nothing(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "sources_fingerprint", lambda: "the same")

    assert synth("local", tmp_path) == synth("local", tmp_path) == tmp_path / "local"

    assert runs == ["local"]


def test_a_changed_source_is_synthesised_again(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = iter(["before", "after"])
    monkeypatch.setattr(module, "sources_fingerprint", lambda: next(versions))

    synth("local", tmp_path)
    synth("local", tmp_path)

    assert runs == ["local", "local"]


def test_stages_do_not_share_a_folder(runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "sources_fingerprint", lambda: "the same")

    assert synth("local", tmp_path) != synth("prod", tmp_path)

    assert runs == ["local", "prod"]


def test_the_sources_are_the_stack_the_code_the_words_and_the_lock_but_not_the_tools() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in source_files()}

    assert {"cdk.json", "uv.lock", "infra/stack.py", "functions/web/settings.py"} <= files
    assert any(name.startswith("templates/") for name in files)
    assert not [name for name in files if name.startswith(("infra/local/", "infra/cli/")) or name.endswith(".pyc")]


def test_the_assembly_says_what_to_upload(tmp_path: Path) -> None:
    (tmp_path / "Deadair-local.assets.json").write_text(
        '{"files": {"a": {"source": {"path": "asset.a", "packaging": "zip"}, "destinations": {"here": '
        '{"bucketName": "assets-${AWS::AccountId}", "objectKey": "a.zip"}}}, "b": {"source": {"path": '
        '"Deadair-local.template.json", "packaging": "file"}, "destinations": {"here": {"bucketName": "x", '
        '"objectKey": "y"}}}}}',
        encoding="utf-8",
    )

    (only,) = Assembly(tmp_path, "Deadair-local").file_assets()

    assert (only.path, only.packaging) == (tmp_path / "asset.a", "zip")
    assert (only.bucket, only.key) == ("assets-${AWS::AccountId}", "a.zip")
