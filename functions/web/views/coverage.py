"""Where nobody would be told: alarms that no row claims, rows without an owner, integrations without an alarm.

Pure. What a row asks for is what is watched; whether CloudWatch has it already is the integration's own page. Refuses
to know words and storage.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, matches_pattern
from deadair.domain.resemblance import Resemblance

STRANGER = "unmatched-"
# Every integration should have one alarm of each; the thresholds that raise them.
BASICS = (("silence", "silence_min"), ("error_rate", "error_rate_pct"), ("latency", "latency_p95_ms"))
# A pattern has no brackets and is one line of at most so many characters; a name for people has no others.
ODD = re.compile(r"[\[\]\t\n\r\ufffd]")
PATTERN_LIMIT = 190


@dataclass(frozen=True, slots=True)
class Stranger:
    """An alarm that opened an incident and had no row. `guess` is the slug that its name looks most like."""

    incident: Incident
    alarm: str
    pattern: str
    guess: str
    claimed_by: Integration | None


@dataclass(frozen=True, slots=True)
class Gap:
    """An integration and the signals that no alarm watches."""

    row: Integration
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is not covered. `gaps` begin with the rows that lack most."""

    strangers: tuple[Stranger, ...]
    ownerless: tuple[Integration, ...]
    gaps: tuple[Gap, ...]
    total: int

    @property
    def waiting(self) -> int:
        """How many alarms still have no row."""
        return sum(stranger.claimed_by is None for stranger in self.strangers)


def coverage(registry: Sequence[Integration], incidents: Iterable[Incident]) -> Coverage:
    """The coverage of a registry, given open and recent incidents, the newest first."""
    gaps = [Gap(row, missing) for row in registry if (missing := lacks(row))]
    gaps.sort(key=lambda gap: (-len(gap.missing), gap.row.severity, gap.row.name.casefold()))
    ownerless = sorted((row for row in registry if not row.owner.name), key=lambda row: row.name.casefold())
    return Coverage(tuple(_strangers(registry, incidents)), tuple(ownerless), tuple(gaps), len(registry))


def lacks(row: Integration) -> tuple[str, ...]:
    """Which of the basic signals no alarm of the row watches."""
    thresholds = row.row.get("thresholds") or {}
    return tuple(signal for signal, name in BASICS if not thresholds.get(name))


def is_stranger(incident: Incident) -> bool:
    """Whether no row claimed its alarm when it opened."""
    return of_no_integration(incident) and bool(incident.alarms)


def of_no_integration(incident: Incident) -> bool:
    """Whether it is about no row of the registry."""
    return incident.integration.startswith(STRANGER)


def alarm_of(incident: Incident) -> str:
    """The name of the alarm that opened an incident without a row, as people see it."""
    return next((alarm.name for alarm in incident.alarms.values()), incident.integration_name)


def as_data(seen: Coverage) -> dict[str, Any]:
    """The coverage for programs."""
    return {
        "integrations": seen.total,
        "unclaimed_alarms": [
            {
                "alarm": one.alarm,
                "incident": one.incident.id,
                "open": one.incident.is_open,
                "guess": one.guess or None,
                "claimed_by": one.claimed_by.slug if one.claimed_by else None,
            }
            for one in seen.strangers
        ],
        "needs_owner": [row.slug for row in seen.ownerless],
        "without_alarm": [{"integration": gap.row.slug, "missing": list(gap.missing)} for gap in seen.gaps],
    }


def _strangers(registry: Sequence[Integration], incidents: Iterable[Incident]) -> Iterable[Stranger]:
    """One for each alarm; a resolved one that a row claims by now is no news."""
    newest: dict[str, Incident] = {}
    for incident in incidents:
        if is_stranger(incident):
            newest.setdefault(incident.integration, incident)
    resemblance = Resemblance(registry) if newest else None
    for incident in newest.values():
        alarm = alarm_of(incident)
        claimed = next((row for row in registry if any(matches_pattern(alarm, p) for p in row.alarm_patterns)), None)
        like = resemblance.of(alarm) if resemblance and not claimed else None
        if incident.is_open or claimed is None:
            # Where two look alike, nobody should hand it over by not looking.
            guess = like.slug if like and not like.rival else ""
            yield Stranger(incident, alarm, _as_pattern(alarm), guess, claimed)


def _as_pattern(alarm: str) -> str:
    """A pattern that fits the name: itself, with `?` for what a pattern cannot hold."""
    plain = ODD.sub("?", alarm)
    return plain if len(plain) <= PATTERN_LIMIT else f"{plain[:PATTERN_LIMIT]}*"
