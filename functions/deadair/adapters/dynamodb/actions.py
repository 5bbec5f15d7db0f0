"""Action items in the incidents table, and lists of them: of an incident, an integration, a person, of all.

Knows their keys, their places in the indexes and that one that was taken back is in no list. Refuses to decide
anything.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.changes import TAKEN_BACK
from deadair.adapters.dynamodb.incidents import entry_item, incident_writes
from deadair.adapters.dynamodb.items import Item, from_item, instant, person_fields, to_item, when
from deadair.adapters.dynamodb.places import places
from deadair.adapters.dynamodb.steps import Changed
from deadair.adapters.dynamodb.transact import Write, put_new, put_over
from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.errors import NotFound
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.timeline import Entry

log = logging.getLogger(f"deadair.{__name__}")
# More that are open at once are no list for people any more.
MOST = 2000
LISTED = frozenset({"state_pk", "state_sk", "integration_pk", "integration_sk"})
FOLLOWS = LISTED | {"pk", "sk", "version"}
ODD = (KeyError, TypeError, ValueError)


def action_fields(item: ActionItem) -> dict[str, Any]:
    """Everything of an action item but its keys."""
    return {
        "incident": item.incident,
        "number": item.number,
        "integration": item.integration,
        "text": item.text,
        "kind": item.kind.value,
        "owner": person_fields(item.owner),
        "due_on": item.due_on.isoformat(),
        "added_by": item.added_by,
        "added_at": instant(item.added_at),
        "link": item.link,
        "status": item.status.value,
        "ended_at": instant(item.ended_at),
        "ended_by": item.ended_by,
        "why": item.why,
        "version": item.version,
    }


def action_from(item: Mapping[str, Any]) -> ActionItem:
    """The inverse of `action_fields`, from an item. Raises KeyError, TypeError and ValueError for what is none."""
    f = from_item(item)
    return ActionItem(
        incident=f["incident"],
        number=f["number"],
        integration=f["integration"],
        text=f["text"],
        kind=ActionKind(f["kind"]),
        owner=Person(**f["owner"]),
        due_on=date.fromisoformat(f["due_on"]),
        added_by=f.get("added_by", ""),
        added_at=datetime.fromisoformat(f["added_at"]),
        link=f.get("link", ""),
        status=ActionStatus(f["status"]),
        ended_at=when(f.get("ended_at")),
        ended_by=f.get("ended_by", ""),
        why=f.get("why", ""),
        version=f["version"],
    )


def action_item(item: ActionItem) -> Item:
    """An action item with its keys and index keys: what is open by its day, what ended by when."""
    state = keys.ACTIONS if item.is_open else keys.ACTIONS_ENDED
    since = item.due_on.isoformat() if item.is_open else (instant(item.ended_at) or "")
    listed = {
        "state_pk": state,
        "state_sk": f"{since}#{item.id}",
        "integration_pk": f"{keys.ACTIONS}#{item.integration}",
        "integration_sk": f"{item.status.value}#{item.due_on.isoformat()}#{item.id}",
    }
    return keys.action(item.incident, item.number) | to_item(action_fields(item) | listed)


def action_again(table: str, was: Item, after: Item) -> tuple[Changed, Write]:
    """An action item as it is put back, or taken back: what that changes, and its write over what `was` there."""
    seen = int(was["version"]["N"])
    item = action_item(replace(action_from(after), version=seen + 1))
    if TAKEN_BACK in after:
        item = {name: value for name, value in item.items() if name not in LISTED} | {TAKEN_BACK: after[TAKEN_BACK]}
    return _changed(was, item), put_over(table, item, seen)


def _changed(was: Item, item: Item) -> Changed:
    return Changed({"pk": item["pk"], "sk": item["sk"]}, tuple(places(was, item, FOLLOWS)), new=not was)


def action_writes(
    table: str, before: ActionItem | None, after: ActionItem, incident: Incident, entry: Entry
) -> tuple[Changed, list[Write]]:
    """What a step changes, and the writes of the item and of its timeline entry.

    The log of consent goes on with the incident's version; of other incidents nothing else changes.
    """
    was, item = action_item(before) if before else {}, action_item(after)
    writes = [put_over(table, item, before.version) if before else put_new(table, item)]
    if incident.consent:
        told = replace(incident, version=incident.version + 1)
        writes += incident_writes(table, told, incident.version, [entry])[1]
    else:
        writes.append(put_new(table, entry_item(incident.number, entry)))
    return _changed(was, item), writes


class ActionStore:
    """Reads of action items. `client` is a low-level DynamoDB client. Its errors are botocore's."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def get(self, incident: int, number: int) -> ActionItem:
        """One of them as it is now. Raises NotFound."""
        key = keys.action(incident, number)
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None or TAKEN_BACK in item:
            told = f"INC-{incident} has no action item {number}."
            raise NotFound(told, field="action", remedy=f"action {incident}")
        return action_from(item)

    def of_incident(self, number: int) -> list[ActionItem]:
        """All of an incident as they are now, by number."""
        return readable_actions(self._of_incident(number))

    def next_number(self, incident: int) -> int:
        """The number of the next one. Numbers of those that were taken back stay theirs."""
        return 1 + max((int(item["number"]["N"]) for item in self._of_incident(incident)), default=0)

    def open_actions(self, limit: int = MOST) -> list[ActionItem]:
        """What is open anywhere, the earliest day first."""
        return self._by("by_state", "state_pk", keys.ACTIONS, limit)

    def ended_actions(self, limit: int = 200) -> list[ActionItem]:
        """What ended anywhere, the latest first."""
        return self._by("by_state", "state_pk", keys.ACTIONS_ENDED, limit, ScanIndexForward=False)

    def of_integration(self, slug: str, *, open_only: bool = True, limit: int = MOST) -> list[ActionItem]:
        """Those of an integration, the earliest day first; of all of them, what is done or dropped comes first."""
        more = "open#" if open_only else ""
        return self._by("by_integration", "integration_pk", f"{keys.ACTIONS}#{slug}", limit, begins=more)

    def of_person(self, person: Person) -> list[ActionItem]:
        """What somebody still has to do, the earliest day first."""
        return [item for item in self.open_actions() if same_person(item.owner, person)]

    def _of_incident(self, number: int) -> list[Item]:
        return self._query(
            MOST,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :action)",
            ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":action": {"S": keys.ACTION}},
            ConsistentRead=True,
        )

    def _by(
        self, index: str, attribute: str, value: str, limit: int, *, begins: str = "", **more: Any
    ) -> list[ActionItem]:
        condition, values = f"{attribute} = :pk", {":pk": {"S": value}}
        if begins:
            condition += f" AND begins_with({attribute.replace('_pk', '_sk')}, :begins)"
            values[":begins"] = {"S": begins}
        query = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        return readable_actions(self._query(limit, IndexName=index, **query, **more))

    def _query(self, limit: int, **query: Any) -> list[Item]:
        items: list[Item] = []
        for page in self.client.get_paginator("query").paginate(TableName=self.table, **query):
            items += page["Items"]
            if len(items) >= limit:
                break
        return items[:limit]


def readable_actions(items: Iterable[Item]) -> list[ActionItem]:
    """Those that this version understands, without what was taken back. One odd item must hide no other."""
    found = []
    for item in items:
        if TAKEN_BACK in item:
            continue
        try:
            found.append(action_from(item))
        except ODD:
            log.exception("an action item cannot be read", extra={"item": item["sk"]["S"]})
    return found
