"""Expected hours in CloudWatch's metric math: a sum of comparisons with the minute of the UTC week.

`TIME_SERIES` has a value for every period, also when a metric is wholly empty, and what is derived from it too. Knows
the limits of an expression. Refuses to know which alarm it is for.
"""

from bisect import bisect_left
from itertools import pairwise

from deadair.domain.expectation import DAY_MIN
from deadair.domain.hours import RECORD, Hours, Step

# CloudWatch takes 2,048 characters today, and took 1,024 for years; ten expressions beside ten metrics.
EXPRESSION_LIMIT = 1024
SIGN = 1
PARTS = 5
# How much coarser the floors become until they fit; the last leaves "any record at all".
RATIOS = (1.1, 1.25, 1.5, 2.0, 4.0, float("inf"))

Named = list[tuple[str, str]]


def floor_expressions(hours: Hours) -> Named:
    """Ids and expressions, in order: first `z`, always 0; last `f`, a period's floor, 0 where nothing is expected.

    Without levels `f` is 1 or 0; with levels it is in hundredths of a record. Floors that do not fit are rounded down;
    if even the hours do not fit, the shortest stretches close.
    """
    followed = fitting(hours)
    zeros = ("z", "TIME_SERIES(0)")
    if len(followed.steps) == 1:
        return [zeros, ("f", f"TIME_SERIES({followed.steps[0].floor // _unit(followed)})")]
    found = [zeros, ("w", _minute(followed))]
    parts = _parts(followed)
    if len(parts) == 1:
        return [*found, ("f", parts[0])]
    names = [f"f{number}" for number in range(1, len(parts) + 1)]
    return [*found, *zip(names, parts, strict=True), ("f", "+".join(names))]


def has_levels(hours: Hours) -> bool:
    """Whether some period needs more than one record."""
    return any(step.floor > RECORD for step in hours.steps)


def fitting(hours: Hours) -> Hours:
    """The hours after they were made to fit; what an alarm really follows."""
    if _fits(hours):
        return hours
    coarse = next((made for ratio in RATIOS if _fits(made := hours.coarser(ratio))), None)
    if coarse is not None:
        return coarse
    coarse = hours.coarser(RATIOS[-1])
    runs = sorted(coarse.open_runs(), key=lambda run: run[1], reverse=True)
    kept = bisect_left(range(len(runs)), 1, key=lambda last: int(not _fits(coarse.only(runs[: last + 1]))))
    return coarse.only(runs[:kept])


def _unit(hours: Hours) -> int:
    return 1 if has_levels(hours) else RECORD


def _fits(hours: Hours) -> bool:
    return len(_parts(hours)) <= PARTS


def _minute(hours: Hours) -> str:
    of_day = "HOUR(z)*60+MINUTE(z)"
    return of_day if hours.daily else f"(DAY(z)-1)*1440+{of_day}"


def _parts(hours: Hours) -> list[str]:
    """The sum, in pieces that are short enough."""
    unit = _unit(hours)
    steps = [step for step in hours.steps if not hours.daily or step.begins < DAY_MIN]
    terms = [str(steps[0].floor // unit)] if steps[0].floor else []
    terms += [_term(before, after, unit) for before, after in pairwise(steps)]
    parts = [""]
    for term in terms:
        if len(parts[-1]) + len(term) > EXPRESSION_LIMIT - SIGN:
            parts.append("")
        parts[-1] += term
    return ["0" + part if part.startswith("-") else part.removeprefix("+") for part in parts]


def _term(before: Step, after: Step, unit: int) -> str:
    change = (after.floor - before.floor) // unit
    factor = "" if abs(change) == 1 else f"{abs(change)}*"
    return f"{'+' if change > 0 else '-'}{factor}(w>={after.begins})"
