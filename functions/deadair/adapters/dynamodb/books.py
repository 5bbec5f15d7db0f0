"""The whole ledger read from the incidents table, and single parts of it read again.

Knows which items are the ledger's. Reads the whole table, so no room may import it. Refuses to compare.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.many import read_many
from deadair.domain.balance import Became, Books, Difference, Recorded
from deadair.domain.timeline import Source

# The end of an entry's id names the transition that it tells of; entries of people end otherwise.
TOLD_OF = re.compile(r"#([0-9a-f]{32})$")
PARTS = "pk, sk, outcome, reason, incident, #body, message_id, #transition, #source, id"
NAMES = {"#body": "body", "#transition": "transition", "#source": "source"}


def read_books(client: Any, table: str, tell: Callable[[int], None]) -> Books:
    """Everything. `tell` hears how many items each page had."""
    books = Books()
    for page in client.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression=PARTS, ExpressionAttributeNames=NAMES, ConsistentRead=True
    ):
        for item in page["Items"]:
            _file(item, books)
        tell(int(page.get("ScannedCount", len(page["Items"]))))
    return books


def look_again(client: Any, table: str, books: Books, found: Iterable[Difference]) -> None:
    """Read anew what these differences are about, into `books`: meanwhile the line went on."""
    for difference in found:
        if difference.message_id:
            books.received.pop(difference.message_id, None)
            books.became.pop(difference.message_id, None)
            both = [keys.received(difference.message_id), keys.outcome(difference.message_id)]
            for item in read_many(client, table, both):
                _file(item, books)
        if difference.incident:
            number = int(difference.incident.removeprefix("INC-"))
            for item in read_many(client, table, [keys.incident(number)], ProjectionExpression="pk, sk"):
                _file(item, books)
            alarm = _read_timeline(client, table, books, difference)
            if alarm and not difference.message_id:
                _read_alarm(client, table, books, alarm)


def outcomes_again(client: Any, table: str, books: Books, message_ids: Iterable[str]) -> None:
    """Read anew what became of messages."""
    for item in read_many(client, table, map(keys.outcome, message_ids)):
        _file(item, books)


def _read_timeline(client: Any, table: str, books: Books, difference: Difference) -> str:
    """The timeline as it is now; returns the key of the alarm whose transition the difference is about."""
    number, alarm = int(difference.incident.removeprefix("INC-")), ""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :entry)",
        ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":entry": {"S": "ENTRY#"}},
        ProjectionExpression="pk, sk, #source, id, #data",
        ExpressionAttributeNames={"#source": "source", "#data": "data"},
        ConsistentRead=True,
    )
    for page in pages:
        for item in page["Items"]:
            _file(item, books)
            if difference.transition and item["id"]["S"].endswith(f"#{difference.transition}"):
                alarm = from_item(item).get("data", {}).get("alarm_key", "")
    return alarm


def _read_alarm(client: Any, table: str, books: Books, alarm: str) -> None:
    """The records of one alarm's transitions as they are now."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ALARM#{alarm}"}},
        ProjectionExpression="pk, sk, outcome, incident, message_id, #transition",
        ExpressionAttributeNames={"#transition": "transition"},
        ConsistentRead=True,
    )
    for page in pages:
        for item in page["Items"]:
            _file(item, books)


def _file(item: dict[str, Any], books: Books) -> None:
    kind, _, name = item["pk"]["S"].partition("#")
    if kind == "MSG":
        _file_message(name, from_item(item), books)
    elif kind == "ALARM":
        f = from_item(item)
        books.recorded[f["transition"]] = Recorded(f["message_id"], f["outcome"], f.get("incident", ""))
    elif kind == "INC" and item["sk"]["S"] == "HEAD":
        books.there.add(f"INC-{name}")
    elif kind == "INC" and item["sk"]["S"].startswith("ENTRY#") and item["source"]["S"] == Source.ALARM.value:
        told = TOLD_OF.search(item["id"]["S"])
        if told:
            books.told.setdefault(told[1], set()).add(f"INC-{name}")


def _file_message(message_id: str, f: dict[str, Any], books: Books) -> None:
    if f["sk"] == "RECEIVED":
        books.received[message_id] = f.get("body", "")
    elif f["sk"] == "OUTCOME":
        books.became[message_id] = Became(f["outcome"], f.get("reason", ""), f.get("incident", ""))
