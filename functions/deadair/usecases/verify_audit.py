"""Verify that the audit log is one whole chain, and that each row says what its last entry says.

Knows that others may write meanwhile: rows are read before the log, and what does not fit is looked at again. Refuses
to repair anything. What a chain alone cannot prove is said in `domain/audit.py`; `anchor` is the answer to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from deadair.adapters.dynamodb.audit import entry_from, entry_item
from deadair.adapters.dynamodb.items import Item, instant
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import StoredRow
from deadair.adapters.registry_file.write import hash_of
from deadair.domain.audit import NOTHING_BEFORE, AuditEntry, Break, Chain, Head
from deadair.domain.errors import Invalid

# Somebody may change a row between two looks, but not each time.
LOOKS = 3
PLACE = re.compile(r"E#(\d{12})")
Walked = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `rows` are held against the log; `unrecorded` ones are from before there was a log.

    `bypassed` are entries that tell themselves that the row had been changed past the log before them; since then row
    and log agree again, so they break nothing.
    """

    entries: int
    head: Head | None
    rows: int
    breaks: tuple[Break, ...]
    unrecorded: tuple[str, ...]
    bypassed: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        """Whether log and rows are as they were written."""
        return not self.breaks


@dataclass(frozen=True, slots=True)
class _Last:
    """A row as its last entry left it. Texts are kept as hashes."""

    number: int
    at: str
    by: str
    living: bool
    text: str


def verify_audit(writer: RegistryWriter, *, anchor: str = "", walked: Walked | None = None) -> Verdict:
    """Walk the log and look at every row. `anchor` is a head's hash from an earlier time; `walked` hears of each entry.

    Raises Invalid when `anchor` is no hash.
    """
    _refuse_no_hash(anchor)
    rows = writer.stored()
    walk = _Walk(writer, walked, anchor)
    walk.on()
    older = sorted(slug for slug, row in rows.items() if walk.is_from_before(row))
    found = [walk.look(slug, rows.get(slug)) for slug in sorted({*rows, *walk.last}.difference(older))]
    walk.chain.close(walk.head)
    if anchor not in {"", NOTHING_BEFORE} and not walk.anchored:
        walk.chain.breaks.append(Break(0, "", f"no entry has the hash {anchor}: what led to it was written anew"))
    return Verdict(
        entries=walk.count,
        head=walk.head,
        rows=len(rows) - len(older),
        breaks=(*walk.chain.breaks, *(each for each in found if each)),
        unrecorded=tuple(older),
        bypassed=tuple(walk.bypassed),
    )


@dataclass
class _Walk:
    """The log as far as it was read."""

    writer: RegistryWriter
    walked: Walked | None
    anchor: str
    chain: Chain = field(default_factory=Chain)
    head: Head | None = None
    last: dict[str, _Last] = field(default_factory=dict)
    bypassed: list[Break] = field(default_factory=list)
    began_at: str = ""
    count: int = 0
    anchored: bool = False

    def on(self) -> None:
        """To the head, which may move on meanwhile."""
        while True:
            before = self.count
            for item in self.writer.log.items(after=self.chain.end.number):
                self._take(item)
            self.head = self._read_head()
            if self.head is None or self.head.number <= self.chain.end.number or self.count == before:
                return

    def is_from_before(self, row: StoredRow) -> bool:
        """Whether the row is from before there was a log."""
        return not (row.audited or row.slug in self.last or (self.began_at and row.updated_at >= self.began_at))

    def look(self, slug: str, row: StoredRow | None) -> Break | None:
        """Hold a row against its last entry, and again when somebody may just have changed it."""
        for _ in range(LOOKS):
            last = self.last.get(slug)
            fault = _fault(row, last)
            if not fault:
                return None
            row = self.writer.get(slug)
            self.on()
        return Break(last.number if last else 0, slug, fault)

    def _read_head(self) -> Head | None:
        try:
            return self.writer.log.head()
        except Invalid:
            return None

    def _take(self, item: Item) -> None:
        place = PLACE.fullmatch(item["sk"]["S"])
        if place is None:
            self.chain.breaks.append(Break(0, "", f"`{item['sk']['S']}` lies in the log and is no entry"))
            return
        self.count += 1
        if self.walked:
            self.walked(1)
        if entry := _faithful(item):
            self.chain.add(entry)
            self.anchored = self.anchored or entry.hash == self.anchor
            self._remember(entry)
        else:
            self.chain.skip(int(place[1]), str(item.get("hash", {}).get("S", "")))

    def _remember(self, entry: AuditEntry) -> None:
        self.began_at = self.began_at or str(instant(entry.at))
        known = self.last.get(entry.slug)
        if known and (known.living, known.text if known.living else "") != (
            entry.before is not None,
            _digest(entry.before),
        ):
            said = f"between entry {known.number} and it, the row was changed past the log"
            self.bypassed.append(Break(entry.number, entry.slug, said))
        # A row that left keeps its last text.
        text = entry.before if entry.after is None else entry.after
        at = str(instant(entry.at))
        self.last[entry.slug] = _Last(entry.number, at, entry.by, entry.after is not None, _digest(text))


def _faithful(item: Item) -> AuditEntry | None:
    """The entry of an item; None when the item is not what writing that entry makes."""
    try:
        entry = entry_from(item)
        return entry if entry_item(entry) == item else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _fault(row: StoredRow | None, last: _Last | None) -> str:
    """What is wrong with a row; empty when it is as its last entry says."""
    if row is None:
        return "its row is gone"
    if last is None:
        return f"its row names entry {row.audited}, which is not there" if row.audited else "its row is not in the log"
    named = f"its row names entry {row.audited} as the last about it, the log entry {last.number}"
    moved = f"its row was {'retired' if row.retired else 'brought back'} past the log"
    checks = (
        (row.audited == last.number, named),
        (row.retired != last.living, moved),
        (hash_of(row.row) == row.hash == last.text, "its row was changed past the log"),
        ((row.updated_at, row.updated_by) == (last.at, last.by), "its row names another person or time"),
    )
    return next((fault for holds, fault in checks if not holds), "")


def _digest(text: str | None) -> str:
    return "" if text is None else hash_of(text)


def _refuse_no_hash(anchor: str) -> None:
    if anchor and not re.fullmatch(r"[0-9a-f]{64}", anchor):
        raise Invalid(
            f"`{anchor}` is not the hash of a head.",
            field="head",
            remedy="Give the 64 characters that an earlier `deadair audit verify` printed as its head.",
        )
