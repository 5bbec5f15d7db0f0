"""Claims about what is said of alarms before they are made."""

from datetime import UTC, datetime

import pytest

from infra.cli.alarms_words import ALARMS_QUOTA, print_cost
from tests.unit.watching import a_watch

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
ROW = {"expected": {"per_hour": 9}, "thresholds": {"silence_min": 60}}


def test_more_alarms_than_an_account_takes_are_told_before_they_must_wait(capsys: pytest.CaptureFixture[str]) -> None:
    watch = a_watch("silence", NOON, **ROW)

    print_cost([watch] * ALARMS_QUOTA)
    assert "quota" not in capsys.readouterr().out
    print_cost([watch] * (ALARMS_QUOTA + 12))
    assert "takes 5,000 alarms" in (said := " ".join(capsys.readouterr().out.split()))
    assert ": 12 of these, or more if it has others, must wait" in said
