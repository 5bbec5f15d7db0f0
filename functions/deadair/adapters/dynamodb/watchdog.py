"""The watchdog's own partition: its pulse, and the rounds that are under way, which the relay publishes.

Knows that rounds are forgotten after two days and that only a later round moves the pulse. Refuses to know incidents:
a drill touches none.
"""

from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item, when
from deadair.adapters.dynamodb.many import write_many
from deadair.adapters.dynamodb.transact import NOT_MET, LostRace, commit, put_new
from deadair.domain.alarm import AlarmState
from deadair.domain.watchdog import KEPT, ROUND, SLUG, Pulse, Round

LATER = "attribute_not_exists(round_at) OR round_at < :at"


class WatchdogStore:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def begin(self, now: datetime) -> Pulse:
        """The pulse; watched from now on when it was not."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=keys.WATCHDOG_HEAD,
            UpdateExpression="SET watched_since = if_not_exists(watched_since, :now)",
            ExpressionAttributeValues={":now": {"S": f"{instant(now)}"}},
            ReturnValues="ALL_NEW",
        )
        return _pulse(answer["Attributes"])

    def pulse(self) -> Pulse | None:
        """The pulse, None before the watchdog first ran."""
        found = self._client.get_item(TableName=self._table, Key=keys.WATCHDOG_HEAD, ConsistentRead=True)
        return _pulse(found["Item"]) if "watched_since" in found.get("Item", {}) else None

    def note_said(self, state: AlarmState, owed_since: datetime) -> None:
        """In which state the drill's alarm was left, and since when a round is owed."""
        self._client.update_item(
            TableName=self._table,
            Key=keys.WATCHDOG_HEAD,
            UpdateExpression="SET said = :said, owed_since = :owed",
            ExpressionAttributeValues={":said": {"S": state.value}, ":owed": {"S": f"{instant(owed_since)}"}},
        )

    def enter(self, one: Round, now: datetime) -> None:
        """A round is in the table, from where it goes on as facts do. Nothing happens when it is there already."""
        fields = {
            "fact": ROUND,
            "id": one.id,
            "integration": SLUG,
            "occurred_at": instant(one.at),
            "recorded_at": instant(now),
            "expires_at": int((now + KEPT).timestamp()),
        }
        try:
            commit(self._client, [put_new(self._table, keys.watchdog_round(one.id) | to_item(fields))])
        except LostRace as lost:
            if not lost.over:
                raise

    def forget_message(self, message_id: str) -> None:
        """A drill is no news that the ledger has to account for."""
        # In a batch: the room may write batches of receipts, and delete nothing else.
        write_many(self._client, self._table, [{"DeleteRequest": {"Key": keys.received(message_id)}}])

    def beat(self, round_at: datetime, now: datetime) -> None:
        """A round came out at the end. An older one than the last changes nothing."""
        values = {":at": {"S": f"{instant(round_at)}"}, ":now": {"S": f"{instant(now)}"}}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=keys.WATCHDOG_HEAD,
                UpdateExpression="SET round_at = :at, seen_at = :now, "
                "watched_since = if_not_exists(watched_since, :now)",
                ConditionExpression=LATER,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if not error.response["Error"]["Code"].startswith(NOT_MET):
                raise


def _pulse(item: dict[str, Any]) -> Pulse:
    f = from_item(item)
    return Pulse(
        watched_since=datetime.fromisoformat(f["watched_since"]),
        round_at=when(f.get("round_at")),
        seen_at=when(f.get("seen_at")),
        owed_since=when(f.get("owed_since")),
        said=AlarmState(f.get("said", AlarmState.OK)),
    )
