"""Claims about telling the local Slack who is there: only people whom it can hold, and never an empty word."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deadair.adapters.registry_file.model import Row
from infra.cli import people
from infra.target import Target


def a_row(**owner: Any) -> Row:
    return Row.model_validate({"slug": "one-two", "name": "One", "owner": {"name": "Ana Lima", **owner}})


def test_rows_whose_people_have_no_slack_id_are_no_news_for_the_local_slack(capsys: pytest.CaptureFixture[str]) -> None:
    target = cast(Target, SimpleNamespace(is_local=True, slack="http://127.0.0.1:1", state=Path()))

    people.tell_local_slack(target, [a_row(email="ana@example.com")])
    assert capsys.readouterr() == ("", "")

    people.tell_local_slack(target, [a_row(email="ana@example.com", slack_id="U0ANA")])
    assert "was not told of 1 people" in "".join(capsys.readouterr())
