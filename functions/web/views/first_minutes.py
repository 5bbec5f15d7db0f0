"""What a person asks in the first five minutes: since when, why, what to check, what holds the notices back.

Pure: domain objects and the time in, values out. Refuses to know words and storage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.diagnosed import Diagnosed
from deadair.domain.first_checks import first_checks
from deadair.domain.holding import Hold, held
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, started
from deadair.domain.ownership import Integration
from deadair.domain.stages import Milestone, Tick
from deadair.domain.timeline import Entry, Fact


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A first check and its tick; None: nobody has made it."""

    id: str
    text: str
    made: Tick | None


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One thing that keeps notices back. `kind` is `maintenance`, `snooze` or `quiet`."""

    kind: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class Correction:
    """A milestone that somebody set, and when they did."""

    milestone: str
    text: str
    by: str
    at: datetime


def checklist(incident: Incident, diagnosed: Diagnosed | None) -> list[CheckLine]:
    """The first checks with their ticks."""
    return [
        CheckLine(check.id, check.text, incident.checks.get(check.id)) for check in first_checks(incident, diagnosed)
    ]


def affected(diagnosed: Diagnosed | None, rows: Iterable[Integration]) -> list[tuple[str, str]]:
    """Who depends on it: name and slug, the slug empty for a name that the registry has not."""
    if diagnosed is None:
        return []
    slugs = {row.name: row.slug for row in rows}
    return [(name, slugs.get(name, "")) for name in diagnosed.affected]


def before_alarm(incident: Incident) -> timedelta | None:
    """How long it was broken before an alarm said so; None when it was not."""
    gap = detected(incident) - started(incident)
    return gap if gap > timedelta(0) else None


def holds(incident: Incident, now: datetime) -> list[HoldLine]:
    """What keeps the notices back now, the longest last."""
    told = [("maintenance", incident.maintenance), ("snooze", incident.snooze)]
    lasting = [HoldLine(kind, hold) for kind, hold in told if hold is not None and hold.lasts(now)]
    longest = held(incident, now)
    quiet = longest is not None and longest not in {line.hold for line in lasting}
    return [*lasting, HoldLine("quiet", longest)] if quiet and longest else lasting


def corrections(entries: Iterable[Entry]) -> list[Correction]:
    """What was set by hand, in the order in which it was."""
    found = [entry for entry in entries if entry.fact is Fact.MILESTONE_SET]
    return [
        Correction(entry.details.get("milestone", ""), entry.text, entry.author, entry.recorded_at)
        for entry in sorted(found, key=lambda entry: entry.recorded_at)
    ]


def settable(incident: Incident) -> list[Milestone]:
    """The milestones whose time can be corrected: those that were reached."""
    return [name for name in Milestone if incident.when(name) is not None]
