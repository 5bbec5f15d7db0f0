"""What `deadair incidents` says: a list, and one incident with its timeline."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from deadair.adapters.dynamodb.incident_items import incident_fields
from deadair.adapters.dynamodb.items import entry_fields
from deadair.domain import addresses
from deadair.domain.alarm import shown
from deadair.domain.checks import Check
from deadair.domain.holding import held
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, started
from deadair.domain.severity import why_severity
from deadair.domain.stages import Ending, Milestone
from deadair.domain.timeline import Entry
from infra.cli import terminal
from infra.cli.terminal import ago, count, line, say

# The page and --json have the whole.
TEXT_SHOWN = 400
COLUMNS = ("incident", "sev", "status", "what", "owner", "opened")


def print_list(incidents: Sequence[Incident], state: str) -> None:
    """A table, newest first."""
    if not incidents:
        which = {"open": "No open incidents.", "past": "No past incidents.", "all": "No incidents."}[state]
        say(which, "bold green" if state == "open" else "bold")
        return
    terminal.table(COLUMNS, (_row(incident) for incident in incidents), flexible="what")
    say(f"{count(len(incidents), 'incident')}. Next: deadair incidents show {incidents[0].id}", "dim")


def note_unread(count_: int) -> None:
    """That some are left out, beside the list."""
    terminal.note(f"{count(count_, 'incident')} not shown: written by a later version of Deadair.", "yellow")


def print_state(incident: Incident) -> None:
    """Where an incident is after a step."""
    named = terminal.severity(incident.severity.value)
    line(
        (f"{incident.id}  ", "bold"),
        (named.plain, str(named.style)),
        (f"  {status_of(incident)}  ", ""),
        (incident.title, "bold"),
        (f"  {incident.owner.name}", "dim"),
    )


def print_undone(text: str) -> None:
    """What was taken back, or done again."""
    say(shown(text, limit=TEXT_SHOWN), "bold")


def print_already(*, over: bool = False) -> None:
    """That nothing was opened; `over`: it was one of the past."""
    say("It was recorded already; nothing changed." if over else "It was open already; nothing was opened.", "yellow")


def status_of(incident: Incident) -> str:
    """Where an incident is; of one that is over, how it ended."""
    if incident.merged_into is not None:
        return f"merged into INC-{incident.merged_into}"
    ended = {Ending.FALSE_ALARM: "false alarm", Ending.BY_ITSELF: "over by itself"}
    return ended.get(incident.ending, incident.status.value) if incident.ending else incident.status.value


def print_state_json(incident: Incident) -> None:
    """The same for machines."""
    terminal.print_json(_fields(incident))


def print_checks(incident: Incident, checks: Sequence[Check]) -> None:
    """The first checks with their ticks."""
    made = incident.checks
    rows = [
        (str(place), "✓" if check.id in made else "", check.text, made[check.id].by if check.id in made else "")
        for place, check in enumerate(checks, 1)
    ]
    terminal.table(("n", "", "check", "by"), rows, flexible="check")
    say(f"Next: deadair incidents check {incident.id} 1", "dim")


def print_checks_json(incident: Incident, checks: Sequence[Check]) -> None:
    """The same for machines."""
    made = incident.checks
    terminal.print_json(
        [{"id": c.id, "text": c.text, "made_by": made[c.id].by if c.id in made else None} for c in checks]
    )


def _row(incident: Incident) -> tuple[str | Text, ...]:
    return (
        incident.id,
        terminal.severity(incident.severity.value),
        status_of(incident) + (", alarms OK" if incident.recovered_at and incident.is_open else ""),
        incident.title,
        incident.owner.name,
        ago(incident.opened_at),
    )


def print_one(incident: Incident, timeline: Sequence[Entry], web: str) -> None:
    """The incident's state, then its timeline."""
    named = terminal.severity(incident.severity.value)
    line(
        (f"{incident.id}  ", "bold"),
        (named.plain, str(named.style)),
        (f"  {status_of(incident)}  ", ""),
        (incident.title, "bold"),
    )
    for name, value in _facts(incident, web):
        line((f"  {name:<13}", "dim"), (value, ""))
    terminal.out.print()
    rows = [(moment(entry.occurred_at), entry.author, shown(entry.text, limit=TEXT_SHOWN)) for entry in timeline]
    terminal.table(("when (UTC)", "who", "what"), rows, flexible="what")


def _facts(incident: Incident, web: str) -> list[tuple[str, str]]:
    owner = f"{incident.owner.name} <{incident.owner.email}>" + (
        f" ({incident.owner_note})" if incident.owner_note else ""
    )
    facts = [
        ("integration", f"{incident.integration_name} ({incident.integration})"),
        ("severity", why_severity(incident)),
        ("owner", owner),
        ("signal", f"{incident.signal.value}, failure class {incident.failure_class.value}"),
        ("detected by", f"{incident.by_hand.by}, by hand" if incident.by_hand else ""),
        ("affected", incident.affected),
        ("links", ", ".join(f"{one.label} {one.url}".strip() for one in incident.links)),
        ("consent", "carries opt-outs or consent" if incident.consent else ""),
        ("started", moment(started(incident))),
        ("detected", moment(detected(incident))),
        ("told", ", ".join(f"{one.person.name} ({one.rung.value})" for one in incident.escalation.told)),
        ("unreachable", _by(incident.escalation.unreachable, "")),
        ("held", _held(incident)),
        ("acknowledged", _by(incident.when(Milestone.ACKNOWLEDGED), incident.acknowledged_by)),
        ("mitigated", _by(incident.when(Milestone.MITIGATED), "")),
        ("recovered", _by(incident.recovered_at, "")),
        ("resolved", _by(incident.when(Milestone.RESOLVED), incident.resolved_by)),
        ("why" if incident.ending is Ending.FALSE_ALARM else "fix", incident.fix),
        ("runbook", incident.runbook),
        ("page", f"{web.rstrip('/')}{addresses.incident(incident.id)}" if web else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _held(incident: Incident) -> str:
    hold = held(incident, datetime.now(UTC)) if incident.is_open else None
    if hold is None:
        return ""
    until = f"until {moment(hold.until)}: " if hold.until else ""
    return f"{until}{hold.why}" + (f" ({hold.by})" if hold.by else "")


def _by(at: datetime | None, who: str) -> str:
    return "" if at is None else moment(at) + (f" by {who}" if who else "")


def moment(at: datetime) -> str:
    """A time to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def print_list_json(incidents: Sequence[Incident]) -> None:
    """The list for machines."""
    terminal.print_json([_fields(incident) for incident in incidents])


def print_one_json(incident: Incident, timeline: Sequence[Entry]) -> None:
    """One incident for machines."""
    terminal.print_json(_fields(incident) | {"timeline": [entry_fields(entry) for entry in timeline]})


def _fields(incident: Incident) -> dict[str, Any]:
    return {"id": incident.id} | incident_fields(incident)
