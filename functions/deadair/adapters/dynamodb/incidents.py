"""Incidents, their timelines and postmortems in the incidents table.

Knows keys, conditions and pages. Refuses to decide anything: what is legal is the domain's business.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.consent_log import with_log
from deadair.adapters.dynamodb.counter import next_numbers
from deadair.adapters.dynamodb.incident_items import incident_fields, incident_from
from deadair.adapters.dynamodb.items import (
    Item,
    entry_fields,
    entry_from,
    postmortem_fields,
    postmortem_from,
    to_item,
)
from deadair.adapters.dynamodb.lists import Page, read_list
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.step_writes import head_changed, postmortem_changed, step_writes
from deadair.adapters.dynamodb.transact import LostRace, Write, commit, put_new, put_over
from deadair.domain.errors import NotFound, Stale, Unavailable
from deadair.domain.incident import Incident
from deadair.domain.our_own import WATCHDOG
from deadair.domain.postmortem import Postmortem
from deadair.domain.timeline import Entry, in_order

log = logging.getLogger(f"deadair.{__name__}")
# More open at once than this is no list for people any more; it keeps one answer's memory and size bounded.
MOST_OPEN = 500
# What an item says that a later version wrote: a word that this one does not know, or another shape.
ODD = (KeyError, TypeError, ValueError)


def incident_item(incident: Incident) -> Item:
    """An incident's current state with its keys and index keys."""
    return keys.incident(incident.number) | to_item(
        incident_fields(incident)
        | {
            "state_pk": keys.OPEN if incident.is_open else keys.CLOSED,
            "state_sk": incident.sort_id,
            "integration_pk": incident.integration,
            "integration_sk": incident.sort_id,
        }
    )


def entry_item(number: int, entry: Entry) -> Item:
    """A timeline entry with its keys."""
    return keys.entry(number, entry.id) | to_item(entry_fields(entry))


def postmortem_item(number: int, postmortem: Postmortem) -> Item:
    """A postmortem with its keys."""
    return keys.postmortem(number) | to_item(postmortem_fields(postmortem))


def incident_writes(
    table: str, incident: Incident, seen: int, entries: Iterable[Entry]
) -> tuple[Incident, list[Write]]:
    """The incident as it will be, and the writes of its state, of its entries and, for consent, of its log.

    `seen` is the version that was read, 0 for a new incident. Whoever goes on with the incident takes the one returned.
    """
    entries = tuple(entries)
    logged, lines = with_log(incident, entries)
    item = incident_item(logged)
    writes = [put_over(table, item, seen) if seen else put_new(table, item)]
    writes += [put_new(table, entry_item(incident.number, entry)) for entry in entries]
    return logged, writes + [put_new(table, line) for line in lines]


