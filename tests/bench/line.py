"""Alarm → visible incident: one at a time, and bursts of 500 beside an empty handler on the same local AWS.

Visible means that the list of open incidents shows it. One at a time: the next alarm is sent as soon as the one before
is visible, while the relay and the notifier still work on that. A burst: one alarm of each of 500 registered
integrations, timed until the intake queue is empty, and then all 500 must be in the list.
"""

import time

from infra.target import Target
from tests.bench.empty import SOURCE as EMPTY_SOURCE
from tests.bench.empty import empty_handler
from tests.bench.estate import PATIENCE_S, SOURCE, at_rest, count_open, drained, open_incidents, put, register
from tests.bench.figures import Figure, percentile

SINGLE = 200
BURST = 500
BURSTS = 3
LOOK_S = 0.001


def measure(stack: Target) -> list[Figure]:
    """Latency, throughput, the ratio to doing nothing, and how fast Slack follows."""
    first, *slugs = register(stack, SINGLE + 1)
    one(stack, first)
    at_rest(stack)
    latencies = [one(stack, slug) * 1000 for slug in slugs]
    at_rest(stack)
    bursts, empties, cards = _alternating(stack)
    burst_s, empty_s, card_s = (percentile(times, 0.5) for times in (bursts, empties, cards))
    return [
        Figure("alarm → visible incident, p50", percentile(latencies, 0.5), "ms", "150 ms"),
        Figure("alarm → visible incident, p99", percentile(latencies, 0.99), "ms", "500 ms"),
        Figure(f"{BURST} distinct integrations, median of {BURSTS}", BURST / burst_s, "incidents/s", "≥ 60"),
        Figure("empty handler, the same events, the same times", BURST / empty_s, "messages/s"),
        Figure("time per message against the empty handler", burst_s / empty_s, "×", "≤ 2"),
        Figure(f"{BURST} incidents, each with card and message", BURST / card_s, "incidents/s"),
    ]


def one(stack: Target, slug: str) -> float:
    """Seconds from sending the event of an integration's alarm until the list shows its incident."""
    began = time.perf_counter()
    put(stack, SOURCE, [f"{slug}-silence"])
    while not _visible(stack, slug):
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError(slug)
        time.sleep(LOOK_S)
    return time.perf_counter() - began


def _visible(stack: Target, slug: str) -> bool:
    newest = open_incidents(stack, Limit=1)["Items"]
    return bool(newest) and newest[0]["integration"]["S"] == slug


def _alternating(stack: Target) -> tuple[list[float], list[float], list[float]]:
    """Bursts and empty runs take turns, so that a slow moment of the machine hits both."""
    bursts, empties, cards = [], [], []
    slugs = register(stack, BURST * BURSTS)
    with empty_handler(stack) as queue:
        for turn in range(BURSTS):
            empties.append(_empty(stack, queue))
            took, until_cards = burst(stack, slugs[turn * BURST : (turn + 1) * BURST])
            bursts.append(took)
            cards.append(until_cards)
    return bursts, empties, cards


def _empty(stack: Target, queue: str) -> float:
    began = time.perf_counter()
    put(stack, EMPTY_SOURCE, [f"empty-{place}" for place in range(BURST)])
    drained(stack, queue)
    return time.perf_counter() - began


def burst(stack: Target, slugs: list[str]) -> tuple[float, float]:
    """Seconds until every integration has its visible incident, and until the notifier has told everybody."""
    before = count_open(stack)
    began = time.perf_counter()
    put(stack, SOURCE, [f"{slug}-silence" for slug in slugs])
    drained(stack, stack.outputs["IntakeQueueUrl"])
    took = time.perf_counter() - began
    shown = count_open(stack) - before
    if shown != len(slugs):
        raise AssertionError(f"{shown} of {len(slugs)} incidents are visible")
    at_rest(stack)
    return took, time.perf_counter() - began
