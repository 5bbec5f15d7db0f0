"""A step of a person as it is written: what it changed, in the transaction of what it changed.

Knows which attributes follow from others, and that a step is kept under each of its incidents. Refuses to read.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, instant, person_fields, to_item
from deadair.adapters.dynamodb.places import Place, places
from deadair.adapters.dynamodb.steps import KEPT, Changed, Step, Turn
from deadair.adapters.dynamodb.transact import Write, put_new
from deadair.domain.ownership import Person
from deadair.domain.timeline import Entry

# An item has at most 400 KB.
MOST_BYTES = 350_000
STANDS = "attribute_exists(pk) AND attribute_not_exists(taken_back)"
# Counts of writes, when somebody last said something, and what follows from the rest.
HEAD_FOLLOWS = frozenset({"pk", "sk", "version", "touched_at", "consent_log", "severity", "failure_class"})
LISTED = frozenset({"state_pk", "state_sk", "integration_pk", "integration_sk"})
POSTMORTEM_FOLLOWS = frozenset({"pk", "sk", "edit", "suggested", "words", "authors"})
LINE_FOLLOWS = frozenset({"pk", "sk", "slug", "early", "version"})


def head_changed(before: Item, after: Item) -> Changed:
    """What changed of an incident's state. An empty `before`: it is new."""
    return _changed(before, after, HEAD_FOLLOWS | LISTED)


def postmortem_changed(before: Item, after: Item) -> Changed:
    """What changed of a postmortem."""
    return _changed(before, after, POSTMORTEM_FOLLOWS)


def line_changed(before: Item, after: Item) -> Changed:
    """What changed of an integration's line; the news that wait there are not people's."""
    return _changed(before, after, LINE_FOLLOWS)


def item_changed(before: Item, after: Item) -> Changed:
    """What changed of any other item."""
    return _changed(before, after, frozenset({"pk", "sk"}))


def made(item: Item) -> Changed:
    """An item that the step made."""
    return Changed(_key(item), new=True)


def _changed(before: Item, after: Item, follows: frozenset[str]) -> Changed:
    return Changed(_key(after), tuple(places(before, after, follows))) if before else made(after)


def _key(item: Item) -> keys.Key:
    return {"pk": item["pk"], "sk": item["sk"]}


def step_writes(
    table: str, entries: Iterable[tuple[int, Entry]], changed: Sequence[Changed], turn: Turn | None = None
) -> list[Write]:
    """What keeps a step of a person, under each of its incidents. What nobody did by hand is no step: no writes."""
    told = [(number, entry) for number, entry in entries if entry.actor is not None]
    if not told:
        return []
    own = _texts({number: entry.id for number, entry in told})
    # The others find it at the incident that comes first.
    first, kept = next(iter(own), ""), _kept(changed)
    parts = {number: kept if str(number) == first else {"first": {"S": first}} for number, _ in told}
    turned = {"base": _texts(turn.base), "said": turn.said, "turns": turn.turns} if turn else {}
    return [
        put_new(table, keys.step(number, one.id) | to_item(_fields(one, own) | turned) | parts[number])
        for number, one in told
    ]


def _fields(entry: Entry, own: dict[str, str]) -> dict[str, Any]:
    return {
        "step": entry.fact.value,
        "said": entry.text,
        "by": person_fields(entry.actor.person if entry.actor else Person(entry.author)),
        "source": entry.source.value,
        "at": instant(entry.recorded_at),
        "entries": own,
        "expires_at": int((entry.recorded_at + KEPT).timestamp()),
    }


def _texts(entries: dict[int, str]) -> dict[str, str]:
    return {str(number): entry for number, entry in entries.items()}


def _kept(changed: Sequence[Changed]) -> Item:
    value = {"changed": {"L": [_changed_value(one) for one in changed]}}
    return value if len(json.dumps(value, ensure_ascii=False).encode()) <= MOST_BYTES else {"large": {"BOOL": True}}


def _changed_value(one: Changed) -> Item:
    listed = {"L": [_place_value(place) for place in one.places]}
    return {"M": {"key": {"M": one.key}, "places": listed, "new": {"BOOL": one.new}}}


def _place_value(place: Place) -> Item:
    path = {"path": {"L": [{"S": name} for name in place.path]}}
    values = {"before": place.before, "after": place.after}
    return {"M": path | {name: value for name, value in values.items() if value is not None}}


def carry_on(table: str, step: Step, changed: Changed, now: datetime) -> Write:
    """That a step goes on: what it has changed by now. Fails when it was taken back meanwhile."""
    kept = _kept([changed])
    values = {":at": {"S": str(instant(now))}, ":ends": {"N": str(int((now + KEPT).timestamp()))}}
    names = {f"#{name}": name for name in kept}
    sets = ["carried_on_at = :at", "expires_at = :ends", *(f"#{name} = :{name}" for name in kept)]
    return {
        "Update": {
            "TableName": table,
            "Key": keys.step(step.number, step.entry),
            "UpdateExpression": f"SET {', '.join(sets)}" + (" REMOVE changed" if "large" in kept else ""),
            "ConditionExpression": STANDS,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values | {f":{name}": value for name, value in kept.items()},
        }
    }


def forget(table: str, step: Step) -> Write:
    """That another step has taken its place. Fails when it was taken back meanwhile."""
    key = keys.step(step.number, step.entry)
    return {"Delete": {"TableName": table, "Key": key, "ConditionExpression": STANDS}}


def mark(table: str, step: Step, entry: str) -> list[Write]:
    """That an entry took the step back, or, empty, that it stands again; unless somebody was there before."""
    return [_marked(table, keys.step(number, own), step.taken_back, entry) for number, own in step.entries.items()]


def _marked(table: str, key: keys.Key, was: str, entry: str) -> Write:
    values = {":was": {"S": was}} if was else {}
    return {
        "Update": {
            "TableName": table,
            "Key": key,
            "UpdateExpression": "SET taken_back = :entry" if entry else "REMOVE taken_back",
            "ConditionExpression": "taken_back = :was" if was else "attribute_not_exists(taken_back)",
            "ExpressionAttributeValues": values | ({":entry": {"S": entry}} if entry else {}),
        }
    }
