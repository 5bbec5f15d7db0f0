"""Claims about what a broken integration writes into its log: what went wrong, and nothing on a good day."""

import pytest

from deadair.domain.log_errors import told_by
from deadair.domain.severity import FailureClass
from infra.local.traffic.breaking import signals
from infra.local.traffic.how import How
from infra.local.traffic.log_lines import lines
from tests.local.traffic.rows import NOON, a_rhythm, minute

WRITES = [how for how in How if how is not How.SILENCE]


@pytest.mark.parametrize("how", WRITES)
def test_the_lines_say_the_class_in_which_it_fails(how: How) -> None:
    now = minute(NOON)

    told = [line for one in signals(a_rhythm(), now - 60, now, how=how) for line in lines("feed", how, one)]

    read = told_by(text for _, text in told)
    assert [kind for kind, _ in read.classes] == [FailureClass(how.value)]
    assert read.total == len(told)
    assert len({text for _, text in told}) > len(read.errors)


def test_who_is_silent_writes_nothing() -> None:
    assert not list(lines("feed", How.SILENCE, {"id": "1", "errors": 0, "occurred_at": "2026-11-02T12:00:00+00:00"}))
