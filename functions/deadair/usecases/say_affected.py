"""Somebody says who or what suffers: a count of records or contacts, or a few words.

Knows that a count is also what the log of consent keeps of records. Refuses to know how many there really are.
"""

import re
from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import allowed, entry_of, with_data, within

LIMIT = 500
# A count at the beginning: `1200 contacts`, `1,200`, `12 000 records`.
COUNT = re.compile(r"(\d{1,3}(?:[ ,.'’]\d{3})+|\d+)(?=\s|$)")
SEPARATORS = re.compile(r"\D")


def say_affected(store: IncidentStore, number: int, actor: Actor, text: str, *, now: datetime) -> Incident:
    """Keep it on the incident, open or resolved; the last word counts. Returns the new state; raises Refusals.

    The same again changes nothing.
    """
    said = redact(" ".join(within(text, LIMIT, what="text").split()))
    if not said:
        raise Invalid("Nobody is named.", field="text", remedy=f"affected {number} 1200 contacts")
    before = store.get(number)
    if before.merged_into is not None:
        told = f"{before.id} was merged into INC-{before.merged_into}."
        raise IllegalTransition(told, field="status", remedy=f"affected {before.merged_into} {said}")
    actor = allowed(before, actor, Act.NOTE)
    if before.affected == said:
        return before
    after = replace(before, affected=said, version=before.version + 1, touched_at=now)
    line = entry_of(after, actor, Fact.AFFECTED, f"Affected: {said}", now=now)
    records = records_in(said)
    return store.save(before, after, with_data(line, records=records) if records else line)


def records_in(text: str) -> str:
    """The count with which a text begins, as digits; empty for none."""
    found = COUNT.match(text)
    return SEPARATORS.sub("", found[1]) if found else ""
