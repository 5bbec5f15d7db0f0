"""Somebody says: it does its job again."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 1000
NAMES_SAID = 5


def resolve(store: IncidentStore, number: int, actor: Actor, fix: str = "", *, now: datetime) -> Incident:
    """`fix` says what fixed it, in one line. Returns the new state; raises Refusals.

    That an alarm is still in ALARM is no obstacle: it may be late, or wrong. The timeline says so.
    """
    fix = redact(within(fix, LIMIT, what="fix", field="fix"))
    said = f"Resolved: {fix}" if fix else "Resolved."
    return take(
        store,
        number,
        actor,
        lambda incident: incident.resolve(actor.person.name, fix, now),
        fact=Fact.RESOLVED,
        text=lambda before: f"{said}{_still_failing(before)}",
        now=now,
    )


def _still_failing(incident: Incident) -> str:
    names = incident.still_failing
    if not names:
        return ""
    more = f" and {len(names) - NAMES_SAID} more" if len(names) > NAMES_SAID else ""
    return f" (Still in ALARM: {', '.join(names[:NAMES_SAID])}{more}.)"
