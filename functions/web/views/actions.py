"""Action items as pages and programs read them: whose, until when, how late, and in which order.

Pure. Refuses to know words: the template has them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deadair.domain import addresses
from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.ownership import Person, same_person
from deadair.domain.reminding import SOON
from deadair.domain.rights import Rights
from web.views import shapes

FILTERS = ("who", "integration", "kind", "status")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One item. `late` are days behind its day, 0 for none; `near`: within three days. `may`: the reader may end it."""

    item: ActionItem
    mine: bool
    may: bool
    late: int
    near: bool

    @property
    def tone(self) -> str:
        """How loud its day is."""
        return "late" if self.late else "near" if self.near else "calm"


def rows(items: Iterable[ActionItem], reader: Person, rights: Rights, today: date) -> list[Row]:
    """What is open first, then by its day; what ended, the latest first."""
    shown = [_row(item, reader, rights, today) for item in items]
    still = sorted((row for row in shown if row.item.is_open), key=lambda row: (row.item.due_on, row.item.id))
    over = [row for row in shown if not row.item.is_open]
    return still + sorted(over, key=lambda row: row.item.ended_at or row.item.added_at, reverse=True)


def _row(item: ActionItem, reader: Person, rights: Rights, today: date) -> Row:
    mine = same_person(item.owner, reader)
    late = (today - item.due_on).days if item.is_overdue(today) else 0
    near = item.is_open and today <= item.due_on <= today + SOON
    return Row(item, mine, mine or item.integration in rights.stands_in_for or rights.admin, late, near)


def filtered(items: Iterable[ActionItem], query: Mapping[str, str], reader: Person) -> list[ActionItem]:
    """Those that an address asks for; `who` is an address, a name or `me`."""
    who, kind = query.get("who", "").strip(), query.get("kind", "")
    status, slug = query.get("status", ActionStatus.OPEN.value), query.get("integration", "")
    return [
        item
        for item in items
        if (not who or _is(item.owner, who, reader))
        and (not kind or item.kind.value == kind)
        and (not slug or item.integration == slug)
        and (status in {"", ALL} or item.status.value == status)
    ]


def _is(owner: Person, who: str, reader: Person) -> bool:
    if who == "me":
        return same_person(owner, reader)
    return who.casefold() in {owner.email.casefold(), owner.name.casefold()}


def kinds() -> list[str]:
    """Every kind, as it is chosen."""
    return [kind.value for kind in ActionKind]


def as_data(row: Row) -> dict[str, Any]:
    """One item for programs."""
    item = row.item
    return {
        "id": item.id,
        "incident": f"INC-{item.incident}",
        "number": item.number,
        "text": item.text,
        "kind": item.kind.value,
        "status": item.status.value,
        "owner": {"name": item.owner.name, "email": item.owner.email},
        "due_on": item.due_on.isoformat(),
        "overdue_days": row.late,
        "integration": item.integration,
        "link": item.link,
        "added_by": item.added_by,
        "added_at": shapes.instant(item.added_at),
        "ended_by": item.ended_by,
        "ended_at": shapes.instant(item.ended_at) if item.ended_at else None,
        "why": item.why,
        "version": item.version,
        "url": f"{addresses.incident(item.incident)}#actions",
    }
