"""Claims about the secrets of a state directory."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from infra.local.errors import NoFolder
from infra.local.secrets import load_or_make


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"

    assert load_or_make(file) == load_or_make(file)
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"slack_bot_token": "x"}'])
def test_a_damaged_file_is_said_with_the_remedy(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(damaged)

    with pytest.raises(NoFolder, match="remove the file"):
        load_or_make(file)


def test_a_file_of_an_earlier_version_keeps_its_secrets_and_gets_the_new_ones(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    earlier = {"slack_bot_token": "a", "slack_signing_secret": "b", "web_session_key": "c"}
    file.write_text(json.dumps(earlier))

    completed = load_or_make(file)

    assert earlier.items() <= asdict(completed).items()
    assert completed.oidc_client_id
    assert load_or_make(file) == completed
