"""Incidents that are one break after all, and alarms that are another: merge and split.

Knows what goes along and what stays, and that consent is not lost on the way. Refuses to know lines and tables.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from deadair.domain.alarm_on_incident import AlarmOnIncident, first_finding, joined
from deadair.domain.alarms_together import fitting
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.severity import Severity

# Each alarm that leaves takes a write of its own; a transaction has a hundred.
MOST_SPLIT = 40
NAMES_SAID = 10


def merged(source: Incident, target: Incident, by: str, now: datetime) -> tuple[Incident, Incident]:
    """Both after the merge: the first ended, the second with the alarms of both. Raises Refusals.

    The second is then as grave as the graver one, and began when the earlier one did.
    """
    _must_fit(source, target)
    ended = source.merge_into(target.number, by, now)
    together = target.named_by(_together(target.alarms, source.alarms), first_finding((target.finding, source.finding)))
    together = replace(together, tier=min(target.tier, source.tier))
    return replace(ended, version=source.version + 1, touched_at=now), replace(
        together,
        severity_set=_severity_said(together, source, target),
        systems=tuple(dict.fromkeys((*target.systems, *source.systems))),
        started_at=min(target.started_at, source.started_at),
        detected_at=min(target.detected_at, source.detected_at),
        version=target.version + 1,
        touched_at=now,
    )


def _severity_said(together: Incident, source: Incident, target: Incident) -> Severity | None:
    """What somebody said of one of them must not make the graver one less grave."""
    said = source.severity_set or target.severity_set
    graver = min(source.severity, target.severity)
    return graver if said and graver < together.severity else together.severity_set


def _must_fit(source: Incident, target: Incident) -> None:
    other = f"merge {source.number} into an open incident"
    if source.number == target.number:
        raise Invalid(f"{source.id} cannot be merged into itself.", field="into", remedy=other)
    if target.merged_into is not None:
        told = f"{target.id} was merged into INC-{target.merged_into}."
        on = f"merge {source.number} into {target.merged_into}"
        there = target.merged_into == source.number
        raise IllegalTransition(told, field="into", remedy=f"show {source.number}" if there else on)
    if not target.is_open:
        told = f"{target.id} is resolved."
        raise IllegalTransition(told, field="into", remedy=f"reopen {target.number}, or {other}")
    if source.drill is not target.drill:
        raise Invalid("One of them is a drill; drills are not counted.", field="into", remedy=other)
    if source.consent and not target.consent:
        told = f"{source.id} is about consent and {target.id} is not: it would leave the log of consent."
        raise Invalid(told, field="into", remedy=f"merge {target.number} into {source.number}")


def _together(one: dict[str, AlarmOnIncident], other: dict[str, AlarmOnIncident]) -> dict[str, AlarmOnIncident]:
    """The alarms of both, as far as there is room for them."""
    return fitting(one | {key: joined(one[key], alarm) if key in one else alarm for key, alarm in other.items()})


def chosen(incident: Incident, alarms: Iterable[str]) -> set[str]:
    """The keys of the alarms that somebody named, by shown name or by key. Raises Invalid."""
    wanted = list(dict.fromkeys(filter(None, (alarm.strip() for alarm in alarms))))
    known = ", ".join(sorted({alarm.name for alarm in incident.alarms.values()})[:NAMES_SAID])
    if not wanted:
        raise Invalid("Which alarms?", field="alarms", remedy=f"Name some of: {known}")
    keys: set[str] = set()
    for name in wanted:
        found = {key for key, alarm in incident.alarms.items() if name in (key, alarm.name)}
        if not found:
            raise Invalid(f"{incident.id} has no alarm `{name}`.", field="alarms", remedy=f"Name some of: {known}")
        if len(found) > 1:
            told = f"{incident.id} has {len(found)} alarms `{name}`, of other accounts or regions."
            raise Invalid(told, field="alarms", remedy=f"Name their keys: {', '.join(sorted(found)[:NAMES_SAID])}")
        keys |= found
    return keys


def split_off(incident: Incident, keys: set[str], number: int, now: datetime) -> tuple[Incident, Incident]:
    """What stays, and the new incident of these alarms, which waits for the same owner. Raises Refusals."""
    if not incident.is_open:
        incident.assign(incident.owner)  # says why not, and what to do
    if len(keys) == len(incident.alarms):
        told = f"Those are all alarms of {incident.id}."
        raise Invalid(told, field="alarms", remedy="Leave at least one of them.")
    if len(keys) > MOST_SPLIT:
        raise Invalid(f"{len(keys)} alarms at once are too many.", field="alarms", remedy=f"Name at most {MOST_SPLIT}.")
    left = {key: alarm for key, alarm in incident.alarms.items() if key not in keys}
    gone = {key: incident.alarms[key] for key in incident.alarms if key in keys}
    rest = replace(_only(incident, left), version=incident.version + 1, touched_at=now)
    return rest, _anew(_only(incident, gone), number, now)


def _only(incident: Incident, alarms: dict[str, AlarmOnIncident]) -> Incident:
    """The incident as if it had these alarms alone; it began when the first of them rang, or where their data did."""
    finding = incident.finding if incident.finding and incident.finding.alarm in alarms else None
    first = min(alarm.first_alarm_at for alarm in alarms.values())
    began = incident.started_at if first <= incident.detected_at else first
    return replace(incident.named_by(alarms, finding), started_at=began, detected_at=first)


def _anew(part: Incident, number: int, now: datetime) -> Incident:
    return Incident(
        number=number,
        sort_id=f"{now.isoformat(timespec='milliseconds')}#{number:09d}",
        integration=part.integration,
        integration_name=part.integration_name,
        tier=part.tier,
        owner=part.owner,
        owner_note=part.owner_note,
        owner_pending=part.owner_pending,
        named=part.named,
        consent=part.consent,
        systems=part.systems,
        runbook=part.runbook,
        opened_at=now,
        pending_since=now,
        started_at=part.started_at,
        detected_at=part.detected_at,
        signal=part.signal,
        likely=part.likely,
        alarms=part.alarms,
        finding=part.finding,
        maintenance=part.maintenance,
        drill=part.drill,
        split_from=part.number,
    )
