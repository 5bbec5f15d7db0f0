"""What all steps on action items share: who may, what the timeline says, and all of it in one transaction.

Knows that whoever has an item may end and change it, and so may whoever works on its incident. Refuses to read what
the caller has read.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from deadair.adapters.dynamodb.actions import ActionStore, action_writes
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.step_writes import step_writes
from deadair.domain.action_item import TEXT_LIMIT, ActionItem, ActionStatus
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.ownership import same_person
from deadair.domain.permission import Act
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import allowed, entry_of, with_data, within

LINK_LIMIT = 2000


def actions_of(store: IncidentStore) -> ActionStore:
    """The action items beside these incidents."""
    return ActionStore(store.client, store.table)


def act_of(item: ActionItem, actor: Actor) -> Act:
    """What somebody needs to be allowed, to end or change it: whoever has it only needs to be a member."""
    return Act.NOTE if same_person(item.owner, actor.person) else Act.WORK


def action_step(
    store: IncidentStore,
    incident: Incident,
    actor: Actor,
    before: ActionItem | None,
    after: ActionItem,
    *,
    fact: Fact,
    text: str,
    now: datetime,
    act: Act = Act.NOTE,
    data: Mapping[str, str] | None = None,
) -> ActionItem:
    """The item and its entry together. Raises NotAllowed and Stale, and then nothing changed."""
    entry = replace(entry_of(incident, allowed(incident, actor, act), fact, text, now=now), id=entry_name(after, now))
    entry = with_data(entry, action=str(after.number), status=after.status.value, **(data or {}))
    changed, writes = action_writes(store.table, before, after, incident, entry)
    store.commit([*writes, *step_writes(store.table, [(incident.number, entry)], [changed])], after.id)
    return after


def entry_name(item: ActionItem, now: datetime) -> str:
    """The id of the entry of a step that ends in this state. It holds the version, so that it is written once only."""
    return f"{now.isoformat(timespec='milliseconds')}#action{item.number:03d}v{item.version:06d}"


def must_be_open(item: ActionItem) -> None:
    """Raises IllegalTransition that says how it ended."""
    if item.is_open:
        return
    word = "done" if item.status is ActionStatus.DONE else "dropped"
    by = f" by {item.ended_by}" if item.ended_by else ""
    told = f"{item.id} is {word} already{by}."
    raise IllegalTransition(told, field="status", remedy=f"action {item.incident}-A{item.number} reopen")


def said(text: str) -> str:
    """What is to be done, as it is kept: one line, without secrets. Raises Invalid for nothing and for too much."""
    bare = " ".join(within(text, TEXT_LIMIT, what="action item").split())
    if not bare:
        raise Invalid("The action item is empty.", field="text", remedy="Say what is to be done.")
    return redact(bare)


def address(url: str) -> str:
    """A tracker's address as it is kept; empty stays empty. Raises Invalid for what is no http(s) address."""
    bare = within(url, LINK_LIMIT, what="address", field="link")
    if not bare:
        return ""
    try:
        parts = urlsplit(bare)
        odd = not parts.hostname or parts.port == 0 or parts.scheme not in {"http", "https"}
    except ValueError:
        odd = True
    if odd or not bare.isprintable() or " " in bare:
        raise Invalid("That is no address of a ticket.", field="link", remedy="https://…")
    if parts.username or parts.password:
        raise Invalid("There is a password in that address.", field="link", remedy="Leave it out.")
    return redact(bare)
