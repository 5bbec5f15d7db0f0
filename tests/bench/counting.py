"""A real AWS client that counts its calls, and the write units that DynamoDB says they consumed, indexes included."""

from collections import Counter
from typing import Any

WRITES = frozenset({"put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items"})


class Counting:
    """Passes everything on. A page that a paginator turns counts as no call: the rooms page only what they cache."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: Counter[str] = Counter()
        self.write_units = 0.0

    def forget(self) -> None:
        """Begin to count anew."""
        self.calls.clear()
        self.write_units = 0.0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        if name in {"get_paginator", "exceptions", "meta"}:
            return real

        def call(**request: Any) -> Any:
            self.calls[name] += 1
            if name not in WRITES:
                return real(**request)
            answer = real(**request, ReturnConsumedCapacity="TOTAL")
            self.write_units += _units(answer.get("ConsumedCapacity", []))
            return answer

        return call


def _units(consumed: Any) -> float:
    tables = consumed if isinstance(consumed, list) else [consumed]
    return sum(float(table["CapacityUnits"]) for table in tables)
