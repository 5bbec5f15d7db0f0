"""The datapoints that an alarm names: in the machine's half of its reason, or in the sentence.

Knows both notations; a carrier may bring one, the other or none. Refuses to fail, and to say what the datapoints mean.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alarm_intake.times import read_instant
from deadair.domain.diagnosis import Point

# A sentence names five datapoints at most on AWS; one of a megabyte names nothing that we need.
TEXT_READ = 16_000
VALUE_AT = re.compile(r"(-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?) \(([0-9/]{8} [0-9:]{8})\)")
THRESHOLD = re.compile(r"the threshold \((-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:E-?[0-9]{1,3})?)\)")


@dataclass(frozen=True, slots=True)
class Points:
    """Datapoints in no order, and the threshold that they were held against; None where it is not told."""

    told: tuple[Point, ...] = ()
    threshold: float | None = None

    def __bool__(self) -> bool:
        """Whether any was told."""
        return bool(self.told)


def points_of_data(data: Any) -> Points:
    """From `reasonData`. One list may hold what the other leaves out, so both are read."""
    if not isinstance(data, dict):
        return Points()
    timed = [_evaluated(point) for point in _list(data.get("evaluatedDatapoints")) if isinstance(point, dict)]
    bare = [Point(value) for each in _list(data.get("recentDatapoints")) if (value := _number(each)) is not None]
    return Points((*timed, *bare), _number(data.get("threshold")))


def points_of_text(reason: str) -> Points:
    """From the sentence: `[0.0 (02/11/26 09:10:00), …] were less than the threshold (1.0)`."""
    read = reason[:TEXT_READ]
    told = tuple(Point(float(value), _moment(at)) for value, at in VALUE_AT.findall(read))
    threshold = THRESHOLD.search(read)
    return Points(told, float(threshold[1]) if threshold else None)


def _evaluated(point: dict[str, Any]) -> Point:
    return Point(_number(point.get("value")), read_instant(point.get("timestamp")))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
