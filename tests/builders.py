"""Things that tests are about, with sensible defaults: name only what the claim needs."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deadair.domain.alarm import AlarmIdentity, AlarmState, Signal, Transition
from deadair.domain.answering import Held, opened
from deadair.domain.early import Arrival
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.rights import Rights
from deadair.domain.severity import Severity
from deadair.domain.timeline import Actor, Source

EVENTS = Path(__file__).parent / "events"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ANA = Person("Ana Lima", "ana.lima@example.com", "U0ANA")
BEN = Person("Ben Okafor", "ben.okafor@example.com", "U0BEN")
FALLBACK = Person("Fay Fallback", "fay@example.com", "U0FAY")


def an_event(name: str) -> str:
    """The text of a recorded event."""
    return (EVENTS / name).read_text("utf-8")


def at(minutes: float) -> datetime:
    """Some minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def an_alarm(
    state: AlarmState = AlarmState.ALARM,
    minutes: float = 0,
    *,
    name: str = "hubspot-salesforce-silence",
    account: str = "210987654321",
    signal: Signal = Signal.SILENCE,
    **more: Any,
) -> Transition:
    """A transition of an alarm, so many minutes after noon."""
    identity = AlarmIdentity("aws", account, "eu-central-1", name)
    when = at(minutes)
    given: dict[str, Any] = {"stamp": when, "reason": "Threshold Crossed.", "signal": signal} | more
    return Transition(alarm=identity, state=state, at=when, **given)


def an_arrival(transition: Transition | None = None, message_id: str = "m-1") -> Arrival:
    """A transition with the message that brought it."""
    return Arrival(transition or an_alarm(), message_id)


def an_integration(slug: str = "hubspot-salesforce", **more: Any) -> Integration:
    """A row of the registry."""
    given: dict[str, Any] = {"name": "HubSpot → Salesforce", "owner": ANA, "alarm_patterns": (f"{slug}-*",)} | more
    return Integration(slug=slug, **given)


def held(row: Integration | None = None) -> Held:
    """Who answers, as intake finds it."""
    row = row or an_integration()
    return Held(row.slug, row.name, row.owner, integration=row)


def an_incident(number: int = 42, **more: Any) -> Incident:
    """An open incident of the demo's integration."""
    row = an_integration(severity=more.pop("severity", Severity.SEV3), consent=more.pop("consent", False))
    incident = opened(an_alarm(), held(row), number, at(1))
    return replace(incident, **more)


def an_actor(person: Person = ANA, source: Source = Source.SLACK, *, stands_in_for: str = "") -> Actor:
    """Somebody who does something in Slack: Ana owns what the other builders make, others stand in or take it over."""
    return Actor(person, source, Rights(stands_in_for=frozenset(filter(None, [stands_in_for]))))


def the_owner(incident: Incident, source: Source = Source.SLACK, *, insists: str = "") -> Actor:
    """Whoever an incident belongs to, as somebody who works on it; an administrator who `insists` for that reason."""
    return Actor(incident.owner, source, Rights(admin=bool(insists), override=insists))


def an_event_body(
    name: str = "hubspot-salesforce-silence",
    state: str = "ALARM",
    when: datetime = NOON,
    *,
    integration: str = "",
    account: str = "210987654321",
    **detail: Any,
) -> str:
    """The text of an EventBridge event about an alarm."""
    event = json.loads(an_event("alarm.json"))
    event["account"] = account
    event["resources"] = [f"arn:aws:cloudwatch:eu-central-1:{account}:alarm:{name}"]
    event["detail"]["alarmName"] = name
    event["detail"]["state"] |= {"value": state, "timestamp": when.isoformat(timespec="milliseconds")}
    event["detail"]["state"]["reasonData"] = None
    metric = event["detail"]["configuration"]["metrics"][0]["metricStat"]["metric"]
    metric["dimensions"] = {"Integration": integration} if integration else {}
    event["detail"] |= detail
    return json.dumps(event)


def made_by_hand(name: str, **more: Any) -> dict[str, Any]:
    """What CloudWatch is asked when somebody makes an alarm of their own."""
    return {
        "AlarmName": name,
        "Namespace": "Hosts",
        "MetricName": "Failed",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    } | more
