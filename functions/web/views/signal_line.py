"""The picture at the head of an incident: a signal, then the flat line where it should be, then the signal again.

Knows times and coordinates. Refuses to know colours; the drawing is decoration, the milestones beside it are the facts.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.incident import Incident
from deadair.domain.lengths import lasted, milestones, started
from deadair.domain.stages import Milestone

WIDTH = 1000
MIDDLE = 40
SWING = 26
FLAT_FROM, FLAT_TO = 150, 850
STEP = 2
HOME_BREAK = 380


@dataclass(frozen=True, slots=True)
class Tick:
    """A milestone on the line. `key` is the milestone's word."""

    x: int
    key: str


@dataclass(frozen=True, slots=True)
class SignalLine:
    """Points of the two waves (`x,y x,y …`; `after` is empty while it is open) and where the flat part lies."""

    before: str
    after: str
    flat_from: int
    flat_to: int
    ticks: tuple[Tick, ...]


def signal_line(incident: Incident, now: datetime) -> SignalLine:
    """The line of one incident as of `now`. While it is open the flat part runs out of the picture."""
    begun, resolved = started(incident), incident.when(Milestone.RESOLVED)
    to = FLAT_TO if resolved else WIDTH
    span = max(lasted(incident, now).total_seconds(), 1.0)
    # While open, "now" is the right edge; a little room is left so that a tick never touches it.
    reach = (to if resolved else to - 40) - FLAT_FROM
    ticks = tuple(
        Tick(FLAT_FROM + round(reach * min(max((at - begun).total_seconds() / span, 0.0), 1.0)), key)
        for key, at in milestones(incident)
    )
    after = wave(FLAT_TO, WIDTH, seed=incident.number + 1) if resolved else ""
    return SignalLine(wave(0, FLAT_FROM, seed=incident.number), after, FLAT_FROM, to, ticks)


def home_line(open_now: int) -> SignalLine:
    """The line over the start page: lively from end to end, or dead from where something is open."""
    if open_now:
        return SignalLine(wave(0, HOME_BREAK, seed=open_now), "", HOME_BREAK, WIDTH, ())
    return SignalLine(wave(0, WIDTH, seed=1), "", WIDTH, WIDTH, ())


def wave(start: int, end: int, *, seed: int) -> str:
    """A lively line from `start` to `end` that leaves and meets the middle. The same seed draws the same line."""
    phase = seed * 2.399963  # the golden angle: neighbouring numbers look unlike
    points = []
    for x in range(start, end + 1, STEP):
        along = (x - start) / max(end - start, 1)
        envelope = math.sin(math.pi * along) ** 0.4 if 0 < along < 1 else 0.0
        swing = math.sin(x * 0.23 + phase) * 0.62 + math.sin(x * 0.61 + phase * 1.7) * 0.38
        points.append(f"{x},{MIDDLE - SWING * envelope * swing:.1f}")
    return " ".join([*points, f"{end},{MIDDLE}"])
