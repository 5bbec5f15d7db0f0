"""What a CloudWatch alarm says of itself in its reason, taken apart.

Knows the wordings that AWS writes: thresholds, bands, missing data, composites, Metrics Insights. Refuses to fail: a
wording that nobody has seen yet is `UNKNOWN`, and keeps its own words.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

# A reason has at most 1,023 characters on AWS.
READ = 4000
THOUSAND = 1000


class Wording(StrEnum):
    """What kind of thing the reason says."""

    CROSSED = "crossed"
    NOT_CROSSED = "not_crossed"
    ABSENT = "absent"
    PARTLY_ABSENT = "partly_absent"
    INSUFFICIENT = "insufficient"
    SERIES = "series"
    CHILD = "child"
    RULE = "rule"
    NEW = "new"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """`points` datapoints of `periods` were looked at; `missing` ones were treated as `treated` (one lower-case word).

    `values` are the datapoints that the reason tells, newest first; `than` is the comparison in AWS's words. With a
    `band` there are two of them, and which one was crossed is not told.
    """

    wording: Wording
    points: int | None = None
    periods: int | None = None
    missing: int = 0
    treated: str = ""
    values: tuple[float, ...] = ()
    than: str = ""
    threshold: float | None = None
    band: bool = False

    @property
    def is_silence(self) -> bool:
        """Whether what breached is that data did not come."""
        return self.wording in (Wording.ABSENT, Wording.PARTLY_ABSENT) and self.treated == "breaching"


NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:E-?[0-9]+)?"
COUNT = r"(no|[0-9]{1,6})"
MISSING = re.compile(r"\b([0-9]{1,6}) missing datapoints? (?:was|were) treated as \[(\w{1,20})\]", re.ASCII)
RECEIVED = re.compile(rf"\b{COUNT} datapoints? (?:was|were) received for ([0-9]{{1,6}}) periods?", re.ASCII)
COMPARED = re.compile(
    rf"\b{COUNT}(?: out of the last ([0-9]{{1,6}}))? datapoints?\b(.{{0,2000}}?) (?:was|were) (not )?"
    rf"((?:greater|less) than(?: or equal to)?) the (threshold|lower thresholds|upper thresholds)"
    rf" [(\[]({NUMBER})",
    re.ASCII | re.DOTALL,
)
VALUE = re.compile(rf"[\[(, ]({NUMBER})(?= \([0-9MDYHS/: ]{{10,20}}\)|\)|\])", re.ASCII)
RECENT = re.compile(rf"most recent datapoints?[^:\[]{{0,40}}:? \[?({NUMBER})", re.ASCII)
SERIES = re.compile(r"\b([0-9]{1,6}) out of ([0-9]{1,6}) time series evaluated to (?:ALARM|OK)", re.ASCII)
UNKNOWN_POINTS = re.compile(r"^Insufficient Data: ([0-9]{1,6}) datapoints? (?:was|were) unknown", re.ASCII)
CHILD = re.compile(r"^arn:[\w-]{1,20}:cloudwatch:\S{0,400} transitioned to (?:ALARM|OK|INSUFFICIENT_DATA)", re.ASCII)
RULE = re.compile(r"alarm rule evaluates to (?:ALARM|OK|INSUFFICIENT_DATA)", re.ASCII)


def read_reason(text: str) -> Reason:
    """The reason taken apart; never fails."""
    text = text[:READ]
    for read in (_received, _compared, _rest):
        found = read(text)
        if found is not None:
            return found
    return Reason(Wording.UNKNOWN)


def _received(text: str) -> Reason | None:
    found = RECEIVED.search(text)
    if found is None:
        return None
    points = _count(found[1])
    missing, treated = _missing(text)
    wording = Wording.PARTLY_ABSENT if points else Wording.ABSENT
    return Reason(wording, points, int(found[2]), missing, treated)


def _compared(text: str) -> Reason | None:
    found = COMPARED.search(text)
    if found is None:
        return None
    missing, treated = _missing(text)
    latest = RECENT.search(text)
    values = tuple(float(value) for value in VALUE.findall(found[3])) or ((float(latest[1]),) if latest else ())
    return Reason(
        Wording.NOT_CROSSED if found[4] else Wording.CROSSED,
        _count(found[1]),
        int(found[2]) if found[2] else None,
        missing,
        treated,
        values,
        found[5],
        float(found[7]),
        band=found[6] != "threshold",
    )


def _rest(text: str) -> Reason | None:
    if found := SERIES.search(text):
        return Reason(Wording.SERIES, int(found[1]), int(found[2]))
    if found := UNKNOWN_POINTS.search(text):
        return Reason(Wording.INSUFFICIENT, int(found[1]))
    if CHILD.search(text):
        return Reason(Wording.CHILD)
    if RULE.search(text):
        return Reason(Wording.RULE)
    return Reason(Wording.NEW) if text.startswith("Unchecked: Initial alarm creation") else None


def _missing(text: str) -> tuple[int, str]:
    found = MISSING.search(text)
    return (int(found[1]), found[2].lower()) if found else (0, "")


def _count(word: str) -> int:
    return 0 if word == "no" else int(word)


def in_words(reason: Reason) -> str:
    """One short sentence of evidence; empty where the reason says nothing that helps."""
    if reason.is_silence:
        came = "nothing came" if not reason.points else f"only {reason.points} came"
        return f"{came} in {reason.periods} periods"
    if reason.wording is Wording.CROSSED and reason.threshold is not None:
        return _crossed(reason, reason.threshold)
    if reason.wording is Wording.SERIES:
        return f"{reason.points} of {reason.periods} time series fail"
    return ""


def _crossed(reason: Reason, threshold: float) -> str:
    of = f" of {reason.periods}" if reason.periods else ""
    points = "datapoint" if (reason.periods or reason.points) == 1 else "datapoints"
    where = "outside the band" if reason.band else f"{reason.than} {_number(threshold)}"
    newest = f", the newest {_number(reason.values[0])}" if reason.values else ""
    return f"{reason.points}{of} {points} {where}{newest}"


def _number(value: float) -> str:
    """As people read it: `180,000`, `0.97`."""
    return f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:g}"
