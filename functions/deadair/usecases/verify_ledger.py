"""Conservation: nothing that was received may be missing.

Compares two records that are made apart from each other: what came out of the queue, noted before it was looked
at, and what became of it, written with the change itself. And the timelines, counted one by one.
For operators; it reads the whole table, so no room may import it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.dynamodb.items import from_item
from deadair.domain.line import Outcome

ENTERED = (Outcome.OPENED, Outcome.APPENDED, Outcome.RECOVERED)


@dataclass(frozen=True, slots=True)
class Balance:
    """`outcomes` by name; `ignored` by reason; `waiting` messages have no outcome yet, `held` are in the queues.

    `entries` are timeline entries that alarms made. `lost` are messages that are neither settled nor in a queue.
    """

    received: int
    outcomes: dict[str, int]
    ignored: dict[str, int]
    dead: dict[str, int]
    waiting: int
    held: int
    entries: int
    problems: list[str] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        """Whether everything that was received is accounted for."""
        return not self.problems


@dataclass
class _Seen:
    received: set[str] = field(default_factory=set)
    settled: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: {"ignored": Counter(), "dead_lettered": Counter()})
    entries: int = 0


def verify_ledger(client: Any, table: str, held: int) -> Balance:
    """Read the table and draw the balance. `held` is how many messages lie in the intake queue and its dead letters."""
    seen = _Seen()
    for page in client.get_paginator("scan").paginate(
        TableName=table,
        ProjectionExpression="pk, sk, outcome, reason, #source",
        ExpressionAttributeNames={"#source": "source"},
        ConsistentRead=True,
    ):
        for item in page["Items"]:
            _count(from_item(item), seen)
    return _balance(seen, held)


def _count(item: dict[str, Any], seen: _Seen) -> None:
    pk, sk = item["pk"], item["sk"]
    if pk.startswith("MSG#"):
        message_id = pk.removeprefix("MSG#")
        if sk == "RECEIVED":
            seen.received.add(message_id)
        elif sk == "OUTCOME":
            seen.settled[message_id] = item["outcome"]
            if item["outcome"] in seen.reasons:
                seen.reasons[item["outcome"]][item.get("reason", "unknown")] += 1
    elif sk.startswith("ENTRY#") and item.get("source") == "alarm":
        seen.entries += 1


def _balance(seen: _Seen, held: int) -> Balance:
    outcomes = Counter(seen.settled.values())
    waiting = len(seen.received - seen.settled.keys())
    entered = sum(outcomes[outcome.value] for outcome in ENTERED)
    problems = []
    if waiting > held:
        problems.append(f"{waiting - held} messages were received and are neither settled nor in a queue")
    if unseen := len(seen.settled.keys() - seen.received):
        problems.append(f"{unseen} outcomes belong to messages that were never noted as received")
    if entered != seen.entries:
        problems.append(f"{entered} transitions were recorded, but timelines hold {seen.entries} entries of alarms")
    return Balance(
        received=len(seen.received),
        outcomes={outcome.value: outcomes[outcome.value] for outcome in Outcome},
        ignored=dict(seen.reasons["ignored"]),
        dead=dict(seen.reasons["dead_lettered"]),
        waiting=waiting,
        held=held,
        entries=seen.entries,
        problems=problems,
    )
