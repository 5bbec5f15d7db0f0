"""What `deadair changes` says."""

from typing import Any

from deadair.domain.change import Change
from deadair.usecases.record_changes import Kept
from infra.cli import terminal


def print_list(changes: list[Change]) -> None:
    """One line each."""
    if not changes:
        terminal.say("Nobody told of a change. Next: deadair changes add SLUG TEXT", "bold")
        return
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", one.kind.value, one.text, one.by, one.source.value) for one in changes]
    terminal.table(("at (UTC)", "kind", "change", "by", "told by"), rows, flexible="change")


def print_list_json(changes: list[Change]) -> None:
    """The same for machines."""
    terminal.print_json([_fields(change) for change in changes])


def print_kept(change: Change, kept: Kept) -> None:
    """What became of it."""
    terminal.say(f"{'Kept' if kept.kept else 'Known already'}: {change.at:%Y-%m-%d %H:%M} UTC, {change.text}")
    for number in kept.nudged:
        terminal.note(f"INC-{number} is looked at again.")


def print_kept_json(change: Change, kept: Kept) -> None:
    """The same for machines."""
    terminal.print_json({"kept": bool(kept.kept), "incidents": list(kept.nudged), "change": _fields(change)})


def _fields(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "integration": change.integration,
        "at": change.at.isoformat(timespec="milliseconds"),
        "kind": change.kind.value,
        "text": change.text,
        "by": change.by,
        "source": change.source.value,
        "url": change.url,
    }
