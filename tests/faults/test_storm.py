"""Claims about a storm through the front of the line: nothing lost, one incident per integration, each told once."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.target import Target
from tests.bench.estate import drained, register
from tests.bench.storm import differences, everybody_told, missing, recorded_of, repeated, send, told
from tests.stack import Deadair, retire
from tests.storm import a_storm, expected

pytestmark = pytest.mark.stack
ALARMS, INTEGRATIONS = 600, 12
# Within which a second notice would come. The queues of the session's stack may hold what others let wait.
A_SECOND_NOTICE_S = 3


@pytest.fixture
def slugs(stack: Target) -> Iterator[list[str]]:
    """Integrations of the storm's own, retired afterwards."""
    mine = register(stack, INTEGRATIONS)
    yield mine
    retire(stack, set(mine))


def test_fault_33_a_storm_is_recorded_as_it_was_told_and_each_owner_hears_once(
    stack: Target, deadair: Deadair, slugs: list[str]
) -> None:
    storm = a_storm(slugs, ALARMS, datetime.now(UTC) - timedelta(minutes=15), seed=33)
    sent = send(stack, storm)
    drained(stack, stack.outputs["IntakeQueueUrl"])
    everybody_told(stack, slugs, patience_s=60)
    time.sleep(A_SECOND_NOTICE_S)

    lost, ages = recorded_of(stack, sent)
    notices = told(stack, slugs)
    assert lost == 0
    assert differences(stack, storm) == []
    assert (len(notices), repeated(notices), missing(notices)) == (INTEGRATIONS, 0, 0)
    assert max(ages) < 120
    status, out, err = deadair("verify")
    assert status == 0, out + err


def test_fault_33_the_storm_is_what_it_says_it_is() -> None:
    begins = datetime(2026, 11, 2, tzinfo=UTC)
    storm = a_storm([f"slug-{place}" for place in range(INTEGRATIONS)], ALARMS, begins)

    assert len(storm) == ALARMS
    assert storm == a_storm([f"slug-{place}" for place in range(INTEGRATIONS)], ALARMS, begins)
    assert len(set(storm)) == ALARMS - ALARMS * 12 // 100
    assert storm != sorted(storm)
    assert sum(of.entries for of in expected(storm).values()) == len(set(storm))
