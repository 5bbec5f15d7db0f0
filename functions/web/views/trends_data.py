"""Trends for programs, and what a reader can choose among. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deadair.domain.fix_held import Unheld
from deadair.domain.numbers import Figure
from deadair.domain.outline import Outline
from deadair.domain.pattern import Pattern
from deadair.domain.trends import Caught, Month, Trends, Wanted

# Longer lists are no lists to choose from; the address takes any name.
MOST = 100


@dataclass(frozen=True, slots=True)
class Choices:
    """Key and name of what had incidents in the time, the most first."""

    integrations: tuple[tuple[str, str], ...]
    owners: tuple[tuple[str, str], ...]


def choices(outlines: Iterable[Outline], since: datetime, wanted: Wanted) -> Choices:
    """What had incidents, and what is chosen already."""
    shown = [one for one in outlines if one.is_real and one.started_at >= since]
    integrations = Counter((one.integration, one.integration_name) for one in shown)
    owners = Counter((one.owner.email or one.owner.name, one.owner.name) for one in shown if one.owner.name)
    return Choices(_ordered(integrations, wanted.integration), _ordered(owners, wanted.owner))


def _ordered(counted: "Counter[tuple[str, str]]", chosen: str) -> tuple[tuple[str, str], ...]:
    """By name, each key once; the chosen one is among them."""
    named: dict[str, str] = {}
    for (key, name), _ in counted.most_common():
        named.setdefault(key, name)
    kept = dict(list(named.items())[:MOST])
    if chosen and not any(chosen.casefold() in {key.casefold(), name.casefold()} for key, name in kept.items()):
        kept[chosen] = named.get(chosen, chosen)
    return tuple(sorted(kept.items(), key=lambda each: (each[1].casefold(), each[0])))


def as_data(found: Trends, wanted: Wanted) -> dict[str, Any]:
    """Everything on the page but the words."""
    return {
        "since": f"{found.since:%Y-%m-%d}",
        "filters": {"integration": wanted.integration, "owner": wanted.owner, "severity": wanted.severity},
        "quantile": "nearest rank",
        "incidents": found.total,
        "repeats": found.repeats,
        "to_detect_s": _figure(found.to_detect),
        "months": [_month(month) for month in found.months],
        "classes": [_caught(caught) for caught in found.caught],
        "patterns": [pattern_data(one) for one in found.patterns],
        "fixes_that_did_not_hold": [unheld_data(one) for one in found.unheld],
    }


def pattern_data(one: Pattern) -> dict[str, Any]:
    """A pattern."""
    return {
        "integration": one.integration,
        "failure_class": one.failure_class.value,
        "count": one.count,
        "days": one.days,
        "incidents": [f"INC-{number}" for number in one.numbers],
    }


def unheld_data(one: Unheld) -> dict[str, Any]:
    """A fix that did not hold."""
    return {
        "incident": one.id,
        "fix": one.fix,
        "shown_by": f"INC-{one.shown_by}",
        "at": one.at.isoformat().replace("+00:00", "Z"),
        "integration": one.integration,
        "failure_class": one.failure_class.value,
    }


def _month(month: Month) -> dict[str, Any]:
    return {
        "month": f"{month.year}-{month.month:02d}",
        "incidents": month.total,
        "by_class": {kind.value: count for kind, count in month.counts.items()},
        "to_detect_s": _figure(month.to_detect),
        "first_seen_by_people": month.by_people,
        "repeats": month.repeats,
        "fixes_that_did_not_hold": month.unheld,
    }


def _caught(caught: Caught) -> dict[str, Any]:
    return {
        "failure_class": caught.failure_class.value,
        "incidents": caught.incidents,
        "first_seen_by_people": caught.by_people,
        "to_detect_s": _figure(caught.to_detect),
        "would_be_seen_by": caught.watched.value,
        "integrations": list(caught.slugs),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"count": figure.count, "median": _seconds(figure.median), "p90": _seconds(figure.p90)}


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
