"""The intake's side of the incidents table: what was received, what became of it, and each integration's line.

Knows keys and conditions. Refuses to know events: what a message meant was decided before it comes here.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.counter import next_numbers
from deadair.adapters.dynamodb.incidents import incident_writes
from deadair.adapters.dynamodb.items import Item, instant, to_item
from deadair.adapters.dynamodb.lines import line_write
from deadair.adapters.dynamodb.looking_up import Question, Seen, look
from deadair.adapters.dynamodb.many import write_many
from deadair.adapters.dynamodb.transact import LostRace, Write, commit, put, put_new
from deadair.domain.alarm import digest
from deadair.domain.early import Arrival
from deadair.domain.letter import marked
from deadair.domain.line import Line, Outcome, Ruling, outcome_of

# DynamoDB refuses items over 400 KB; what is larger than this goes to the bucket, named by its hash.
RAW_IN_ITEM = 64 * 1024
MESSAGE_KEPT = 1000
AGAIN = "SET reason = :reason, #message = :message, failed_at = :at, state_pk = :state, state_sk = :sort"


class Ledger:
    """`client` is a low-level DynamoDB client, `objects` an S3 client for raw events too big for an item."""

    def __init__(self, client: Any, table: str, objects: Any, bucket: str) -> None:
        self.client = client
        self.table = table
        self.objects = objects
        self.bucket = bucket

    def receive(self, bodies: Mapping[str, str], now: datetime) -> None:
        """Note that messages (by id) came out of the queue, before anything is made of them. Safe to repeat.

        The digest of a body tells whether another message brought the same: AWS gives a redriven one a new id.
        """
        at = instant(now)
        items = [keys.received(i) | to_item({"at": at, "body": digest(body)}) for i, body in bodies.items()]
        write_many(self.client, self.table, [{"PutRequest": {"Item": item}} for item in items])

    def look(self, questions: list[Question]) -> Seen:
        """Everything that recording needs to know, in one call."""
        return look(self.client, self.table, questions)

    def numbers(self, count: int) -> list[int]:
        """That many new incident numbers. A number that is not used after all stays unused."""
        return next_numbers(self.client, self.table, count)

    def writes(self, arrival: Arrival, raw: str, ruling: Ruling, *, was: Line, seen: int, now: datetime) -> list[Write]:
        """The writes of one ruling. `seen` is the version of the incident that was read, 0 for a new one."""
        incident = ruling.incident
        told = {"outcome": ruling.outcome.value, "incident": incident.id if incident else "", "reason": ruling.reason}
        transition = arrival.transition
        fields = told | {"transition": transition.key, "message_id": arrival.message_id, "recorded_at": instant(now)}
        writes = [put_new(self.table, keys.transition(transition) | to_item(fields | self._raw(raw)))]
        writes.append(self.outcome(arrival.message_id, told, now))
        if incident is not None:
            writes += incident_writes(self.table, incident, seen, ruling.entries)[1]
            for early in ruling.adopted:
                late = {"outcome": outcome_of(early.transition).value, "incident": incident.id, "reason": "adopted"}
                writes.append(self.outcome(early.message_id, late, now))
                writes.append(_retold(self.table, early, late))
        if ruling.line is not None:
            writes.append(line_write(self.table, ruling.line, was))
        return writes

    def outcome(self, message_id: str, told: dict[str, Any], now: datetime) -> Write:
        """What became of a message, for `commit` together with the rest."""
        return put(self.table, _outcome_item(message_id, told, now))

    def settle(self, message_id: str, outcome: Outcome, *, reason: str, now: datetime) -> None:
        """The outcome of a message that changes nothing else."""
        told = {"outcome": outcome.value, "reason": reason}
        self.client.put_item(TableName=self.table, Item=_outcome_item(message_id, told, now))

    def dead_letter(
        self, message_id: str, *, reason: str, message: str, raw: str, now: datetime, mark: str = ""
    ) -> None:
        """Keep a message that can never be processed, with its reason and its raw text. Safe to repeat.

        `mark` says which letter it is, if it is one that was sent once more: that letter then waits again.
        """
        told = {"outcome": Outcome.DEAD_LETTERED.value, "reason": reason, "message": message[:MESSAGE_KEPT]}
        letter, attempt = marked(mark)
        if letter and self._waits_again(letter, attempt, message_id, told, now):
            return
        listed = {"state_pk": keys.DEAD, "state_sk": f"{instant(now)}#{message_id}", "message_id": message_id}
        item = _outcome_item(message_id, told | self._raw(raw) | listed, now)
        with suppress(LostRace):  # it is a letter already, and may have been sent once more since
            self.commit([put_new(self.table, item)])

    def _waits_again(self, letter: str, attempt: int, message_id: str, told: dict[str, str], now: datetime) -> bool:
        """Put the outcome of a letter's further sending, and let the letter wait. False: there is no such sending."""
        again = {":reason": told["reason"], ":message": told["message"], ":at": instant(now), ":try": attempt}
        listed = {":state": keys.DEAD, ":sort": f"{instant(now)}#{letter}", ":dead": Outcome.DEAD_LETTERED.value}
        update = {
            "TableName": self.table,
            "Key": keys.outcome(letter),
            "UpdateExpression": AGAIN,
            "ConditionExpression": "outcome = :dead AND tries = :try",
            "ExpressionAttributeNames": {"#message": "message"},
            "ExpressionAttributeValues": to_item(again | listed),
        }
        try:
            self.commit([self.outcome(message_id, told | {"letter": letter}, now), {"Update": update}])
        except LostRace:
            return False
        return True

    def gone_as(self, message_id: str, new_id: str, now: datetime) -> None:
        """The outcome of a message that was received and goes on under another id; what it became already stands."""
        told = {"outcome": Outcome.DEAD_LETTERED.value, "reason": "redriven", "redriven_as": new_id}
        known = {
            "TableName": self.table,
            "Key": keys.received(message_id),
            "ConditionExpression": "attribute_exists(pk)",
        }
        with suppress(LostRace):
            self.commit([{"ConditionCheck": known}, put_new(self.table, _outcome_item(message_id, told, now))])

    def commit(self, writes: list[Write]) -> None:
        """All or nothing. Raises LostRace or Unavailable."""
        commit(self.client, writes)

    def _raw(self, raw: str) -> dict[str, str]:
        data = raw.encode("utf-8", "surrogatepass")
        if len(data) <= RAW_IN_ITEM:
            return {"raw": raw}
        sha = hashlib.sha256(data).hexdigest()
        self.objects.put_object(Bucket=self.bucket, Key=f"raw/{sha}", Body=data)
        return {"raw_ref": f"raw/{sha}", "raw_bytes": str(len(data))}


def _outcome_item(message_id: str, told: dict[str, Any], now: datetime) -> Item:
    return keys.outcome(message_id) | to_item(told | {"at": instant(now)})


def _retold(table: str, early: Arrival, told: dict[str, str]) -> Write:
    """The record of a transition that came too early, now with its incident, so that a later delivery is told it."""
    return {
        "Update": {
            "TableName": table,
            "Key": keys.transition(early.transition),
            "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in told),
            "ExpressionAttributeNames": {f"#{name}": name for name in told},
            "ExpressionAttributeValues": {f":{name}": {"S": text} for name, text in told.items()},
        }
    }
