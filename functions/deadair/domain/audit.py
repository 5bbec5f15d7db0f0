"""The audit log of the registry: a chain in which each entry carries the hash of the one before.

Knows what an entry says, how it is hashed, and whether entries in their order form one whole chain. A chain proves that
nothing inside it was changed, taken out or moved. It cannot prove that whoever may write the whole table did not write
the end of it anew, last hash included: for that an operator keeps a hash of an earlier look elsewhere, and asks whether
it is still in the chain. Refuses to know tables and clocks.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

# What stands where the first entry would carry the hash of the one before.
NOTHING_BEFORE = "0" * 64


class Action(StrEnum):
    """What happened to a row. `recorded`: it is from before there was a log, and is in it from now on.

    Other words are for what happens to an integration while its row stays as it is.
    """

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes. None: it was or will be absent."""

    field: str
    before: Any
    after: Any


def differences(before: str, after: str) -> tuple[Difference, ...]:
    """What differs between two texts of a row, field by field; a field of a group as `thresholds.silence_min`."""
    return tuple(_differences(_fields(before), _fields(after)))


def _fields(text: str) -> dict[str, Any]:
    """A text that somebody wrote past Deadair may be no row: then it has no fields."""
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _differences(before: dict[str, Any], after: dict[str, Any], path: str = "") -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(old, new, f"{path}{name}.")
        elif old != new:
            yield Difference(f"{path}{name}", old, new)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `before` and `after` are texts of the row, None while the integration is not in the registry.

    `previous` is the number of the last entry about the same integration, 0 for its first; `prev` is the hash of the
    entry with the number before this one.
    """

    number: int
    at: datetime
    by: str
    action: str
    slug: str
    before: str | None
    after: str | None
    previous: int
    prev: str
    hash: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changed, field by field; nothing for a row that came or left."""
        return differences(self.before, self.after) if self.before and self.after else ()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over everything that the entry says, in one way of writing it."""
    told = asdict(replace(entry, hash=""))
    del told["hash"]
    told["at"] = entry.at.astimezone(UTC).isoformat(timespec="milliseconds")
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def sealed(entry: AuditEntry) -> AuditEntry:
    """The entry with its hash."""
    return replace(entry, hash=hash_of(entry))


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last entry's number and hash."""

    number: int = 0
    hash: str = NOTHING_BEFORE


EMPTY = Head()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain, or a row, is not as it was written. `number` 0: no entry can be named."""

    number: int
    slug: str
    message: str


@dataclass(slots=True)
class Chain:
    """Entries as they come, in order. After a break it goes on from what is there, so that only real breaks count."""

    end: Head = EMPTY
    breaks: list[Break] = field(default_factory=list)

    def add(self, entry: AuditEntry) -> None:
        """Hold the next entry against the one before."""
        self._come_to(entry.number)
        if entry.number == self.end.number + 1 and entry.prev != self.end.hash:
            self._broken(entry, f"it does not follow entry {self.end.number}")
        if hash_of(entry) != entry.hash:
            self._broken(entry, "it says something else than what its hash was made of")
        self.end = Head(entry.number, entry.hash)

    def skip(self, number: int, hash_there: str) -> None:
        """What lies in that place is not an entry as it was written."""
        self._come_to(number)
        self.breaks.append(Break(number, "", "it is not as it was written"))
        self.end = Head(number, hash_there)

    def close(self, head: Head | None) -> None:
        """Hold the end against the head, which was written with the last entry; None when it cannot be read."""
        if head is None:
            self.breaks.append(Break(self.end.number, "", "the head of the log cannot be read"))
        elif head.number > self.end.number:
            self._come_to(head.number + 1)
        elif head != self.end:
            self.breaks.append(
                Break(self.end.number, "", f"the head of the log names entry {head.number}, {head.hash}")
            )

    def _come_to(self, number: int) -> None:
        first, last = self.end.number + 1, number - 1
        if first <= last:
            what = "it is missing" if first == last else f"the entries {first} to {last} are missing"
            self.breaks.append(Break(first, "", what))

    def _broken(self, entry: AuditEntry, why: str) -> None:
        self.breaks.append(Break(entry.number, entry.slug, why))