class IncidentStore:
    """Reads and writes of incidents. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def get(self, number: int) -> Incident:
        """The current state. Raises NotFound; Unavailable when a later version wrote it."""
        item = self._item(keys.incident(number))
        if item is None:
            raise NotFound(f"There is no INC-{number}.", field="incident", remedy="list")
        try:
            return incident_from(item)
        except ODD as odd:
            raise Unavailable(f"INC-{number} cannot be read by this version of Deadair.") from odd

    def get_many(self, numbers: list[int]) -> dict[int, Incident]:
        """The current states of incidents, by number; unknown numbers are absent."""
        items = read_many(self.client, self.table, [keys.incident(number) for number in numbers])
        found = [incident_from(item) for item in items]
        return {incident.number: incident for incident in found}

    def timeline(self, number: int) -> list[Entry]:
        """Every entry that no later entry superseded, in the order in which things happened."""
        return in_order(self.entries(number))

    def entries(self, number: int) -> list[Entry]:
        """Every entry that was ever written, in no particular order."""
        items = self._query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :entry)",
            ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":entry": {"S": "ENTRY#"}},
            ConsistentRead=True,
        )
        return [entry_from(item) for item in items]

    def entry(self, number: int, entry_id: str) -> Entry | None:
        """One entry, superseded or not; None when there is none."""
        item = self._item(keys.entry(number, entry_id))
        return entry_from(item) if item else None

    def open_incidents(self, limit: int = MOST_OPEN) -> list[Incident]:
        """The incidents that are not resolved, newest first. DynamoDB ends a page at 1 MB: then there is another."""
        return self.open_page(limit).items

    def open_page(self, limit: int = MOST_OPEN) -> Page[Incident]:
        """As `open_incidents`, and how many cannot be read."""
        page = self._by_state(keys.OPEN, limit, "")
        found, unread = page.items, page.unread
        while page.next and len(found) < limit:
            page = self._by_state(keys.OPEN, limit - len(found), page.next)
            found, unread = found + page.items, unread + page.unread
        return Page(found, page.next, unread)

    def past_incidents(self, limit: int = 50, before: str = "") -> Page[Incident]:
        """The resolved incidents, newest first, from the cursor `before` on."""
        return self._by_state(keys.CLOSED, limit, before)

    def of_integration(self, slug: str, limit: int = 20) -> list[Incident]:
        """The incidents of one integration, open and past, newest first."""
        answer = self.client.query(
            TableName=self.table,
            IndexName="by_integration",
            KeyConditionExpression="integration_pk = :slug",
            ExpressionAttributeValues={":slug": {"S": slug}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return _readable(answer["Items"])

    def opened_at(self, slug: str, at: datetime, limit: int) -> list[Incident]:
        """The incidents of one integration that opened in that millisecond."""
        answer = self.client.query(
            TableName=self.table,
            IndexName="by_integration",
            KeyConditionExpression="integration_pk = :slug AND begins_with(integration_sk, :at)",
            ExpressionAttributeValues={":slug": {"S": slug}, ":at": {"S": f"{at.isoformat(timespec='milliseconds')}#"}},
            Limit=limit,
        )
        return _readable(answer["Items"])

    def save(self, before: Incident, after: Incident, *entries: Entry) -> Incident:
        """The new state and its entries in one transaction. Raises Stale when `before` is no longer the state.

        Returns the incident as it is then: go on with that one.
        """
        saved, writes = incident_writes(self.table, after, before.version, entries)
        changed = head_changed(incident_item(before), incident_item(saved))
        self.commit(
            [*writes, *step_writes(self.table, [(before.number, one) for one in entries], [changed])], before.id
        )
        return saved

    def postmortem(self, number: int) -> Postmortem | None:
        """The postmortem of an incident, None before it is drafted."""
        item = self._item(keys.postmortem(number))
        return postmortem_from(item) if item else None

    def postmortems(self, numbers: list[int]) -> dict[int, Postmortem]:
        """The postmortems of incidents, by number; those without one are absent."""
        items = read_many(self.client, self.table, [keys.postmortem(number) for number in numbers])
        told = [postmortem_from(item) for item in items]
        return {int(one.incident.removeprefix("INC-")): one for one in told}

    def save_postmortem(self, number: int, before: Postmortem | None, after: Postmortem, *entries: Entry) -> None:
        """The new state of a postmortem and its entries in one transaction. Raises Stale."""
        self.commit(self.postmortem_writes(number, before, after, *entries), f"The postmortem of INC-{number}")

    def postmortem_writes(
        self, number: int, before: Postmortem | None, after: Postmortem, *entries: Entry
    ) -> list[Write]:
        """What saves it, for a transaction with something else."""
        item = postmortem_item(number, after)
        writes = [put_over(self.table, item, before.edit, counter="edit") if before else put_new(self.table, item)]
        writes += self._told(number, entries) if entries else []
        changed = postmortem_changed(postmortem_item(number, before) if before else {}, item)
        return writes + step_writes(self.table, [(number, one) for one in entries], [changed])

    def _told(self, number: int, entries: tuple[Entry, ...]) -> list[Write]:
        """Lines of the timeline that change nothing else. The log of consent goes on with the incident's version."""
        incident = self.get(number)
        if not incident.consent:
            return [put_new(self.table, entry_item(number, entry)) for entry in entries]
        after = replace(incident, version=incident.version + 1)
        return incident_writes(self.table, after, incident.version, entries)[1]

    def next_number(self) -> int:
        """A new incident's number. One that is not used after all stays unused."""
        return next_numbers(self.client, self.table, 1)[0]

    def commit(self, writes: list[Write], what: str) -> None:
        """All or nothing. Raises Stale when somebody wrote one of the items, and Unavailable."""
        try:
            commit(self.client, writes)
        except LostRace as lost:
            raise Stale(f"{what} was changed meanwhile. Nothing changed.", field="version", remedy="show") from lost

    def _item(self, key: keys.Key) -> Item | None:
        found: Item | None = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _query(self, **query: Any) -> list[Item]:
        items: list[Item] = []
        for page in self.client.get_paginator("query").paginate(TableName=self.table, **query):
            items += page["Items"]
        return items

    def _by_state(self, state: str, limit: int, before: str) -> Page[Incident]:
        page = read_list(self.client, self.table, state, limit, before)
        items = [item for item in page.items if item["integration_pk"]["S"] != WATCHDOG]
        found = _readable(items)
        return Page(found, page.next, len(items) - len(found))


def _readable(items: list[Item]) -> list[Incident]:
    """Those that this version understands. The others are logged: one odd incident must hide no other."""
    found = []
    for item in items:
        try:
            found.append(incident_from(item))
        except ODD:
            log.exception("an incident cannot be read", extra={"incident": item["pk"]["S"]})
    return found
