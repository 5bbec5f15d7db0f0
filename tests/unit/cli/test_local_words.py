"""Claims about what `deadair local` says."""

import time

import pytest

from infra.cli.local_words import print_mending
from tests.local.traffic.rows import NOON

PLAN = {"name": "Feed", "mends": "rate_limit", "note": ""}


def test_a_time_of_another_day_names_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    at = NOON.astimezone()
    print_mending(PLAN | {"since": NOON.timestamp()})
    print_mending(PLAN | {"since": time.time()})
    long_ago, just_now = capsys.readouterr().out.splitlines()

    assert long_ago == f"Feed works again (rate limit), since {at:%H:%M on %a %d %b}."
    assert just_now == f"Feed works again (rate limit), since {time.strftime('%H:%M')}."
