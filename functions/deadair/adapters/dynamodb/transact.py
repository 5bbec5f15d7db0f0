"""One transaction, and what its refusal means.

A failed condition is an answer, not a fault: it comes back as `ConditionsFailed` with the places that failed.
Everything that may pass by itself (conflict, throttling, time-out) becomes `Unavailable`, so that the queue retries.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import DeadairError, Unavailable

Write = dict[str, Any]
NOT_THERE = "attribute_not_exists(pk)"
SEEN_VERSION = "version = :seen"


class ConditionsFailed(DeadairError):
    """Some conditions of a transaction did not hold; nothing was written. `places` are indexes of writes."""

    def __init__(self, places: tuple[int, ...]) -> None:
        super().__init__(f"conditions failed at {places}")
        self.places = places


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


def put_over(table: str, item: dict[str, Any], seen: int) -> Write:
    """A Put that fails when the item's `version` is no longer the one that was seen."""
    return put(table, item, condition=SEEN_VERSION, values={":seen": {"N": str(seen)}})


def commit(client: Any, writes: list[Write]) -> None:
    """All of the writes (at most 100), or none. Raises ConditionsFailed or Unavailable."""
    try:
        client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        raise _meaning(error) from error
    except BotoCoreError as error:
        raise Unavailable("The incidents table did not answer.") from error


def _meaning(error: ClientError) -> DeadairError:
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    failed = tuple(i for i, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed")
    others = {reason.get("Code") for reason in reasons} - {"None", "ConditionalCheckFailed", None}
    if failed and not others:
        return ConditionsFailed(failed)
    code = ",".join(sorted(str(code) for code in others)) or error.response["Error"]["Code"]
    return Unavailable(f"The incidents table refused the transaction: {code}.")
