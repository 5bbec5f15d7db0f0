"""Claims about an integration's health when its history is played again."""

from dataclasses import replace
from datetime import timedelta

from deadair.adapters.dynamodb.health import INSTANTS
from deadair.domain.health import Health, Recent
from infra.local.traffic.surroundings import rewound
from tests.local.traffic.rows import NOON

MINUTE = timedelta(minutes=1)
RECENT = tuple(Recent(NOON - MINUTE * back, ok=True, records=1, errors=0, key=str(back)) for back in range(20))
HEALTH = Health("feed", last_signal_at=NOON, last_success_at=NOON - 8 * MINUTE, recent=RECENT, version=7)
SINCE = NOON - 5 * MINUTE


def test_nothing_in_it_comes_from_the_instant_on_or_later() -> None:
    health = rewound(HEALTH, SINCE)

    assert [one.at for one in health.recent] == [NOON - MINUTE * back for back in range(6, 20)]
    assert all(at < SINCE for name in INSTANTS if (at := getattr(health, name)))


def test_what_came_before_stays_and_what_never_came_never_came() -> None:
    assert rewound(HEALTH, SINCE).last_success_at == HEALTH.last_success_at
    assert rewound(HEALTH, SINCE).last_error_at is None
    assert rewound(HEALTH, NOON + MINUTE) == HEALTH


def test_the_last_signal_is_older_than_a_window_that_begins_then() -> None:
    """Even where all that is remembered came later: an alarm about the window then finds that nothing runs."""
    health = rewound(replace(HEALTH, recent=RECENT[:2]), SINCE)

    assert (health.recent, health.last_signal_at) == ((), SINCE - MINUTE)
