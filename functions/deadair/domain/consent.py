"""The log of consent: what happened in an incident that touches opt-outs or consent, as a chain of its own.

Knows what an entry says, how it is hashed, and whether entries form one whole chain up to the end that the incident
names. A chain proves that nothing in it was changed, taken out or moved, and the end, which is written with the
incident itself, that nothing is missing behind. It cannot prove that whoever may write the whole table did not write
chain, end and timeline anew: for that a hash of an earlier look is kept elsewhere. Refuses to know tables and clocks.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from deadair.domain.audit import NOTHING_BEFORE, Head
from deadair.domain.timeline import Entry

# What an entry's data may say of the records that are at stake.
RECORDS = ("records", "missed_records")
OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One entry: who, when, what, which systems and, where that is known, which records.

    `number` counts from 1 within the incident; `entry` is the id on its timeline. `override` marks what the rules
    refuse unless somebody insists. `prev` is the hash of the entry before.
    """

    incident: str
    number: int
    entry: str
    what: str
    by: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    text: str
    systems: tuple[str, ...]
    records: str
    override: bool
    prev: str
    hash: str = ""


def hash_of(entry: ConsentEntry) -> str:
    """SHA-256 over everything that the entry says, in one way of writing it."""
    told = asdict(replace(entry, hash=""))
    del told["hash"]
    for name in ("occurred_at", "recorded_at"):
        told[name] = told[name].astimezone(UTC).isoformat(timespec="milliseconds")
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def logged(head: Head, entries: Iterable[Entry], systems: tuple[str, ...]) -> tuple[Head, list[ConsentEntry]]:
    """The chain's new entries for lines of the timeline, and its new end."""
    made: list[ConsentEntry] = []
    for entry in entries:
        found = _entry(head, entry, systems)
        made.append(found)
        head = Head(found.number, found.hash)
    return head, made


def _entry(head: Head, entry: Entry, systems: tuple[str, ...]) -> ConsentEntry:
    details = entry.details
    plain = ConsentEntry(
        incident=entry.incident,
        number=head.number + 1,
        entry=entry.id,
        what=entry.fact.value,
        by=entry.author,
        source=entry.source.value,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        text=entry.text,
        systems=systems,
        records=next((details[name] for name in RECORDS if details.get(name)), ""),
        override=details.get(OVERRIDE) == "yes",
        prev=head.hash,
    )
    return replace(plain, hash=hash_of(plain))


def problems(incident: str, chain: list[ConsentEntry], end: Head, timeline: list[Entry]) -> list[str]:
    """What is wrong with an incident's log, in words; nothing when it is whole.

    `chain` is what is there, by number; `timeline` every line that is there, superseded ones too.
    """
    found = [*_breaks(chain), *_end(chain, end), *_against(chain, timeline)]
    return [f"{incident}: {text}" for text in found]


def _breaks(chain: list[ConsentEntry]) -> Iterator[str]:
    prev, number = NOTHING_BEFORE, 0
    for entry in chain:
        if entry.number != number + 1:
            yield f"entry {number + 1} is missing" if entry.number > number else f"entry {entry.number} is there twice"
        elif entry.prev != prev:
            yield f"entry {entry.number} does not follow the one before it"
        if hash_of(entry) != entry.hash:
            yield f"entry {entry.number} was changed"
        prev, number = entry.hash, entry.number


def _end(chain: list[ConsentEntry], end: Head) -> Iterator[str]:
    last = Head(chain[-1].number, chain[-1].hash) if chain else Head()
    if last.number < end.number:
        yield f"the log ends at {last.number}, the incident knows of {end.number} entries"
    elif last != end:
        yield f"the log ends at {last.number}, which is not the end that the incident names ({end.number})"


def _against(chain: list[ConsentEntry], timeline: list[Entry]) -> Iterator[str]:
    """The timeline says the same, line by line, from the log's first entry on."""
    told = {entry.id: entry for entry in timeline}
    for entry in chain:
        line = told.get(entry.entry)
        if line is None:
            yield f"entry {entry.number} ({entry.what}) is on no timeline"
        elif (line.text, line.author, line.fact.value) != (entry.text, entry.by, entry.what):
            yield f"the timeline says of entry {entry.number} ({entry.what}) something else"
    known = {entry.entry for entry in chain}
    begun = min((entry.recorded_at for entry in chain), default=None)
    for line in timeline:
        if line.id not in known and begun is not None and line.recorded_at > begun:
            yield f"a line of the timeline ({line.fact.value}, {line.author}) is not in the log"
