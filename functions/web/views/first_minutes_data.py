"""The first five minutes as JSON: what was found, what to check, what holds the notices back, what was corrected.

Knows names of fields. Refuses to know pages. Fields are only ever added.
"""

from collections.abc import Iterable
from typing import Any

from deadair.domain.diagnosed import Diagnosed, NearChange
from deadair.domain.incident import Incident
from web.views import shapes
from web.views.first_minutes import CheckLine, Correction, HoldLine
from web.views.who_next import Next


def told(incident: Incident) -> dict[str, Any]:
    """What people said, and how it ended."""
    escalation = incident.escalation
    return {
        "severity_set": incident.severity_set,
        "cause": incident.cause,
        "ending": incident.ending,
        "merged_into": f"INC-{incident.merged_into}" if incident.merged_into is not None else None,
        "reopened": incident.reopened,
        "drill": incident.drill,
        "escalation": {
            "told": [
                {"person": shapes.person(one.person), "rung": one.rung, "at": shapes.instant(one.at), "why": one.why}
                for one in escalation.told
            ],
            "asked_at": shapes.instant(escalation.asked_at),
            "unreachable_since": shapes.instant(escalation.unreachable),
        },
    }


def following(one: Next | None) -> dict[str, Any] | None:
    """Who is told next; without a name whoever has it is asked how it goes."""
    return {"person": one.name, "rung": one.rung, "at": shapes.instant(one.at)} if one else None


def found(diagnosed: Diagnosed | None) -> dict[str, Any] | None:
    """What a look found; None before it."""
    if diagnosed is None:
        return None
    return {
        "failure_class": diagnosed.failure_class,
        "beneath": diagnosed.beneath,
        "confidence": diagnosed.confidence,
        "evidence": list(diagnosed.evidence),
        "log_errors": [{"text": one.text, "count": one.count} for one in diagnosed.log_errors],
        "logs_note": diagnosed.logs_note,
        "last_good_at": shapes.instant(diagnosed.last_good_at),
        "missed_records": diagnosed.missed_records,
        "missed_why": diagnosed.missed_why,
        "affected": list(diagnosed.affected),
        "process": diagnosed.process,
        "campaigns": list(diagnosed.campaigns),
        "changes": [change(one) for one in diagnosed.changes],
        "looked_at": shapes.instant(diagnosed.looked_at),
    }


def change(one: NearChange) -> dict[str, Any]:
    """Something that changed near the start."""
    return {"at": shapes.instant(one.at), "kind": one.kind, "text": one.text, "by": one.by}


def checks(lines: Iterable[CheckLine]) -> list[dict[str, Any]]:
    """The first checks; `made_at` is null while nobody has made one."""
    return [
        {
            "id": line.id,
            "text": line.text,
            "made_by": line.made.by if line.made else "",
            "made_at": shapes.instant(line.made.at) if line.made else None,
        }
        for line in lines
    ]


def holds(lines: Iterable[HoldLine]) -> list[dict[str, Any]]:
    """What keeps notices back; `until` is null where nobody said."""
    return [
        {"kind": line.kind, "until": shapes.instant(line.hold.until), "why": line.hold.why, "by": line.hold.by}
        for line in lines
    ]


def corrections(lines: Iterable[Correction]) -> list[dict[str, Any]]:
    """Milestones that were set by hand."""
    return [{"milestone": one.milestone, "text": one.text, "by": one.by, "at": shapes.instant(one.at)} for one in lines]
