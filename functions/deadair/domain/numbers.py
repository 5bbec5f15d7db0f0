"""How long incidents take to be detected, acknowledged, mitigated and resolved: the median and the p90 of many.

Knows which incidents count and how a quantile is taken. Refuses to know storage, words and clocks.

A quantile is a nearest rank: of n values in order the ceil(q·n)-th, so every figure is a time that one incident really
took. Drills and what was merged into another incident count nowhere; false alarms are counted and not measured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil

from deadair.domain.incident import Incident
from deadair.domain.lengths import lengths
from deadair.domain.stages import Ending

MEDIAN_PCT, P90_PCT = 50, 90
MEASURES = ("to_detect", "to_acknowledge", "to_mitigate", "to_resolve")


class By(StrEnum):
    """What incidents are put together by."""

    INTEGRATION = "integration"
    OWNER = "owner"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure over some incidents. `count` of them have come so far; None of none."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some incidents together. `key` tells groups apart, `name` is for people; `figures` are named as MEASURES."""

    key: str
    name: str
    incidents: int
    false_alarms: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Numbers:
    """All incidents together, and group by group, those with the most incidents first."""

    overall: Group
    groups: tuple[Group, ...]


def numbers(incidents: Iterable[Incident], by: By) -> Numbers:
    """The figures of incidents, whatever their order."""
    counted = [incident for incident in incidents if counts(incident)]
    told: dict[tuple[str, str], list[Incident]] = {}
    for incident in counted:
        told.setdefault(KEYS[by](incident), []).append(incident)
    groups = [_group(key, name, some) for (key, name), some in told.items()]
    groups.sort(key=lambda group: (-group.incidents, -group.false_alarms, group.name.casefold(), group.key))
    return Numbers(_group("", "", counted), tuple(groups))


def counts(incident: Incident) -> bool:
    """Whether an incident counts: no drill, and not a part of another one."""
    return not incident.drill and incident.ending is not Ending.MERGED


def quantile(values: Sequence[timedelta], pct: int) -> timedelta | None:
    """The nearest rank of `pct` percent; None of no values."""
    ranked = sorted(values)
    return ranked[max(ceil(pct * len(ranked) / 100), 1) - 1] if ranked else None


def _of_integration(incident: Incident) -> tuple[str, str]:
    return incident.integration, incident.integration_name


def _of_owner(incident: Incident) -> tuple[str, str]:
    return incident.owner.email.casefold() or incident.owner.name, incident.owner.name


def _of_class(incident: Incident) -> tuple[str, str]:
    return incident.failure_class.value, incident.failure_class.value


KEYS: dict[By, Callable[[Incident], tuple[str, str]]] = {
    By.INTEGRATION: _of_integration,
    By.OWNER: _of_owner,
    By.CLASS: _of_class,
}


def _group(key: str, name: str, incidents: list[Incident]) -> Group:
    real = [incident for incident in incidents if incident.ending is not Ending.FALSE_ALARM]
    told = [lengths(incident) for incident in real]
    figures = {name: _figure([length for each in told if (length := each[name]) is not None]) for name in MEASURES}
    return Group(key, name, len(real), len(incidents) - len(real), figures)


def _figure(values: list[timedelta]) -> Figure:
    return Figure(len(values), quantile(values, MEDIAN_PCT), quantile(values, P90_PCT))
