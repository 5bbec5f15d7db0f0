"""A storm of alarms, made up reproducibly, and what must have become of it: told here without a line of the product.

Knows what people expect of a storm: one incident for each integration, every change on its timeline once, the last
word of every alarm. Refuses to know how any of it is stored.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SIGNALS = ("silence", "errors", "latency")
# Of a hundred messages so many are delivered once more, and nothing comes later than this after its turn.
TWICE_PCT = 12
LATE = timedelta(seconds=40)
LASTS = timedelta(minutes=10)
# What wins at the same instant; a tie must not hide a failure.
WINS = {"OK": 0, "ALARM": 1}


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """One change of one alarm, at its own time."""

    at: datetime
    integration: str
    alarm: str
    state: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What one integration's incident must show: so many entries of alarms, and each alarm's last state."""

    entries: int
    alarms: dict[str, str]
    started: datetime


def a_storm(slugs: Sequence[str], count: int, begins: datetime, seed: int = 1) -> list[Said]:
    """`count` messages in the order in which they come: alarms, recoveries, alarms again, some twice, some late."""
    chance = random.Random(seed)
    twice = count * TWICE_PCT // 100
    share, rest = divmod(count - twice, len(slugs))
    told = [said for i, slug in enumerate(slugs) for said in _changes(slug, share + (i < rest), begins, chance)]
    coming = told + chance.sample(told, twice)
    late = LATE.total_seconds()
    return sorted(coming, key=lambda said: said.at + timedelta(seconds=chance.uniform(0, late)))


def _changes(slug: str, count: int, begins: datetime, chance: random.Random) -> list[Said]:
    """One integration's alarms in turn, each ALARM and OK alternately, beginning with ALARM."""
    spoken: dict[str, int] = defaultdict(int)
    moments = sorted(chance.sample(range(int(LASTS.total_seconds() * 1000)), count))
    told = []
    for moment in moments:
        alarm = f"{slug}-{chance.choice(SIGNALS)}"
        state = ("ALARM", "OK")[spoken[alarm] % 2]
        spoken[alarm] += 1
        told.append(Said(begins + timedelta(milliseconds=moment), slug, alarm, state))
    return told


def expected(storm: Sequence[Said]) -> dict[str, Expected]:
    """What must be shown for each integration, whatever the order of arrival."""
    by_slug: dict[str, set[Said]] = defaultdict(set)
    for said in storm:
        by_slug[said.integration].add(said)
    return {slug: _of_one(told) for slug, told in by_slug.items()}


def _of_one(told: set[Said]) -> Expected:
    last: dict[str, Said] = {}
    for said in sorted(told, key=lambda said: (said.at, WINS[said.state])):
        last[said.alarm] = said
    states = {alarm: said.state for alarm, said in last.items()}
    return Expected(len(told), states, min(said.at for said in told if said.state == "ALARM"))
