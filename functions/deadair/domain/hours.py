"""Expected hours as an alarm can follow them: the UTC week in steps, each with the least that a period must bring.

An alarm cannot know a time zone. It gets the intersection over every distance to UTC that the zone's clocks have
while the alarm stands, so that a change of clocks closes an hour too early and never opens one too early. Refuses to
know alarms and their language.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from deadair.domain.expectation import DAY_MIN, NOTHING, WEEK_MIN, Expectation

# Floors are counted in hundredths of a record: whole numbers add up exactly, and so do they in CloudWatch.
RECORD = 100


@dataclass(frozen=True, slots=True)
class Step:
    """From this minute of the UTC week on, a period that begins needs so many hundredths of a record; 0: none."""

    begins: int
    floor: int


@dataclass(frozen=True, slots=True)
class Hours:
    """The steps of a UTC week, the first at minute 0; two neighbours differ."""

    steps: tuple[Step, ...]

    def floor(self, minute: int) -> int:
        """The floor of a period that begins in this minute of the UTC week."""
        return self.steps[self._place(minute % WEEK_MIN)].floor

    def _place(self, minute: int) -> int:
        return bisect_right(self.steps, minute, key=lambda step: step.begins) - 1

    def open_runs(self) -> list[tuple[int, int]]:
        """The stretches in which something is expected: first minute and length, over the end of the week too."""
        edges = [*self.steps, Step(WEEK_MIN, 0)]
        runs: list[tuple[int, int]] = []
        for step, after in pairwise(edges):
            if not step.floor:
                continue
            begins, length = step.begins, after.begins - step.begins
            if runs and sum(runs[-1]) == begins:
                begins, length = runs[-1][0], runs.pop()[1] + length
            runs.append((begins, length))
        if len(runs) > 1 and runs[0][0] == 0 and sum(runs[-1]) == WEEK_MIN:
            runs[-1] = (runs[-1][0], runs[-1][1] + runs.pop(0)[1])
        return runs

    def longest(self) -> int:
        """The longest stretch in minutes; a week when something is always expected."""
        return max((length for _, length in self.open_runs()), default=0)

    def starts(self, period_min: int) -> "Hours":
        """The same for periods by their beginning: a period counts when it lies wholly inside, at its least floor."""
        edges = {step.begins for step in self.steps}
        edges |= {(step.begins - period_min + 1) % WEEK_MIN for step in self.steps} | {0}
        return hours((edge, self._least(edge, period_min)) for edge in sorted(edges))

    def without_short(self, shortest: int) -> "Hours":
        """The same, closed where the open stretch is too short for the alarm ever to go off."""
        keep = [run for run in self.open_runs() if run[1] >= shortest]
        return self.only(keep)

    def only(self, runs: Sequence[tuple[int, int]]) -> "Hours":
        """The same, closed outside these stretches."""
        kept, edges = sorted(runs), {step.begins for step in self.steps}
        edges |= {edge % WEEK_MIN for begins, length in runs for edge in (begins, begins + length)}
        return hours((edge, self.floor(edge) if _inside(edge, kept) else 0) for edge in sorted(edges))

    def coarser(self, ratio: float) -> "Hours":
        """The same with fewer levels: each floor goes down to the next of a row in which each is `ratio` times more."""
        return hours((step.begins, _down(step.floor, ratio)) for step in self.steps)

    @property
    def daily(self) -> bool:
        """Whether every day of the week is the same."""
        first = [(step.begins, step.floor) for step in self.steps if step.begins < DAY_MIN]
        week = [(begins + day * DAY_MIN, floor) for day in range(7) for begins, floor in first]
        return hours(week) == self

    def _least(self, first: int, length: int) -> int:
        """The least floor of the minutes from `first` on, over the end of the week too."""
        last = first + length - 1
        found = self.steps[self._place(first) : self._place(min(last, WEEK_MIN - 1)) + 1]
        if last >= WEEK_MIN:
            found += self.steps[: self._place(last - WEEK_MIN) + 1]
        return min(step.floor for step in found)


def hours(edges: Iterable[tuple[int, int]]) -> Hours:
    """Steps from edges in order, neighbours of one floor made one."""
    steps: list[Step] = []
    for begins, floor in edges:
        if not steps or steps[-1].floor != floor:
            steps.append(Step(begins, floor))
    return Hours(tuple(steps))


def utc_hours(expectation: Expectation | None, offsets: Sequence[int], floors: "Floors") -> Hours:
    """The hours of the UTC week in which something is expected at each of these distances to UTC, at its least."""
    if expectation is None:
        return Hours((Step(0, RECORD),))
    edges = sorted({0} | {(level.begins - offset) % WEEK_MIN for level in expectation.levels for offset in offsets})
    return hours((at, min(floors.of(expectation.at_minute(at + offset)) for offset in offsets)) for at in edges)


@dataclass(frozen=True, slots=True)
class Floors:
    """How much a period must bring: `pct` of what is expected in it, or any record at all without `pct`."""

    period_min: int
    pct: float | None = None

    def of(self, per_hour: float | None) -> int:
        """The floor in hundredths of a record, never less than one record, rounded down; 0 where nothing is due."""
        if per_hour == NOTHING:
            return 0
        if per_hour is None or self.pct is None:
            return RECORD
        return max(RECORD, int(per_hour * self.period_min / 60 * self.pct / 100 * RECORD))


def _inside(minute: int, runs: Sequence[tuple[int, int]]) -> bool:
    """Whether the minute lies in one of the runs, which are in order; the last may go over the end of the week."""
    for at in (minute, minute + WEEK_MIN):
        place = bisect_right(runs, at, key=lambda run: run[0]) - 1
        if place >= 0 and at < sum(runs[place]):
            return True
    return False


def _down(floor: int, ratio: float) -> int:
    level = RECORD
    while floor and level * ratio <= floor:
        level = int(level * ratio)
    return level if floor else 0
