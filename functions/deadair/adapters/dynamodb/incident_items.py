"""Between an incident and its item. Knows both shapes, and those of earlier versions; refuses to know tables."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.incident_parts import (
    alarm_fields,
    alarm_from,
    escalation_fields,
    escalation_from,
    finding_fields,
    finding_from,
    hold_fields,
    hold_from,
)
from deadair.adapters.dynamodb.items import from_item, instant, person_fields, when
from deadair.domain.alarm import Signal
from deadair.domain.audit import Head
from deadair.domain.by_hand import ByHand
from deadair.domain.escalation import NOT_ESCALATED
from deadair.domain.incident import NOT_LOGGED, Incident
from deadair.domain.link import Link
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone, Status, Tick


def incident_fields(incident: Incident) -> dict[str, Any]:
    """Everything of an incident's current state but its keys. `severity` and `failure_class` are told for lists."""
    return {
        "number": incident.number,
        "sort_id": incident.sort_id,
        "integration": incident.integration,
        "integration_name": incident.integration_name,
        "severity": incident.severity.value,
        "tier": incident.tier.value,
        "severity_set": incident.severity_set,
        "failure_class": incident.failure_class.value,
        "likely": incident.likely.value,
        "looked": incident.looked,
        "cause": incident.cause,
        "signal": incident.signal.value,
        "status": incident.status.value,
        "owner": person_fields(incident.owner),
        "owner_note": incident.owner_note,
        "consent": incident.consent,
        "runbook": incident.runbook,
        "alarms": {key: alarm_fields(alarm) for key, alarm in incident.alarms.items()},
        "finding": finding_fields(incident.finding) if incident.finding else None,
        "opened_at": instant(incident.opened_at),
        "started_at": instant(incident.started_at),
        "detected_at": instant(incident.detected_at),
        "acknowledged_at": instant(incident.acknowledged_at),
        "acknowledged_by": incident.acknowledged_by,
        "mitigated_at": instant(incident.mitigated_at),
        "resolved_at": instant(incident.resolved_at),
        "resolved_by": incident.resolved_by,
        "fix": incident.fix,
        "failed_fixes": list(incident.failed_fixes) or None,
        "ending": incident.ending,
        "merged_into": incident.merged_into,
        "milestones": {name.value: instant(at) for name, at in incident.milestones.items()} or None,
        "checks": {name: {"by": tick.by, "at": instant(tick.at)} for name, tick in incident.checks.items()} or None,
        "reopened": incident.reopened or None,
        "pending_since": instant(incident.pending_since),
        "touched_at": instant(incident.touched_at),
        "maintenance": hold_fields(incident.maintenance),
        "snooze": hold_fields(incident.snooze),
        "escalation": escalation_fields(incident.escalation) if incident.escalation != NOT_ESCALATED else None,
        "drill": incident.drill or None,
        "owner_pending": incident.owner_pending or None,
        "inactive_since": instant(incident.inactive_since),
        "held_by": person_fields(incident.held_by) if incident.held_by else None,
        "named": incident.named,
        "by_hand": asdict(incident.by_hand) if incident.by_hand else None,
        "systems": list(incident.systems) or None,
        "split_from": incident.split_from,
        "affected": incident.affected,
        "links": [{"url": link.url, "label": link.label} for link in incident.links] or None,
        "consent_log": asdict(incident.consent_log) if incident.consent_log.number else None,
        "recorded_afterwards": incident.recorded_afterwards or None,
        "version": incident.version,
    }


def incident_from(item: Mapping[str, Any]) -> Incident:
    """An incident from its item. Items of earlier versions hold less; what is missing has its default."""
    f = from_item(item)
    return Incident(
        number=f["number"],
        sort_id=f["sort_id"],
        integration=f["integration"],
        integration_name=f["integration_name"],
        tier=Severity(f.get("tier", f["severity"])),
        severity_set=Severity(f["severity_set"]) if "severity_set" in f else None,
        likely=FailureClass(f.get("likely", f["failure_class"])),
        looked=FailureClass(f["looked"]) if "looked" in f else None,
        cause=FailureClass(f["cause"]) if "cause" in f else None,
        signal=Signal(f["signal"]),
        status=Status(f["status"]),
        owner=Person(**f["owner"]),
        owner_note=f.get("owner_note", ""),
        consent=f["consent"],
        runbook=f.get("runbook", ""),
        alarms={key: alarm_from(alarm) for key, alarm in f["alarms"].items()},
        finding=finding_from(f["finding"]) if f.get("finding") else None,
        opened_at=datetime.fromisoformat(f["opened_at"]),
        started_at=datetime.fromisoformat(f["started_at"]),
        detected_at=datetime.fromisoformat(f["detected_at"]),
        acknowledged_at=when(f.get("acknowledged_at")),
        acknowledged_by=f.get("acknowledged_by", ""),
        mitigated_at=when(f.get("mitigated_at")),
        resolved_at=when(f.get("resolved_at")),
        resolved_by=f.get("resolved_by", ""),
        fix=f.get("fix", ""),
        failed_fixes=tuple(f.get("failed_fixes", ())),
        ending=Ending(f["ending"]) if "ending" in f else None,
        merged_into=f.get("merged_into"),
        milestones={Milestone(name): datetime.fromisoformat(at) for name, at in f.get("milestones", {}).items()},
        checks={name: Tick(t["by"], datetime.fromisoformat(t["at"])) for name, t in f.get("checks", {}).items()},
        reopened=f.get("reopened", 0),
        pending_since=when(f.get("pending_since")),
        touched_at=when(f.get("touched_at")),
        maintenance=hold_from(f.get("maintenance")),
        snooze=hold_from(f.get("snooze")),
        escalation=escalation_from(f["escalation"]) if "escalation" in f else NOT_ESCALATED,
        drill=f.get("drill", False),
        owner_pending=f.get("owner_pending", False),
        inactive_since=when(f.get("inactive_since")),
        held_by=Person(**f["held_by"]) if "held_by" in f else None,
        named=f.get("named", ""),
        by_hand=ByHand(**f["by_hand"]) if "by_hand" in f else None,
        systems=tuple(f.get("systems", ())),
        split_from=f.get("split_from"),
        affected=f.get("affected", ""),
        links=tuple(Link(link["url"], link.get("label", "")) for link in f.get("links", ())),
        consent_log=Head(**f["consent_log"]) if "consent_log" in f else NOT_LOGGED,
        recorded_afterwards=f.get("recorded_afterwards", False),
        version=f["version"],
    )
