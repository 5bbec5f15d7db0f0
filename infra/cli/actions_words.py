"""How `deadair actions` says what it found. Knows columns and JSON. Refuses to read anything."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from deadair.domain.action_item import ActionItem
from infra.cli import terminal


def print_list(items: Sequence[ActionItem], today: date) -> None:
    """A table, the earliest day first."""
    if not items:
        terminal.say("No action items.")
        terminal.note("Next: deadair actions add 42 what is to be done")
        return
    rows = [(item.id, _due(item, today), item.owner.name, item.kind.value, item.text) for item in items]
    terminal.table(("item", "due", "owner", "kind", "what"), rows, flexible="what")


def print_list_json(items: Sequence[ActionItem], today: date) -> None:
    """The same for programs."""
    terminal.print_json([as_data(item) | {"overdue": item.is_overdue(today)} for item in items])


def print_one(item: ActionItem) -> None:
    """What became of one."""
    state = f"by {item.due_on:%-d %b %Y}" if item.is_open else item.status.value
    terminal.say(f"{item.id} ({item.owner.name}, {item.kind.value}, {state}): {item.text}")


def print_one_json(item: ActionItem) -> None:
    """The same for programs."""
    terminal.print_json(as_data(item))


def as_data(item: ActionItem) -> dict[str, Any]:
    """One item with all that is known of it."""
    return {
        "id": item.id,
        "incident": f"INC-{item.incident}",
        "text": item.text,
        "kind": item.kind.value,
        "status": item.status.value,
        "owner": {"name": item.owner.name, "email": item.owner.email},
        "due_on": item.due_on.isoformat(),
        "integration": item.integration,
        "link": item.link,
        "added_by": item.added_by,
        "ended_by": item.ended_by,
        "why": item.why,
        "version": item.version,
    }


def _due(item: ActionItem, today: date) -> str:
    if not item.is_open:
        return item.status.value
    late = (today - item.due_on).days
    return f"{item.due_on:%-d %b %Y}" + (f" ({late} d late)" if late > 0 else "")
