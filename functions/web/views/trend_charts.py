"""The months as two pictures: stacked bars of classes, and how soon incidents were seen, on a scale of equal ratios.

Pure geometry. Refuses to know words and colours: a segment has the place of its class in the legend.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from deadair.domain.severity import FailureClass
from deadair.domain.trends import Month

WIDTH, HEIGHT = 960, 200
# So many classes have a colour of their own; what is rarer is one segment.
OWN = 5
BAR = 0.62
# The lines of the scale, in minutes: each about four times the one below it, so that minutes and days fit together.
LINES_MIN = (1, 4, 15, 60, 4 * 60, 16 * 60, 3 * 1440, 12 * 1440, 50 * 1440)
LINES_AT_LEAST = 3
# The edge of the bars: what is easy to read, and its half too.
EDGES = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar. `kind` is None for what is rarer; `place` counts from 1 as in the legend. Pixels from above."""

    kind: FailureClass | None
    place: int
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the first picture."""

    month: Month
    x: float
    width: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """The first picture. `legend` are the classes in the order of the segments, from the line up; None: the rest."""

    bars: tuple[Bar, ...]
    top: int
    legend: tuple[tuple[int, FailureClass | None, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """One month of the second picture: where median and p90 are, None of a month without incidents."""

    month: Month
    x: float
    median_y: float | None = None
    p90_y: float | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """The second picture. `lines` are the times at its horizontal lines, the longest first."""

    spans: tuple[Span, ...]
    lines: tuple[timedelta, ...]


def bars(months: Sequence[Month], classes: Sequence[FailureClass]) -> Bars:
    """The stacked bars. `classes` are the most frequent first."""
    own = tuple(classes) if len(classes) <= OWN + 1 else tuple(classes[:OWN])
    top = _round_up(max((month.total for month in months), default=0))
    step = WIDTH / max(len(months), 1)
    drawn = [
        Bar(month, round((at + (1 - BAR) / 2) * step, 1), round(BAR * step, 1), _segments(month, own, top))
        for at, month in enumerate(months)
    ]
    return Bars(tuple(drawn), top, _legend(drawn))


def spans(months: Sequence[Month]) -> Spans:
    """Median and p90 of each month."""
    slowest = max((m.to_detect.p90 for m in months if m.to_detect.p90 is not None), default=timedelta(0))
    steps = max(math.ceil(_level(slowest)), LINES_AT_LEAST)
    width = WIDTH / max(len(months), 1)
    drawn = [_span(month, round((at + 0.5) * width, 1), steps) for at, month in enumerate(months)]
    lines = [timedelta(minutes=line) for line in reversed(LINES_MIN[: steps + 1])]
    return Spans(tuple(drawn), tuple(lines))


def _segments(month: Month, own: Sequence[FailureClass], top: int) -> tuple[Segment, ...]:
    counts: list[tuple[FailureClass | None, int]] = [(kind, month.counts.get(kind, 0)) for kind in own]
    counts.append((None, month.total - sum(count for _, count in counts)))
    found, below = [], 0
    for place, (kind, count) in enumerate(counts, 1):
        if count:
            height = count * HEIGHT / top
            y = HEIGHT - below * HEIGHT / top - height
            found.append(Segment(kind, place, count, round(y, 1), round(height, 1)))
            below += count
    return tuple(found)


def _legend(drawn: Sequence[Bar]) -> tuple[tuple[int, FailureClass | None, int], ...]:
    told: dict[int, tuple[FailureClass | None, int]] = {}
    for segment in (segment for bar in drawn for segment in bar.segments):
        told[segment.place] = segment.kind, told.get(segment.place, (None, 0))[1] + segment.count
    return tuple((place, *told[place]) for place in sorted(told))


def _span(month: Month, x: float, steps: int) -> Span:
    figure = month.to_detect
    if figure.median is None or figure.p90 is None:
        return Span(month, x)
    return Span(month, x, _y(figure.median, steps), _y(figure.p90, steps))


def _y(length: timedelta, steps: int) -> float:
    return round(HEIGHT * (1 - _level(length) / steps), 1)


def _level(length: timedelta) -> float:
    """How many lines above the lowest, by ratios. What is seen within a minute is seen at once."""
    minutes = min(max(length.total_seconds() / 60, LINES_MIN[0]), LINES_MIN[-1])
    below = bisect_right(LINES_MIN, minutes) - 1
    if below == len(LINES_MIN) - 1:
        return float(below)
    return below + math.log(minutes / LINES_MIN[below]) / math.log(LINES_MIN[below + 1] / LINES_MIN[below])


def _round_up(number: int) -> int:
    """The lowest edge that is high enough."""
    size = 1
    while EDGES[-1] * size < number:
        size *= 10
    return next(edge * size for edge in EDGES if edge * size >= number)
