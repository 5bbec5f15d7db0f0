"""Somebody says how bad it is.

Knows that consent does not go under SEV2 unless somebody insists, and that this is marked in the log of consent.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.consent import OVERRIDE
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.severity import LEAST_WITH_CONSENT, Severity
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_of, reason_of, with_data


def set_severity(
    store: IncidentStore,
    number: int,
    actor: Actor,
    severity: Severity,
    reason: str,
    *,
    override: bool = False,
    now: datetime,
) -> Incident:
    """Set it, with a reason. Returns the new state; raises Refusals.

    `override` lets an administrator have an incident about consent go under SEV2; elsewhere it changes nothing.
    """
    level = severity.value.removeprefix("SEV")  # as Slack and the command line both read it
    why = reason_of(reason, remedy=f"sev {number} {level} why")
    before = store.get(number)
    if before.merged_into is not None:
        told = f"{before.id} was merged into INC-{before.merged_into}."
        raise IllegalTransition(told, field="status", remedy=f"sev {before.merged_into} {level} why")
    insists = before.consent and severity > LEAST_WITH_CONSENT
    if insists and not (override and actor.rights.admin):
        told = f"{before.id} is about consent: it does not go under {LEAST_WITH_CONSENT}."
        raise Invalid(told, field="severity", remedy=f"sev {number} {level} why --override")
    actor = allowed(before, actor)
    after = replace(before, severity_set=severity, version=before.version + 1, touched_at=now)
    return store.save(before, after, _line(before, after, actor, why, insists=insists, now=now))


def _line(before: Incident, after: Incident, actor: Actor, why: str, *, insists: bool, now: datetime) -> Entry:
    insisted = " although it is about consent" if insists else ""
    text = f"Severity {before.severity} → {after.severity}{insisted}: {why}"
    data = {"before": before.severity.value, "after": after.severity.value} | ({OVERRIDE: "yes"} if insists else {})
    return with_data(entry_of(after, actor, Fact.SEVERITY_SET, text, now=now), **data)
