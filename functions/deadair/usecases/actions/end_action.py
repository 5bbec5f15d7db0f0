"""An action item is done, or dropped with a reason; or it goes on after all."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.action_item import ActionItem, ActionStatus
from deadair.domain.errors import IllegalTransition
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.actions.writing import act_of, action_step, actions_of, must_be_open
from deadair.usecases.step import REASON_LIMIT, reason_of, within


def end_action(
    store: IncidentStore,
    incident: int,
    number: int,
    actor: Actor,
    status: ActionStatus,
    *,
    now: datetime,
    why: str = "",
) -> ActionItem:
    """`status` is DONE or DROPPED; dropping needs a reason. Done once more by the same click changes nothing.

    Raises NotFound, NotAllowed, Invalid, Stale, and IllegalTransition for one that ended otherwise.
    """
    item = actions_of(store).get(incident, number)
    if item.status is status:
        return item
    must_be_open(item)
    dropped = status is ActionStatus.DROPPED
    reason = redact(
        reason_of(why, remedy=f"action {incident}-A{number} drop why it is not needed")
        if dropped
        else within(why, REASON_LIMIT, what="note", field="reason")
    )
    after = replace(item, status=status, ended_at=now, ended_by=actor.person.name, why=reason, version=item.version + 1)
    word, fact = ("dropped", Fact.ACTION_DROPPED) if dropped else ("done", Fact.ACTION_DONE)
    text = f"Action item {item.id} {word}: {item.text}" + (f" ({reason})" if reason else "")
    return action_step(
        store, store.get(incident), actor, item, after, fact=fact, text=text, now=now, act=act_of(item, actor)
    )


def reopen_action(store: IncidentStore, incident: int, number: int, actor: Actor, *, now: datetime) -> ActionItem:
    """It is to be done after all, by whoever had it, until its old day. Raises NotFound, NotAllowed, Stale."""
    item = actions_of(store).get(incident, number)
    if item.is_open:
        raise IllegalTransition(f"{item.id} is open.", field="status", remedy=f"action {incident}")
    after = replace(item, status=ActionStatus.OPEN, ended_at=None, ended_by="", why="", version=item.version + 1)
    text = f"Action item {item.id} goes on: {item.text}"
    return action_step(
        store,
        store.get(incident),
        actor,
        item,
        after,
        fact=Fact.ACTION_CHANGED,
        text=text,
        now=now,
        act=act_of(item, actor),
    )
