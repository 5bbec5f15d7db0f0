"""Between an incident and its item. Knows both shapes, and those of earlier versions; refuses to know tables."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.items import from_item, instant, person_fields, when
from deadair.domain.alarm import AlarmState, Reconfiguration, Signal
from deadair.domain.alarm_on_incident import AlarmOnIncident, Finding, Reconfigured
from deadair.domain.audit import Head
from deadair.domain.by_hand import ByHand
from deadair.domain.escalation import NOT_ESCALATED, Escalation, Rung, Told
from deadair.domain.holding import Hold
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
        "alarms": {key: _alarm_fields(alarm) for key, alarm in incident.alarms.items()},
        "finding": _finding_fields(incident.finding) if incident.finding else None,
        "opened_at": instant(incident.opened_at),
        "started_at": instant(incident.started_at),
        "detected_at": instant(incident.detected_at),
        "acknowledged_at": instant(incident.acknowledged_at),
        "acknowledged_by": incident.acknowledged_by,
        "mitigated_at": instant(incident.mitigated_at),
        "resolved_at": instant(incident.resolved_at),
        "resolved_by": incident.resolved_by,
        "fix": incident.fix,
        "ending": incident.ending,
        "merged_into": incident.merged_into,
        "milestones": {name.value: instant(at) for name, at in incident.milestones.items()} or None,
        "checks": {name: {"by": tick.by, "at": instant(tick.at)} for name, tick in incident.checks.items()} or None,
        "reopened": incident.reopened or None,
        "pending_since": instant(incident.pending_since),
        "touched_at": instant(incident.touched_at),
        "maintenance": _hold_fields(incident.maintenance),
        "snooze": _hold_fields(incident.snooze),
        "escalation": _escalation_fields(incident.escalation) if incident.escalation != NOT_ESCALATED else None,
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
        "version": incident.version,
    }


def _alarm_fields(alarm: AlarmOnIncident) -> dict[str, Any]:
    done = alarm.reconfigured
    seldom = {
        "quiet": _hold_fields(alarm.quiet),
        "last_alarm_at": instant(alarm.last_alarm_at),
        "rests": alarm.rests or None,
        "rang_at_end": alarm.rang_at_end or None,
        "heard_late": instant(alarm.heard_late),
        "rang": [instant(at) for at in alarm.rang] if len(alarm.rang) > 1 else None,
        "reconfigured": {"what": done.what.value, "at": instant(done.at)} if done else None,
    }
    return {name: value for name, value in seldom.items() if value is not None} | {
        "name": alarm.name,
        "state": alarm.state.value,
        "at": instant(alarm.at),
        "first_alarm_at": instant(alarm.first_alarm_at),
        "signal": alarm.signal.value,
    }


def _finding_fields(finding: Finding) -> dict[str, Any]:
    return {
        "text": finding.text,
        "class": finding.failure_class.value,
        "signal": finding.signal.value,
        "at": instant(finding.at),
        "alarm": finding.alarm,
    }


def _hold_fields(hold: Hold | None) -> dict[str, Any] | None:
    return {"until": instant(hold.until), "why": hold.why, "by": hold.by} if hold else None


def _escalation_fields(escalation: Escalation) -> dict[str, Any]:
    return {
        "told": [_told_fields(one) for one in escalation.told],
        "asked_at": instant(escalation.asked_at),
        "unreachable": instant(escalation.unreachable),
        "waits": _told_fields(escalation.waits) if escalation.waits else None,
        "hold": _hold_fields(escalation.hold),
        "calm_since": instant(escalation.calm_since),
    }


def _told_fields(told: Told) -> dict[str, Any]:
    return {"person": person_fields(told.person), "rung": told.rung.value, "at": instant(told.at), "why": told.why}


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
        alarms={key: _alarm_from(alarm) for key, alarm in f["alarms"].items()},
        finding=_finding_from(f["finding"]) if f.get("finding") else None,
        opened_at=datetime.fromisoformat(f["opened_at"]),
        started_at=datetime.fromisoformat(f["started_at"]),
        detected_at=datetime.fromisoformat(f["detected_at"]),
        acknowledged_at=when(f.get("acknowledged_at")),
        acknowledged_by=f.get("acknowledged_by", ""),
        mitigated_at=when(f.get("mitigated_at")),
        resolved_at=when(f.get("resolved_at")),
        resolved_by=f.get("resolved_by", ""),
        fix=f.get("fix", ""),
        ending=Ending(f["ending"]) if "ending" in f else None,
        merged_into=f.get("merged_into"),
        milestones={Milestone(name): datetime.fromisoformat(at) for name, at in f.get("milestones", {}).items()},
        checks={name: Tick(t["by"], datetime.fromisoformat(t["at"])) for name, t in f.get("checks", {}).items()},
        reopened=f.get("reopened", 0),
        pending_since=when(f.get("pending_since")),
        touched_at=when(f.get("touched_at")),
        maintenance=_hold_from(f.get("maintenance")),
        snooze=_hold_from(f.get("snooze")),
        escalation=_escalation_from(f["escalation"]) if "escalation" in f else NOT_ESCALATED,
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
        version=f["version"],
    )


def _alarm_from(f: Mapping[str, Any]) -> AlarmOnIncident:
    return AlarmOnIncident(
        name=f["name"],
        state=AlarmState(f["state"]),
        at=datetime.fromisoformat(f["at"]),
        first_alarm_at=datetime.fromisoformat(f["first_alarm_at"]),
        signal=Signal(f["signal"]),
        quiet=_hold_from(f.get("quiet")),
        last_alarm_at=when(f.get("last_alarm_at")),
        rang=tuple(
            datetime.fromisoformat(at) for at in f.get("rang", [f["last_alarm_at"]] if "last_alarm_at" in f else ())
        ),
        rests=f.get("rests", False),
        rang_at_end=f.get("rang_at_end", False),
        heard_late=when(f.get("heard_late")),
        reconfigured=_reconfigured_from(f.get("reconfigured")),
    )


def _reconfigured_from(f: Mapping[str, Any] | None) -> Reconfigured | None:
    return Reconfigured(Reconfiguration(f["what"]), datetime.fromisoformat(f["at"])) if f else None


def _finding_from(f: Mapping[str, Any]) -> Finding:
    return Finding(
        f["text"], FailureClass(f["class"]), Signal(f["signal"]), datetime.fromisoformat(f["at"]), f["alarm"]
    )


def _hold_from(f: Mapping[str, Any] | None) -> Hold | None:
    return Hold(when(f["until"]), f["why"], f["by"]) if f else None


def _escalation_from(f: Mapping[str, Any]) -> Escalation:
    return Escalation(
        told=tuple(_told_from(one) for one in f.get("told", ())),
        asked_at=when(f.get("asked_at")),
        unreachable=when(f.get("unreachable")),
        waits=_told_from(f["waits"]) if f.get("waits") else None,
        hold=_hold_from(f.get("hold")),
        calm_since=when(f.get("calm_since")),
    )


def _told_from(f: Mapping[str, Any]) -> Told:
    return Told(Person(**f["person"]), Rung(f["rung"]), datetime.fromisoformat(f["at"]), f["why"])
