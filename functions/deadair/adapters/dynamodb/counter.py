"""The counter of incident numbers. Knows that two callers never get the same one; refuses to take any back."""

from typing import Any

from deadair.adapters.dynamodb import keys


def next_numbers(client: Any, table: str, count: int) -> list[int]:
    """That many new incident numbers. A number that is not used after all stays unused."""
    answer = client.update_item(
        TableName=table,
        Key=keys.COUNTER,
        UpdateExpression="ADD given :count",
        ExpressionAttributeValues={":count": {"N": str(count)}},
        ReturnValues="UPDATED_NEW",
    )
    last = int(answer["Attributes"]["given"]["N"])
    return list(range(last - count + 1, last + 1))
