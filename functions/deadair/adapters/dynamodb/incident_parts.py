"""The parts of an incident's item: its alarms, evidence, holds, and how far it was escalated.

Knows both shapes, and those of earlier versions. Refuses to know the incident as a whole.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.items import instant, person_fields, when
from deadair.domain.alarm import AlarmState, Reconfiguration, Signal
from deadair.domain.alarm_on_incident import AlarmOnIncident, Finding, Reconfigured
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.holding import Hold
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass


def alarm_fields(alarm: AlarmOnIncident) -> dict[str, Any]:
    """What an incident keeps of one of its alarms; what is seldom there is left out."""
    done = alarm.reconfigured
    seldom = {
        "quiet": hold_fields(alarm.quiet),
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


def finding_fields(finding: Finding) -> dict[str, Any]:
    """The evidence that it keeps."""
    return {
        "text": finding.text,
        "class": finding.failure_class.value,
        "signal": finding.signal.value,
        "at": instant(finding.at),
        "alarm": finding.alarm,
    }


def hold_fields(hold: Hold | None) -> dict[str, Any] | None:
    """What keeps notices back; None: nothing."""
    return {"until": instant(hold.until), "why": hold.why, "by": hold.by} if hold else None


def escalation_fields(escalation: Escalation) -> dict[str, Any]:
    """How far it was escalated."""
    return {
        "told": [_told_fields(one) for one in escalation.told],
        "asked_at": instant(escalation.asked_at),
        "unreachable": instant(escalation.unreachable),
        "waits": _told_fields(escalation.waits) if escalation.waits else None,
        "hold": hold_fields(escalation.hold),
        "calm_since": instant(escalation.calm_since),
    }


def _told_fields(told: Told) -> dict[str, Any]:
    return {"person": person_fields(told.person), "rung": told.rung.value, "at": instant(told.at), "why": told.why}


def alarm_from(f: Mapping[str, Any]) -> AlarmOnIncident:
    """The inverse of `alarm_fields`."""
    return AlarmOnIncident(
        name=f["name"],
        state=AlarmState(f["state"]),
        at=datetime.fromisoformat(f["at"]),
        first_alarm_at=datetime.fromisoformat(f["first_alarm_at"]),
        signal=Signal(f["signal"]),
        quiet=hold_from(f.get("quiet")),
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


def finding_from(f: Mapping[str, Any]) -> Finding:
    """The inverse of `finding_fields`."""
    return Finding(
        f["text"], FailureClass(f["class"]), Signal(f["signal"]), datetime.fromisoformat(f["at"]), f["alarm"]
    )


def hold_from(f: Mapping[str, Any] | None) -> Hold | None:
    """The inverse of `hold_fields`."""
    return Hold(when(f["until"]), f["why"], f["by"]) if f else None


def escalation_from(f: Mapping[str, Any]) -> Escalation:
    """The inverse of `escalation_fields`; whatever is missing was not said yet."""
    return Escalation(
        told=tuple(_told_from(one) for one in f.get("told", ())),
        asked_at=when(f.get("asked_at")),
        unreachable=when(f.get("unreachable")),
        waits=_told_from(f["waits"]) if f.get("waits") else None,
        hold=hold_from(f.get("hold")),
        calm_since=when(f.get("calm_since")),
    )


def _told_from(f: Mapping[str, Any]) -> Told:
    return Told(Person(**f["person"]), Rung(f["rung"]), datetime.fromisoformat(f["at"]), f["why"])
