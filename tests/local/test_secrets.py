"""Claims about the secrets of a state directory."""

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
