"""An action item gets other words, another day, another owner, another kind, or its place in a tracker."""

from dataclasses import replace
from datetime import date, datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.action_item import ActionItem, ActionKind
from deadair.domain.errors import Stale
from deadair.domain.ownership import Person, same_person
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.actions.add_action import due
from deadair.usecases.actions.writing import act_of, action_step, actions_of, address, must_be_open, said

TRACKER = "tracker"


def change_action(
    store: IncidentStore,
    incident: int,
    number: int,
    actor: Actor,
    *,
    now: datetime,
    today: date | None = None,
    text: str | None = None,
    kind: ActionKind | None = None,
    owner: Person | None = None,
    due_on: date | None = None,
    link: str | None = None,
    seen: int | None = None,
) -> ActionItem:
    """What is None stays. `seen` is the version that the person saw. What changes nothing writes nothing.

    Raises NotFound, NotAllowed, Invalid, IllegalTransition for one that ended, and Stale.
    """
    item = actions_of(store).get(incident, number)
    if seen is not None and seen != item.version:
        raise Stale(f"{item.id} was changed meanwhile. Nothing changed.", field="version", remedy="Look, then save.")
    must_be_open(item)
    after = replace(
        item,
        text=item.text if text is None else said(text),
        kind=kind or item.kind,
        owner=item.owner if owner is None or same_person(owner, item.owner) else owner,
        due_on=item.due_on if due_on in (None, item.due_on) else due(due_on, today or now.date()),
        link=item.link if link is None else address(link),
    )
    told = _told(item, after)
    if not told:
        return item
    after = replace(after, version=item.version + 1)
    return action_step(
        store,
        store.get(incident),
        actor,
        item,
        after,
        fact=Fact.ACTION_CHANGED,
        text=f"Action item {item.id}: {told}",
        now=now,
        act=act_of(item, actor),
    )


def keep_link(store: IncidentStore, incident: int, number: int, actor: Actor, link: str, *, now: datetime) -> bool:
    """A tracker says where it keeps the item, however that has ended. Whether that was news. Raises as the others.

    The fact says that a tracker caused it, so that no tracker is told of it.
    """
    item = actions_of(store).get(incident, number)
    after = replace(item, link=address(link), version=item.version + 1)
    if after.link == item.link:
        return False
    text = f"Action item {item.id}: in the tracker, {after.link}"
    action_step(
        store,
        store.get(incident),
        actor,
        item,
        after,
        fact=Fact.ACTION_CHANGED,
        text=text,
        now=now,
        data={"by": TRACKER},
    )
    return True


def _told(item: ActionItem, after: ActionItem) -> str:
    """What changed, in words; empty for nothing."""
    told = [
        after.text if after.text != item.text else "",
        after.kind.value if after.kind is not item.kind else "",
        f"handed to {after.owner.name}" if after.owner != item.owner else "",
        f"by {after.due_on:%-d %b %Y}" if after.due_on != item.due_on else "",
        (f"link {after.link}" if after.link else "link taken away") if after.link != item.link else "",
    ]
    return ", ".join(filter(None, told))
