"""Whether an alarm as it stands is the alarm that its row asks for. Pure.

Only what we set is compared, so that a field which CloudWatch adds one day rewrites nothing. Refuses to know how an
alarm is read or written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deadair.domain.marks import raised_by
from deadair.domain.watch import Definition, Watch

# Ours have no actions: their news travels as events. One that somebody added is a change like any other.
EMPTY = ("AlarmActions", "OKActions", "InsufficientDataActions")
# Which of the two kinds an alarm is: one metric, or metric math.
PLAIN = ("MetricName", "Namespace", "Period")
Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be written so that the alarms of some rows are as they ask. `clashes` are names that others hold."""

    create: tuple[Watch, ...] = ()
    change: tuple[Watch, ...] = ()
    delete: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    same: tuple[Watch, ...] = ()

    @property
    def writes(self) -> int:
        """How many alarms are to be written or deleted."""
        return len(self.create) + len(self.change) + len(self.delete)


def plan(wanted: Sequence[Watch], found: Mapping[str, Found], prefix: str) -> Plan:
    """What is missing, what differs and what is left over among the alarms `found` under names that ours can have."""
    theirs = {name for name, alarm in found.items() if not raised_by(name, alarm.get("AlarmDescription") or "", prefix)}
    ours = [watch for watch in wanted if watch.name not in theirs]
    there = [watch for watch in ours if watch.name in found]
    names = {watch.name for watch in wanted}
    return Plan(
        create=tuple(watch for watch in ours if watch.name not in found),
        change=tuple(watch for watch in there if drifted(watch.definition, found[watch.name])),
        delete=tuple(sorted(name for name in found if name not in names and name not in theirs)),
        clashes=tuple(watch.name for watch in wanted if watch.name in theirs),
        same=tuple(watch for watch in there if not drifted(watch.definition, found[watch.name])),
    )


def drifted(definition: Definition, found: Found) -> tuple[str, ...]:
    """The fields in which an alarm differs from its definition."""
    fields = [name for name in definition if name not in ("Tags", "Metrics") and found.get(name) != definition[name]]
    fields += [name for name in EMPTY if found.get(name)]
    wanted, there = definition.get("Metrics") or [], found.get("Metrics") or []
    if wanted:
        fields += [name for name in PLAIN if found.get(name)]
    if not _same_queries(wanted, there):
        fields.append("Metrics")
    return tuple(fields)


def missing_tags(definition: Definition, found: Mapping[str, str]) -> dict[str, str]:
    """Our tags that an alarm lacks or has with another value. Tags of others stay."""
    return {tag["Key"]: tag["Value"] for tag in definition["Tags"] if found.get(tag["Key"]) != tag["Value"]}


def _same_queries(wanted: Sequence[Definition], there: Sequence[Found]) -> bool:
    by_id = {query.get("Id"): query for query in there}
    return len(by_id) == len(wanted) and all(_holds(query, by_id.get(query["Id"])) for query in wanted)


def _holds(wanted: Definition, there: Found | None) -> bool:
    """Whether a query has everything that ours has. `ReturnData` that is not told is true."""
    if there is None:
        return False
    told = {"ReturnData": True} | dict(there)
    return all(told.get(name) == value for name, value in wanted.items())
