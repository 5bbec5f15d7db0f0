"""The audit log of the registry: a chain in which each entry carries the hash of the one before.

Knows what an entry says, how it is hashed, and whether entries in their order form one whole chain. A chain proves that
nothing inside it was changed, taken out or moved. It cannot prove that whoever may write the whole table did not write
the end of it anew, last hash included: for that an operator keeps a hash of an earlier look elsewhere, and asks whether
it is still in the chain. Refuses to know tables and clocks.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

# What stands where the first entry would carry the hash of the one before.
NOTHING_BEFORE = "0" * 64


class Action(StrEnum):
    """What happened to a row. `recorded`: it is from before there was a log, and is in it from now on."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    RECORDED = "recorded"


# After these the row says what the entry's `after` says; any other action leaves the row as it was.
ROW_ACTIONS = frozenset(Action)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `before` and `after` are texts of rows, None where there was or is none.

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
        expected = self.end.number + 1
        if entry.number != expected:
            self.breaks.append(Break(expected, "", _missing(expected, entry.number)))
        elif entry.prev != self.end.hash:
            self._broken(entry, f"it does not follow entry {self.end.number}")
        if hash_of(entry) != entry.hash:
            self._broken(entry, "it says something else than what its hash was made of")
        self.end = Head(entry.number, entry.hash)

    def close(self, head: Head) -> None:
        """Hold the end against the head, which was written with the last entry."""
        if head.number > self.end.number:
            self.breaks.append(Break(self.end.number + 1, "", _missing(self.end.number + 1, head.number + 1)))
        elif head != self.end:
            self.breaks.append(Break(self.end.number, "", f"the log's head says {head.number}, and another hash"))

    def _broken(self, entry: AuditEntry, why: str) -> None:
        self.breaks.append(Break(entry.number, entry.slug, why))


def _missing(first: int, following: int) -> str:
    return "it is missing" if following == first + 1 else f"the entries {first} to {following - 1} are missing"
