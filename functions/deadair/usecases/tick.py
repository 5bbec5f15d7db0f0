"""Somebody made one of the first checks, or takes it back."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.checks import the_check
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.stages import Tick
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import allowed, entry_of, with_data


def tick(store: IncidentStore, number: int, actor: Actor, check: str, *, done: bool = True, now: datetime) -> Incident:
    """Tick a check by its id, of any class; the ticks of other classes stay. Returns the new state.

    Twice is once: who ticked first stays, and nothing new is written. Raises Refusals.
    """
    known = the_check(check)
    before = store.get(number)
    actor = allowed(before, actor, Act.NOTE)
    if (check in before.checks) is done:
        return before
    checks = {id_: made for id_, made in before.checks.items() if id_ != check}
    if done:
        checks[check] = Tick(actor.person.name, now)
    after = replace(before, checks=checks, version=before.version + 1, touched_at=now)
    text = f"Checked: {known.text}" if done else f"Not checked after all: {known.text}"
    line = entry_of(after, actor, Fact.CHECKED, text, now=now)
    return store.save(before, after, with_data(line, check=check, done="yes" if done else "no"))
