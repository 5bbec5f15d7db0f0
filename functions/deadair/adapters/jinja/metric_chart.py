"""The metric that told of an incident, as a picture: a line with gaps, a threshold, and when what was reached.

Pure. Everything is said in shares of the picture (0 to 100, y downwards), so that it stretches to any width. What comes
from a stored document is checked: a chart that says odd things is none. Refuses to know words and colours.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WHOLE = 100.0
# Less than this is nothing, in a picture.
LEAST = 1e-12
POINTS_AT_MOST = 2_000
# Beyond this share of the width a word stands to the left of its mark.
RIGHT = 68.0
TIMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone. `row` is which line of words it has, so that no two stand on each other."""

    name: str
    at: datetime
    x: float
    row: int
    to_the_left: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of the table: `value` is None where no datapoint came."""

    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True)
class Picture:
    """`line` and `area` are paths; `levels` are the numbers at the edge with their heights, the highest first."""

    label: str
    unit: str
    line: str
    areas: tuple[str, ...]
    gaps: tuple[tuple[float, float], ...]
    levels: tuple[tuple[float, float], ...]
    threshold: tuple[float, float] | None
    marks: tuple[Mark, ...]
    times: tuple[datetime, ...]
    readings: tuple[Reading, ...]
    least: float
    most: float
    missing: int


@dataclass(frozen=True, slots=True)
class _Frame:
    begins: datetime
    ends: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        whole = (self.ends - self.begins).total_seconds()
        return round(WHOLE * (at - self.begins).total_seconds() / whole, 2)

    def y(self, value: float) -> float:
        return round(WHOLE * (1 - (value - self.low) / (self.high - self.low)), 2)


def picture(chart: object) -> Picture | None:
    """The picture of a document's `chart`; None without at least two instants and one number."""
    if not isinstance(chart, Mapping):
        return None
    readings = _readings(chart.get("points"))
    values = [reading.value for reading in readings if reading.value is not None]
    if not values or len({reading.at for reading in readings}) <= 1:
        return None
    limit = _number(chart.get("threshold"))
    low, high = min(0.0, *values, limit or 0.0), max(*values, limit or 0.0, 0.0)
    bottom, top = _edge(low, down=True), _edge(high)
    frame = _Frame(readings[0].at, readings[-1].at, bottom, top if top > bottom else bottom + 1)
    runs = _runs(readings)
    return Picture(
        label=str(chart.get("label") or ""),
        unit=str(chart.get("unit") or ""),
        line=" ".join(_path(run, frame) for run in runs),
        areas=tuple(_area(run, frame) for run in runs if len(run) > 1),
        gaps=_gaps(readings, frame),
        levels=tuple((level, frame.y(level)) for level in (frame.high, (frame.high + frame.low) / 2, frame.low)),
        threshold=(limit, frame.y(limit)) if limit is not None else None,
        marks=_marks(chart.get("marks"), frame),
        times=tuple(frame.begins + (frame.ends - frame.begins) * n / (TIMES_SHOWN - 1) for n in range(TIMES_SHOWN)),
        readings=tuple(readings),
        least=min(values),
        most=max(values),
        missing=sum(reading.value is None for reading in readings),
    )


def _readings(points: object) -> list[Reading]:
    if not isinstance(points, Sequence) or isinstance(points, str):
        return []
    pairs = [point for point in points[:POINTS_AT_MOST] if isinstance(point, Sequence) and len(point) == 2]  # noqa: PLR2004 - a pair
    told = [Reading(at, _number(point[1])) for point in pairs if (at := _instant(point[0]))]
    return sorted(told, key=lambda reading: reading.at)


def _marks(told: object, frame: _Frame) -> tuple[Mark, ...]:
    if not isinstance(told, Sequence) or isinstance(told, str):
        return ()
    known = [(str(one.get("name") or ""), _instant(one.get("at"))) for one in told if isinstance(one, Mapping)]
    inside = sorted((at, name) for name, at in known if at and frame.begins <= at <= frame.ends)
    return tuple(Mark(name, at, x := frame.x(at), row, x > RIGHT) for row, (at, name) in enumerate(inside))


def _runs(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The readings without their gaps, in pieces."""
    runs: list[list[Reading]] = [[]]
    for reading in readings:
        if reading.value is None:
            runs.append([])
        else:
            runs[-1].append(reading)
    return [run for run in runs if run]


def _gaps(readings: Sequence[Reading], frame: _Frame) -> tuple[tuple[float, float], ...]:
    """Where nothing came, as (from, width): from the last reading before to the first after."""
    found: list[tuple[float, float]] = []
    begin: datetime | None = None
    before = readings[0].at
    for reading in readings:
        if reading.value is None:
            begin = begin or before
        elif begin:
            found.append((frame.x(begin), round(frame.x(reading.at) - frame.x(begin), 2)))
            begin = None
        before = reading.at
    if begin:
        found.append((frame.x(begin), round(WHOLE - frame.x(begin), 2)))
    return tuple(found)


def _path(run: Sequence[Reading], frame: _Frame) -> str:
    steps = " ".join(f"{frame.x(r.at)} {frame.y(r.value or 0.0)}" for r in run)
    # A reading without neighbours is a dot: a line of no length with round ends.
    return f"M{steps}" if len(run) > 1 else f"M{steps}h0"


def _area(run: Sequence[Reading], frame: _Frame) -> str:
    ground = frame.y(max(frame.low, 0.0))
    return f"{_path(run, frame)}V{ground}H{frame.x(run[0].at)}Z"


def _edge(number: float, *, down: bool = False) -> float:
    """1, 2, 2.5, 5 and zeros: the number at an edge should be easy to read."""
    if abs(number) < LEAST or (down and number > 0):
        return 0.0
    sign, size = (-1.0 if number < 0 else 1.0), abs(number)
    power = 10.0 ** math.floor(math.log10(size))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return sign * float(next((step * power for step in steps if step * power >= size), 10 * power))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None
