"""Claims about what is kept of signals: the same for any order and any repetition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.dynamodb.health import HealthStore, health_from
from deadair.domain.health import RECENT_KEPT, Health
from deadair.domain.sent_signal import SentSignal, counted
from deadair.domain.signal_metrics import minutes_of

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CODES = st.dictionaries(st.sampled_from(["200", "401", "429", "500"]), st.integers(0, 9), max_size=3)


@st.composite
def signals(draw: st.DrawFn) -> list[SentSignal]:
    """Signals of a few hours, several of them at the same moment; each has a key of its own."""
    told = draw(st.lists(st.tuples(st.integers(0, 180), st.booleans(), st.integers(0, 3), CODES), max_size=40))
    return [
        SentSignal(f"{n:03}", NOW - timedelta(minutes=ago), ok=ok, records=records, errors=int(not ok), codes=codes)
        for n, (ago, ok, records, codes) in enumerate(told)
    ]


def told_in(parts: Sequence[Sequence[SentSignal]]) -> Health:
    health = Health("crm")
    for part in parts:
        health = health.with_signals(part)
    return health


@given(signals(), st.randoms(use_true_random=False), st.integers(1, 7))
def test_the_order_and_the_batches_of_signals_do_not_matter(told: list[SentSignal], chance: object, size: int) -> None:
    mixed = [*told, *told[::3]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert told_in([mixed[at : at + size] for at in range(0, len(mixed), size)]) == told_in([told])


@given(signals())
def test_health_is_read_as_it_was_written(told: list[SentSignal]) -> None:
    health = replace(told_in([told]), version=4)

    written = HealthStore(None, "incidents").write(health)["Put"]

    assert health_from(written["Item"]) == replace(health, version=5)


def test_what_each_instant_says() -> None:
    at = [NOW - timedelta(minutes=n) for n in range(5)]
    health = told_in(
        [
            [
                SentSignal("failed", at[0], ok=False, records=0, errors=1),
                SentSignal("empty", at[1], ok=True, records=0, errors=0),
                SentSignal("partly", at[2], ok=False, records=5, errors=2),
                SentSignal("fine", at[3], ok=True, records=5, errors=0),
            ]
        ]
    )

    assert health.last_signal_at == at[0]
    assert health.last_error_at == at[0]
    assert health.last_empty_at == at[1]
    assert health.last_record_at == at[2]
    assert health.last_success_at == at[3]


def test_only_the_last_signals_are_kept() -> None:
    health = told_in([[SentSignal(str(n), NOW + timedelta(seconds=n), True, n, 0) for n in range(100)]])  # noqa: FBT003

    assert [one.records for one in health.recent] == list(range(99, 99 - RECENT_KEPT, -1))


def test_status_codes_are_those_of_the_last_half_hour_of_signals() -> None:
    told = [
        SentSignal(str(ago), NOW - timedelta(minutes=ago), ok=True, records=1, errors=0, codes={"200": 1, str(code): 2})
        for ago, code in ((0, 429), (30, 401), (31, 500))
    ]

    assert told_in([told]).codes == {"200": 2, "401": 2, "429": 2}
    assert Health("crm").codes == {}


def test_a_run_that_says_no_numbers_is_one_record_or_one_error() -> None:
    assert counted(ok=True, records=None, errors=None) == (1, 0)
    assert counted(ok=False, records=None, errors=None) == (0, 1)
    assert counted(ok=False, records=7, errors=0) == (7, 1)
    assert counted(ok=True, records=0, errors=3) == (0, 3)


@given(signals())
def test_no_number_is_lost_on_the_way_to_a_minute(told: list[SentSignal]) -> None:
    minutes = minutes_of(told, NOW)

    def total(metric: str) -> float:
        return sum(value * count for m in minutes if m.metric == metric for value, count in m.values.items())

    assert total("Records") == sum(signal.records for signal in told)
    assert total("Errors") == sum(signal.errors for signal in told)
    assert total("Calls") == sum(signal.calls for signal in told)
    assert total("Successes") == sum(signal.ok and signal.records > 0 for signal in told)
    assert total("EmptySuccesses") == sum(signal.ok and signal.records == 0 for signal in told)
    assert len({(m.metric, m.at) for m in minutes}) == len(minutes)


def test_a_zero_is_written_and_an_unknown_number_is_not() -> None:
    told = {m.metric for m in minutes_of([SentSignal("a", NOW, ok=True, records=0, errors=0)], NOW)}

    assert told == {"Records", "Errors", "EmptySuccesses"}


def test_what_is_older_than_cloudwatch_takes_is_left_out() -> None:
    old = SentSignal("a", NOW - timedelta(days=14, minutes=1), ok=True, records=1, errors=0)
    stale = SentSignal("b", NOW, ok=True, records=1, errors=0, lag_s=14 * 86400)

    assert minutes_of([old], NOW) == []
    assert {m.metric for m in minutes_of([stale], NOW)} == {"Records", "Errors"}
