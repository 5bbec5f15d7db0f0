"""What a look at an incident found, as an item beside its state.

Knows both shapes, and that a new finding is written together with what it changes: the incident's `looked` and a line
of the timeline. Refuses to know how anything was found.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import incident_writes
from deadair.adapters.dynamodb.items import Item, entry_from, from_item, instant, to_item, when
from deadair.adapters.dynamodb.transact import Write, commit, put_new, put_over
from deadair.domain.diagnosed import Confidence, Diagnosed, LogError, NearChange
from deadair.domain.history import Failed, History
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Entry

# A flapping alarm leaves thousands of lines, which all say the same.
LINES_READ = 50


class DiagnosisStore:
    """Writes of diagnoses. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def save(self, number: int, found: Diagnosed) -> None:
        """What was found; `found.edit` is one more than what was read. Raises LostRace or Unavailable."""
        commit(self.client, [self._found(number, found)])

    def save_told(self, before: Incident, after: Incident, found: Diagnosed, entries: Iterable[Entry]) -> None:
        """The same together with the incident and lines of its timeline. Raises LostRace or Unavailable."""
        _, writes = incident_writes(self.table, after, before.version, entries)
        commit(self.client, [self._found(after.number, found), *writes])

    def alarm_lines(self, number: int) -> list[Entry]:
        """The newest lines of the timeline, newest first; those of alarms begin with their time, so they are there."""
        found = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :entry)",
            ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":entry": {"S": "ENTRY#2"}},
            ScanIndexForward=False,
            Limit=LINES_READ,
        )
        return [entry_from(item) for item in found["Items"]]

    def _found(self, number: int, found: Diagnosed) -> Write:
        item = keys.diagnosis(number) | to_item(diagnosed_fields(found))
        return (
            put_new(self.table, item) if found.edit == 1 else put_over(self.table, item, found.edit - 1, counter="edit")
        )


def read_diagnosis(client: Any, table: str, number: int) -> Diagnosed | None:
    """What the last look at an incident found; None before the first."""
    item = client.get_item(TableName=table, Key=keys.diagnosis(number), ConsistentRead=True).get("Item")
    return diagnosed_from(item) if item else None


def diagnosed_fields(found: Diagnosed) -> dict[str, Any]:
    """Everything of a diagnosis but its key."""
    return {
        "class": found.failure_class.value,
        "confidence": found.confidence.value,
        "evidence": list(found.evidence) or None,
        "beneath": found.beneath,
        "log_errors": [{"text": one.text, "count": one.count} for one in found.log_errors] or None,
        "logs_note": found.logs_note,
        "last_good_at": instant(found.last_good_at),
        "missed_records": found.missed_records,
        "missed_why": found.missed_why,
        "affected": list(found.affected) or None,
        "process": found.process,
        "campaigns": list(found.campaigns) or None,
        "changes": [_change_fields(change) for change in found.changes] or None,
        "history": _history_fields(found.history) if found.history else None,
        "looked_at": instant(found.looked_at),
        "edit": found.edit,
    }


def _history_fields(history: History) -> dict[str, Any]:
    return {
        "class": history.failure_class.value,
        "numbers": list(history.numbers),
        "days": history.days,
        "pattern": history.is_pattern,
        "failed": [{"number": one.number, "shown_by": one.shown_by, "fix": one.fix} for one in history.failed],
    }


def _change_fields(change: NearChange) -> dict[str, Any]:
    return {"at": instant(change.at), "kind": change.kind, "text": change.text, "by": change.by}


def diagnosed_from(item: Item) -> Diagnosed:
    """A diagnosis from its item. Items of earlier versions hold less."""
    f = from_item(item)
    return Diagnosed(
        failure_class=FailureClass(f["class"]),
        confidence=Confidence(f["confidence"]),
        evidence=tuple(f.get("evidence", ())),
        beneath=FailureClass(f["beneath"]) if "beneath" in f else None,
        log_errors=tuple(LogError(one["text"], one["count"]) for one in f.get("log_errors", ())),
        logs_note=f.get("logs_note", ""),
        last_good_at=when(f.get("last_good_at")),
        missed_records=f.get("missed_records"),
        missed_why=f.get("missed_why", ""),
        affected=tuple(f.get("affected", ())),
        process=f.get("process", ""),
        campaigns=tuple(f.get("campaigns", ())),
        changes=tuple(_change_from(one) for one in f.get("changes", ())),
        history=_history_from(f["history"]) if "history" in f else None,
        looked_at=when(f.get("looked_at")),
        edit=f["edit"],
    )


def _history_from(f: Mapping[str, Any]) -> History:
    return History(
        failure_class=FailureClass(f["class"]),
        numbers=tuple(f["numbers"]),
        days=f["days"],
        is_pattern=f["pattern"],
        failed=tuple(Failed(number=one["number"], shown_by=one["shown_by"], fix=one["fix"]) for one in f["failed"]),
    )


def _change_from(f: Mapping[str, Any]) -> NearChange:
    return NearChange(datetime.fromisoformat(f["at"]), f["kind"], f["text"], f["by"])
