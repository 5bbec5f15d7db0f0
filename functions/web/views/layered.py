"""Graphs in layers: every edge leads to the right where that can be, and few edges cross.

Pure and deterministic: the same graph gives the same layers, whatever the order in which it came. Knows nodes as texts,
their heights and their edges. Refuses to know what they stand for.

Cycles are broken as Eades, Lin and Smyth do it (1993), layers are longest paths, crossings are reduced by barycentres,
and heights are settled by isotonic regression: as near to their neighbours as the order within a layer allows.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

Edges = Mapping[tuple[str, str], int]
SWEEPS = 8
SETTLINGS = 6


def layers(heights: Mapping[str, float], edges: Edges, most: int) -> dict[str, int]:
    """The layer of each node, from 0.

    More than `most` layers are folded into that many of about the same height; some edges then stay within one.
    """
    order = _sequence(list(heights), edges)
    place = {node: at for at, node in enumerate(order)}
    forward = [(a, b) for a, b in edges if place[a] < place[b]]
    found = _longest_paths(order, forward)
    tall = [0.0] * (max(found.values(), default=0) + 1)
    for node, at in found.items():
        tall[at] += heights[node]
    folded = _folded(tall, most)
    return {node: folded[at] for node, at in found.items()}


def _folded(tall: Sequence[float], most: int) -> list[int]:
    """For each layer the one that it is folded into: the lowest that can hold its share, in order."""
    if len(tall) <= most:
        return list(range(len(tall)))
    low, high = max(tall), sum(tall)
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if _filled(tall, middle)[-1] < most else (middle, high)
    return _filled(tall, high)


def _filled(tall: Sequence[float], capacity: float) -> list[int]:
    at, held, found = 0, 0.0, []
    for height in tall:
        if held and held + height > capacity:
            at, held = at + 1, 0.0
        held += height
        found.append(at)
    return found


def _sequence(nodes: Sequence[str], edges: Edges) -> list[str]:
    """The nodes in a line in which few edges lead back."""
    left: list[str] = []
    right: list[str] = []
    rest = sorted(nodes)
    while rest:
        here = set(rest)
        within = {pair: weight for pair, weight in edges.items() if pair[0] in here and pair[1] in here}
        out, into = dict.fromkeys(rest, 0), dict.fromkeys(rest, 0)
        for (a, b), weight in within.items():
            out[a] += weight
            into[b] += weight
        ends, begins = [n for n in rest if not out[n]], [n for n in rest if out[n] and not into[n]]
        if not ends and not begins:
            begins = [max(rest, key=lambda n: out[n] - into[n])]
        left += begins
        right = ends + right
        gone = {*ends, *begins}
        rest = [n for n in rest if n not in gone]
    return left + right


def _longest_paths(order: Sequence[str], forward: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Layers by longest path; where nothing comes in, a node stands right before the first that it feeds."""
    after: dict[str, list[str]] = {node: [] for node in order}
    fed = set()
    for a, b in forward:
        after[a].append(b)
        fed.add(b)
    found = dict.fromkeys(order, 0)
    for node in order:
        for then in after[node]:
            found[then] = max(found[then], found[node] + 1)
    for node in order:
        if node not in fed and after[node]:
            found[node] = min(found[then] for then in after[node]) - 1
    return found


def ordered(columns: list[list[str]], links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The columns, each in the best order found. A link joins neighbours: from a column to the next one."""
    before, after = _neighbours(links)
    best, fewest = columns, _crossings(columns, after)
    current = columns
    for sweep in range(SWEEPS):
        if not fewest:
            break
        current = _swept(current, before, after, forward=sweep % 2 == 0)
        if (count := _crossings(current, after)) < fewest:
            best, fewest = current, count
    return best


def _neighbours(links: Sequence[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for a, b in links:
        after.setdefault(a, []).append(b)
        before.setdefault(b, []).append(a)
    return before, after


def _swept(
    columns: list[list[str]], before: Mapping[str, list[str]], after: Mapping[str, list[str]], *, forward: bool
) -> list[list[str]]:
    swept = [list(column) for column in columns]
    for at in range(1, len(swept)) if forward else range(len(swept) - 2, -1, -1):
        beside, near = swept[at - 1 if forward else at + 1], before if forward else after
        place = {node: i / max(len(beside), 1) for i, node in enumerate(beside)}
        own = {node: i / max(len(swept[at]), 1) for i, node in enumerate(swept[at])}
        middle = {n: _mean([place[m] for m in near.get(n, ())], own[n]) for n in swept[at]}
        swept[at].sort(key=lambda n, middle=middle, own=own: (middle[n], own[n]))  # type: ignore[misc]
    return swept


def _crossings(columns: Sequence[Sequence[str]], after: Mapping[str, list[str]]) -> int:
    """How often links cross, counted as inversions between neighbouring columns."""
    count = 0
    for left, right in pairwise(columns):
        place = {node: at for at, node in enumerate(right)}
        seen: list[int] = []
        for node in left:
            ends = sorted(place[then] for then in after.get(node, ()))
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def settled(
    columns: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    links: Sequence[tuple[tuple[str, float], tuple[str, float]]],
    gap: float,
) -> dict[str, float]:
    """The top of each node. A link joins two ports: (node, distance from its top)."""
    pulls: dict[str, list[tuple[float, str, float]]] = {}
    for (a, at_a), (b, at_b) in links:
        pulls.setdefault(a, []).append((at_a, b, at_b))
        pulls.setdefault(b, []).append((at_b, a, at_a))
    tops: dict[str, float] = {}
    for column in columns:
        top = 0.0
        for node in column:
            tops[node], top = top, top + heights[node] + gap
    for turn in range(SETTLINGS):
        for column in columns if turn % 2 == 0 else reversed(columns):
            _settle(column, heights, pulls, tops, gap)
    first = min(tops.values(), default=0.0)
    return {node: top - first for node, top in tops.items()}


def _settle(
    column: Sequence[str],
    heights: Mapping[str, float],
    pulls: Mapping[str, list[tuple[float, str, float]]],
    tops: dict[str, float],
    gap: float,
) -> None:
    """Move one column to where its links pull it, without overlaps: pool adjacent violators."""
    pools: list[tuple[float, float, list[str]]] = []  # (wanted, weight, nodes); wanted is less what stands above
    above: dict[str, float] = {}
    total = 0.0
    for node in column:
        above[node] = total
        total += heights[node] + gap
        pull = [tops[other] + at_other - at for at, other, at_other in pulls.get(node, ())]
        weight = float(len(pull) or 0.1)
        pools.append((_mean(pull, tops[node]) - above[node], weight, [node]))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, w1, some), (two, w2, more) = pools[-2:]
            pools[-2:] = [((one * w1 + two * w2) / (w1 + w2), w1 + w2, some + more)]
    for wanted, _, nodes in pools:
        for node in nodes:
            tops[node] = wanted + above[node]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
