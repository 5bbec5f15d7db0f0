"""Whether every log of consent is whole, and says what the timelines say.

Knows that the end of each chain is kept on its incident, and that alarms go on writing while it is read. For operators;
it reads the whole table once to find the incidents, so no room may import it.
"""

from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.consent_log import consent_from, consent_item
from deadair.adapters.dynamodb.incident_items import incident_from
from deadair.adapters.dynamodb.items import Item, entry_from
from deadair.domain.audit import Head
from deadair.domain.consent import ConsentEntry, problems
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry

# An incident that is written between two reads is read again.
TURNS = 5


@dataclass(frozen=True, slots=True)
class End:
    """The end of one incident's log."""

    incident: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ends` are what to keep elsewhere: given back to a later look, they prove that nothing up to there changed."""

    entries: int = 0
    ends: tuple[End, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_consent(client: Any, table: str, kept: tuple[End, ...] = ()) -> Verdict:
    """Look at every incident about consent. `kept` are ends of an earlier look. `client` is a DynamoDB client."""
    count, ends, found = 0, [], []
    anchors = {end.incident: end for end in kept}
    for number in sorted(_numbers(client, table) | {int(end.incident.removeprefix("INC-")) for end in kept}):
        chain, wrong, end = _look(client, table, number)
        count += len(chain)
        found += wrong + _broken(anchors.get(f"INC-{number}"), chain)
        ends += [End(f"INC-{number}", end.number, end.hash)] if end.number else []
    return Verdict(count, tuple(ends), found)


def _numbers(client: Any, table: str) -> set[int]:
    """The incidents about consent, and those of which there is a log."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ProjectionExpression="pk",
        FilterExpression="begins_with(pk, :log) OR (sk = :head AND (consent = :yes OR attribute_exists(consent_log)))",
        ExpressionAttributeValues={
            ":log": {"S": f"{keys.CONSENT}#"},
            ":head": {"S": keys.HEAD},
            ":yes": {"BOOL": True},
        },
        ConsistentRead=True,
    )
    return {int(item["pk"]["S"].partition("#")[2]) for page in pages for item in page["Items"]}


def _look(client: Any, table: str, number: int) -> tuple[list[ConsentEntry], list[str], Head]:
    for _ in range(TURNS):
        incident = _incident(client, table, number)
        chain, odd = _chain(client, table, number)
        timeline = [entry_from(item) for item in _items(client, table, keys.incident_pk(number), "ENTRY#")]
        if (again := _incident(client, table, number)) and incident and again.version != incident.version:
            continue
        break
    if incident is None:
        return chain, [*odd, f"INC-{number}: its log is there, the incident is not"], Head()
    return chain, [*odd, *_judged(incident, chain, timeline)], incident.consent_log


def _judged(incident: Incident, chain: list[ConsentEntry], timeline: list[Entry]) -> list[str]:
    if not chain and not incident.consent_log.number:
        return (
            [f"{incident.id}: it is about consent and has no log, or is from before there was one"] if timeline else []
        )
    return problems(incident.id, chain, incident.consent_log, timeline)


def _incident(client: Any, table: str, number: int) -> Incident | None:
    item = client.get_item(TableName=table, Key=keys.incident(number), ConsistentRead=True).get("Item")
    return incident_from(item) if item else None


def _chain(client: Any, table: str, number: int) -> tuple[list[ConsentEntry], list[str]]:
    chain, odd = [], []
    for item in _items(client, table, keys.consent(number, 1)["pk"]["S"], "E#"):
        entry = _faithful(number, item)
        if entry is None:
            odd.append(f"INC-{number}: {item['sk']['S']} is not as it was written")
        else:
            chain.append(entry)
    return chain, odd


def _faithful(number: int, item: Item) -> ConsentEntry | None:
    """The entry of an item; None when the item is not what writing that entry makes."""
    try:
        entry = consent_from(item)
        return entry if consent_item(number, entry) == item else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _items(client: Any, table: str, pk: str, begins: str) -> list[Item]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :begins)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":begins": {"S": begins}},
        ConsistentRead=True,
    )
    return [item for page in pages for item in page["Items"]]


def _broken(anchor: End | None, chain: list[ConsentEntry]) -> list[str]:
    if anchor is None or any((entry.number, entry.hash) == (anchor.number, anchor.hash) for entry in chain):
        return []
    return [f"{anchor.incident}: what an earlier look saw as entry {anchor.number} is no longer there"]
