"""The words of published postmortems, version by version: written once, with the state that they were published from.

Knows their items. Refuses to know documents: those are made of these words and the facts of the day.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import Item, from_item, impact_fields, instant, to_item
from deadair.adapters.dynamodb.transact import put_new
from deadair.domain.postmortem import Postmortem
from deadair.domain.published import Published, Why
from deadair.domain.said import Impact
from deadair.domain.timeline import Entry


def save_version(
    store: IncidentStore, number: int, before: Postmortem, after: Postmortem, published: Published, *entries: Entry
) -> None:
    """The new state, the words of its version and the entries in one transaction. Raises Stale."""
    words = put_new(store.table, keys.published(number, published.version) | to_item(_fields(published)))
    writes = [*store.postmortem_writes(number, before, after, *entries), words]
    store.commit(writes, f"The postmortem of INC-{number}")


def read_versions(store: IncidentStore, number: int, since: int = 0) -> list[Published]:
    """The published versions after `since`, in their order; without those of before their words were kept."""
    pages = store.client.get_paginator("query").paginate(
        TableName=store.table,
        KeyConditionExpression="pk = :pk AND sk > :since",
        ExpressionAttributeValues={
            ":pk": {"S": keys.published_pk(number)},
            ":since": keys.published(number, since)["sk"],
        },
        ConsistentRead=True,
    )
    return [_published_from(item) for page in pages for item in page["Items"]]


def read_version(store: IncidentStore, number: int, version: int) -> Published | None:
    """The words of one version; None when they were not kept."""
    key = keys.published(number, version)
    item = store.client.get_item(TableName=store.table, Key=key, ConsistentRead=True).get("Item")
    return _published_from(item) if item else None


def _fields(published: Published) -> dict[str, Any]:
    return {
        "version": published.version,
        "why": published.why.value,
        "at": instant(published.at),
        "by": published.by,
        "reviewed_by": published.reviewed_by,
        "words": published.words,
        "answers": published.answers,
        "extras": published.extras,
        "impact": impact_fields(published.impact),
    }


def _published_from(item: Item | Mapping[str, Any]) -> Published:
    f = from_item(item)
    return Published(
        version=f["version"],
        why=Why(f["why"]),
        at=datetime.fromisoformat(f["at"]),
        by=f.get("by", ""),
        reviewed_by=f.get("reviewed_by", ""),
        words=f["words"],
        answers=f["answers"],
        extras=f["extras"],
        impact=Impact(**f["impact"]),
    )
