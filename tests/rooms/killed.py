"""A process that dies in the midst of its work: whatever it asks of its neighbours after that is not heard.

`every_crash` kills a room at each of its effects, delivers again, and compares what is there in the end.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb.items import from_item

READS = ("get_", "batch_get", "query", "scan", "list_", "head_", "describe_", "receive_", "generate_", "filter_")
# What differs from run to run and means nothing: when something was written down, and numbers that were never used.
UNSAID = frozenset({"recorded_at", "expires_at"})
UNUSED = frozenset({"COUNTER"})
# Where the number of an incident stands, as it does in keys, sort ids and texts.
NUMBER = re.compile(r"(?<=INC[-#])[0-9]+|(?<=#)[0-9]{9}\b")
NUMBERED = frozenset({"number", "merged_into"})


class Killed(BaseException):
    """The process ended here: nothing of ours may catch it."""


class Fragile:
    """A real client that ends the process at its k-th call, before it or after it has taken effect."""

    def __init__(self, client: Any, at_call: int, *, after: bool) -> None:
        self.client, self.left, self.after = client, at_call, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        return real if name in {"exceptions", "meta", "get_paginator"} else lambda **request: self._call(real, request)

    def _call(self, real: Callable[..., Any], request: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.after):
            raise Killed
        answer = real(**request)
        if self.left == 0:
            raise Killed
        return answer


class Life:
    """One process over all its clients: it counts their effects, and dies at the k-th (0: never) of them all.

    `life(client)` is the client as that process has it. Reads are let through uncounted, as to die at one leaves the
    same behind as to die at the effect before it; but a dead process reads nothing either.
    """

    def __init__(self, dies_at: int = 0, *, after: bool = False) -> None:
        self.dies_at, self.after = dies_at, after
        self.effects: list[str] = []
        self.dead = False

    def __call__(self, client: Any) -> Any:
        return _Mortal(client, self)

    def call(self, real: Callable[..., Any], name: str, *given: Any, **request: Any) -> Any:
        """What becomes of one call."""
        if not name.startswith(READS):
            self.effects.append(name)
        struck = len(self.effects) == self.dies_at and not name.startswith(READS)
        if self.dead or (struck and not self.after):
            self._die()
        try:
            return real(*given, **request)
        finally:
            # Also where the neighbour refused: the process that would have heard so is gone.
            if struck:
                self._die()

    def _die(self) -> None:
        self.dead = True
        raise Killed


class _Mortal:
    """A client that belongs to a Life."""

    def __init__(self, client: Any, life: Life) -> None:
        self.client, self.life = client, life

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        if name in {"exceptions", "meta", "get_paginator"} or not callable(real):
            return real
        return lambda *given, **request: self.life.call(real, name, *given, **request)


@dataclass(frozen=True, slots=True)
class Scene:
    """One delivery in a world of its own.

    `work(life)` wires the room anew, each client as `life(client)`, and delivers; a room whose own answer says that a
    message must come again is delivered again by `work` itself. `state()` is what is there in the end, in any form
    that can be compared (`as_told` for a table).
    """

    work: Callable[[Life], None]
    state: Callable[[], Any]


def every_crash(scene: Callable[[], Scene]) -> list[str]:
    """Die before and after each effect, deliver again, end the same. Returns the names of the effects.

    `scene` makes a new world at each call: everything in it that the state shows must be the same each time.
    """
    life, undisturbed = Life(), scene()
    undisturbed.work(life)
    expected = undisturbed.state()
    assert life.effects, "the room did nothing at all"
    undisturbed.work(Life())
    assert undisturbed.state() == expected, "a second delivery, nothing having happened"
    for k, effect in enumerate(life.effects, 1):
        for after in (False, True):
            again = scene()
            _killed(again, Life(k, after=after))
            again.work(Life())
            assert again.state() == expected, f"killed {'after' if after else 'before'} effect {k}, {effect}"
    return life.effects


def _killed(scene: Scene, life: Life) -> None:
    try:
        scene.work(life)
    except Killed:
        return
    assert life.dead, f"only {len(life.effects)} effects this time"


def as_told(client: Any, table: str, *, unsaid: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Every item of a table but the counter, sorted, with incidents numbered by their order.

    Left out: fields of UNSAID, and those in `unsaid`.
    """
    pages = client.get_paginator("scan").paginate(TableName=table)
    items = [from_item(item) for page in pages for item in page["Items"]]
    said = [item for item in items if item["pk"] not in UNUSED]
    numbers = sorted(item["number"] for item in said if item["pk"].startswith("INC#") and item["sk"] == "HEAD")
    ranks = {number: rank for rank, number in enumerate(numbers, 1)}
    return sorted((_told(item, ranks, UNSAID | set(unsaid)) for item in said), key=_place)


def _place(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"], item["sk"]


def _told(value: Any, ranks: dict[int, int], hidden: frozenset[str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _told(inner, ranks, hidden, name) for name, inner in value.items() if name not in hidden}
    if isinstance(value, list):
        return [_told(inner, ranks, hidden, name) for inner in value]
    if isinstance(value, str):
        return NUMBER.sub(lambda found: str(ranks.get(int(found[0]), found[0])), value)
    return ranks.get(value, value) if name in NUMBERED else value
