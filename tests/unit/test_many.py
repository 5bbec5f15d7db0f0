"""Claims about calls that leave some items for another call, as a table does that is asked too much."""

from collections.abc import Callable
from typing import Any

import pytest

from deadair.adapters.dynamodb import keys, many
from deadair.domain.errors import Unavailable


class Sparing:
    """A table that does one item of each call, and leaves the rest; `stubborn` does none."""

    def __init__(self, *, stubborn: bool = False) -> None:
        self.done: list[Any] = []
        self.does = 0 if stubborn else 1

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        ((table, asked),) = request["RequestItems"].items()
        now, left = asked["Keys"][: self.does], asked["Keys"][self.does :]
        self.done += now
        return {"Responses": {table: now}, "UnprocessedKeys": {table: asked | {"Keys": left}} if left else {}}

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        ((table, asked),) = request["RequestItems"].items()
        self.done += asked[: self.does]
        left = asked[self.does :]
        return {"UnprocessedItems": {table: left} if left else {}}


KEYS = [keys.received(name) for name in "abc"]
CALLS: list[Callable[[Any], object]] = [
    lambda client: many.read_many(client, "t", KEYS),
    lambda client: many.write_many(client, "t", [{"DeleteRequest": {"Key": key}} for key in KEYS]),
]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that would have been made."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


@pytest.mark.parametrize("call", CALLS)
def test_what_a_table_leaves_is_asked_for_again_after_a_pause(
    call: Callable[[Any], object], pauses: list[float]
) -> None:
    table = Sparing()

    call(table)

    assert len(table.done) == 3
    assert len(pauses) == 2


@pytest.mark.parametrize("call", CALLS)
def test_a_table_that_goes_on_leaving_some_is_unavailable(call: Callable[[Any], object], pauses: list[float]) -> None:
    with pytest.raises(Unavailable):
        call(Sparing(stubborn=True))

    assert sum(pauses) < 15
