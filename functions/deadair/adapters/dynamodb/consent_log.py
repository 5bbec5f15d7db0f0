"""The log of consent as items. Each incident has a chain of its own, so that two incidents never wait for each other.

Knows keys and shapes, and that the chain's end is kept on the incident, whose version is the condition of every write:
nothing more has to be read, and no two writers can fork it. Refuses to write: whoever writes the incident does.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.domain.consent import ConsentEntry, logged
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry


def with_log(incident: Incident, entries: Iterable[Entry]) -> tuple[Incident, list[Item]]:
    """The incident with the new end of its chain, and the chain's new items. Without consent: as it was, and none."""
    if not incident.consent:
        return incident, []
    head, made = logged(incident.consent_log, entries, incident.systems)
    return replace(incident, consent_log=head), [consent_item(incident.number, entry) for entry in made]


def consent_item(number: int, entry: ConsentEntry) -> Item:
    """An entry with its keys; `by_state` lists all of them by the time at which they were recorded."""
    at = instant(entry.recorded_at)
    told = asdict(entry) | {"occurred_at": instant(entry.occurred_at), "recorded_at": at}
    told["systems"] = list(entry.systems)
    listed = {"state_pk": keys.CONSENT, "state_sk": f"{at}#{number:09d}#{entry.number:06d}"}
    return keys.consent(number, entry.number) | to_item(told | listed)


def consent_from(item: Item) -> ConsentEntry:
    """The inverse of `consent_item`. Raises KeyError, TypeError and ValueError for what was never such an item."""
    f = from_item(item)
    return ConsentEntry(
        incident=f["incident"],
        number=f["number"],
        entry=f["entry"],
        what=f["what"],
        by=f.get("by", ""),
        source=f["source"],
        occurred_at=datetime.fromisoformat(f["occurred_at"]),
        recorded_at=datetime.fromisoformat(f["recorded_at"]),
        text=f.get("text", ""),
        systems=tuple(f.get("systems", ())),
        records=f.get("records", ""),
        override=f.get("override", False),
        prev=f["prev"],
        hash=f["hash"],
    )


def list_consent(client: Any, table: str, limit: int, number: int | None = None) -> list[ConsentEntry]:
    """The newest entries, newest first, of one incident or of all. `client` is a low-level DynamoDB client."""
    if number is not None:
        where = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": keys.consent(number, 1)["pk"]["S"]}},
        }
    else:
        where = {
            "IndexName": "by_state",
            "KeyConditionExpression": "state_pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": keys.CONSENT}},
        }
    found: list[ConsentEntry] = []
    for page in client.get_paginator("query").paginate(TableName=table, ScanIndexForward=False, **where):
        found += [consent_from(item) for item in page["Items"]]
        if len(found) >= limit:
            break
    return found[:limit]
