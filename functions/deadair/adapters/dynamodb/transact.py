"""One transaction, and what its refusal means.

That somebody else wrote one of the items, or is writing it, is an answer, not a fault: it comes back as `LostRace`.
Everything else that may pass by itself (throttling, time-out) becomes `Unavailable`, so that the queue retries.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import DeadairError, Unavailable

Write = dict[str, Any]
NOT_THERE = "attribute_not_exists(pk)"
# A condition did not hold; or another transaction was at one of the items at that moment, which AWS refuses without
# waiting and the local AWS never does. Both mean: nothing was written, read again.
NOT_MET = "ConditionalCheckFailed"
RACES = frozenset({NOT_MET, "TransactionConflict"})
BUSY = frozenset({"ThrottlingError", "Throttling", "ProvisionedThroughputExceeded", "RequestLimitExceeded"})


class LostRace(DeadairError):
    """Somebody else wrote one of the items since it was read, or is writing it; nothing of ours was written.

    `over` are the places of the writes whose condition did not hold; of the others somebody is only busy with the item.
    """

    def __init__(self, message: str, over: frozenset[int] = frozenset()) -> None:
        super().__init__(message)
        self.over = over


class Busy(Unavailable):
    """The table takes no more for the moment; nothing of ours was written."""


def put(table: str, item: dict[str, Any], *, condition: str = "", values: dict[str, Any] | None = None) -> Write:
    """A Put for `commit`. An empty condition overwrites."""
    body: dict[str, Any] = {"TableName": table, "Item": item}
    if condition:
        body["ConditionExpression"] = condition
    if values:
        body["ExpressionAttributeValues"] = values
    return {"Put": body}


def put_new(table: str, item: dict[str, Any]) -> Write:
    """A Put that fails when the item is already there."""
    return put(table, item, condition=NOT_THERE)


def put_over(table: str, item: dict[str, Any], seen: int, *, counter: str = "version") -> Write:
    """A Put that fails when the item's `counter`, a number, is no longer the one that was seen."""
    return put(table, item, condition=f"{counter} = :seen", values={":seen": {"N": str(seen)}})


def delete(table: str, key: dict[str, Any], seen: int) -> Write:
    """A Delete that fails when the item's `version` is no longer the one that was seen."""
    condition = {"ConditionExpression": "version = :seen", "ExpressionAttributeValues": {":seen": {"N": str(seen)}}}
    return {"Delete": {"TableName": table, "Key": key, **condition}}


def commit(client: Any, writes: list[Write]) -> None:
    """All of the writes (at most 100), or none. Raises LostRace or Unavailable."""
    try:
        client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        raise _meaning(error) from error
    except BotoCoreError as error:
        raise Unavailable("The table did not answer.") from error


def _meaning(error: ClientError) -> DeadairError:
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    why = set(codes) - {"None"}
    if why and why <= RACES:
        # AWS lists the reasons in the order of the writes.
        over = frozenset(place for place, code in enumerate(codes) if code == NOT_MET)
        return LostRace(f"Somebody else was there: {', '.join(sorted(why))}.", over)
    left = (why - RACES) or {str(error.response["Error"]["Code"]).removesuffix("Exception")}
    kind = Busy if left <= BUSY else Unavailable
    return kind(f"The table refused the transaction: {', '.join(sorted(left))}.")
