"""The account's alarms beside the registry: which integration each belongs to, and what is watched by none.

Knows the ways by which the intake finds an alarm's row, and what it would take to be found. Refuses to write: what it
proposes is for people to review.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from deadair.adapters.cloudwatch.found_alarms import FoundAlarm
from deadair.adapters.cloudwatch.tags import TAG
from deadair.adapters.dynamodb.registry import integration_from
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_fields
from deadair.domain.alarm import Signal
from deadair.domain.diagnosis import read_signal
from deadair.domain.marks import is_ours
from deadair.domain.ownership import matches_pattern
from deadair.domain.resemblance import Resemblance
from deadair.domain.watch import watches

Way = Literal["dimension", "pattern", "tag", "name"]
# Patterns have no brackets; one odd character stands for another.
BRACKETS = re.compile(r"[\[\]]")
# Every integration should have one alarm of each.
BASICS = (Signal.SILENCE, Signal.ERROR_RATE, Signal.LATENCY)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An alarm and the integration that it seems to belong to; `sure` ones are written, the others told."""

    alarm: FoundAlarm
    slug: str
    way: Way
    reason: str
    score: float = 1.0
    sure: bool = True

    @property
    def is_new(self) -> bool:
        """Whether the intake would not find the row without help."""
        return self.way in ("tag", "name")


@dataclass(frozen=True, slots=True)
class Gap:
    """An integration and the signals that no alarm watches."""

    slug: str
    owner: str
    missing: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found. `ours` are alarms that Deadair made; `rows` have the sure patterns added, where any are new."""

    read: int
    ours: int
    proposals: tuple[Proposal, ...]
    unclaimed: tuple[FoundAlarm, ...]
    gaps: tuple[Gap, ...]
    rows: tuple[Row, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Stage:
    """How this stage's own alarms are called and what they look at. Those of the stack watch Deadair itself."""

    prefix: str
    namespace: str
    stack: str

    def made(self, alarm: FoundAlarm) -> bool:
        """Whether Deadair made the alarm."""
        return is_ours(alarm.description, self.prefix) or alarm.name.startswith(f"{self.stack}-")


class Registry:
    """The rows of one moment, ready to be held against many alarms."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = {row.slug: row for row in rows}
        self.integrations = {slug: integration_from(as_fields(row)) for slug, row in self.rows.items()}
        self._resemblance = Resemblance(self.integrations.values())

    def claims(self, alarm: FoundAlarm) -> Proposal | None:
        """The row that the intake finds as things are; None for a stranger."""
        named = alarm.dimensions.get(TAG, "")
        if named in self.integrations:
            return Proposal(alarm, named, "dimension", f"its metric has the dimension {TAG}={named}")
        found = [
            (-len(pattern), slug, pattern)
            for slug, row in self.integrations.items()
            for pattern in row.alarm_patterns
            if matches_pattern(alarm.name, pattern)
        ]
        if not found:
            return None
        _, slug, pattern = min(found)
        return Proposal(alarm, slug, "pattern", f"the row's pattern {pattern} fits")

    def guess(self, alarm: FoundAlarm, tag: str) -> Proposal | None:
        """The row that a stranger seems to belong to."""
        if tag in self.integrations:
            return Proposal(alarm, tag, "tag", f"its tag {TAG} says {tag}")
        found, what = self._resemblance.of(alarm.name), "its name shares"
        if found is None or not found.is_sure:
            wider = self._resemblance.of(" ".join([alarm.name, *alarm.dimensions.values()]))
            found, what = (wider, "its name and dimensions share") if wider and wider.is_sure else (found, what)
        if found is None:
            return None
        reason = f"{what} {_listed(found.words)}"
        if found.rival:
            reason += f", as does {found.rival}"
        return Proposal(alarm, found.slug, "name", reason, found.score, found.is_sure)


def strangers(alarms: Iterable[FoundAlarm], registry: Registry, stage: Stage) -> list[FoundAlarm]:
    """The alarms whose tags are worth a question."""
    return [alarm for alarm in alarms if not stage.made(alarm) and not registry.claims(alarm)]


def scan_alarms(
    alarms: Sequence[FoundAlarm], registry: Registry, stage: Stage, *, tags: Mapping[str, str], now: datetime
) -> Scan:
    """Hold the alarms against the registry. `tags` are by ARN; an alarm that is not in it was not asked for."""
    others = [alarm for alarm in alarms if not stage.made(alarm)]
    found = {alarm.arn: registry.claims(alarm) or registry.guess(alarm, tags.get(alarm.arn, "")) for alarm in others}
    proposals = tuple(proposal for proposal in found.values() if proposal)
    return Scan(
        read=len(alarms),
        ours=len(alarms) - len(others),
        proposals=proposals,
        unclaimed=tuple(alarm for alarm in others if found[alarm.arn] is None),
        gaps=tuple(_gaps(proposals, registry, stage, now)),
        rows=tuple(_rows(proposals, registry)),
    )


def _gaps(proposals: Iterable[Proposal], registry: Registry, stage: Stage, now: datetime) -> Iterable[Gap]:
    seen: dict[str, set[Signal]] = defaultdict(set)
    for proposal in proposals:
        if proposal.sure:
            seen[proposal.slug] |= _signals(proposal.alarm)
    for slug, row in sorted(registry.integrations.items()):
        raised = {watch.signal for watch in watches(row, prefix=stage.prefix, namespace=stage.namespace, now=now)}
        missing = tuple(signal for signal in BASICS if signal not in seen[slug] | raised)
        if missing:
            yield Gap(slug, row.owner.name, missing)


def _signals(alarm: FoundAlarm) -> set[Signal]:
    """What an alarm watches: by its words, and the silence too when missing data breach."""
    by_words = {read_signal(name=alarm.name, metric=alarm.metric, reason="")}
    return by_words | ({Signal.SILENCE} if alarm.breaches_by_absence else set())


def _rows(proposals: Iterable[Proposal], registry: Registry) -> Iterable[Row]:
    new: dict[str, list[str]] = defaultdict(list)
    for proposal in proposals:
        if proposal.sure and proposal.is_new:
            new[proposal.slug].append(proposal.alarm.name)
    for slug, names in sorted(new.items()):
        row = registry.rows[slug]
        for name in sorted(names):
            row = with_pattern(row, name) or row
        yield row


def with_pattern(row: Row, name: str) -> Row | None:
    """The row that claims an alarm of that name; None when no pattern says the name, or the row has too many."""
    pattern = BRACKETS.sub("?", name)
    try:
        after = Row.model_validate(as_fields(row) | {"alarm_patterns": [*row.alarm_patterns, pattern]})
    except ValidationError:
        return None
    return after if matches_pattern(name, after.alarm_patterns[-1]) else None


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
