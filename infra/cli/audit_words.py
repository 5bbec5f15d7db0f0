"""What `deadair audit` says: changes of the registry, and the verdict on their log."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from deadair.adapters.dynamodb.items import instant
from deadair.domain.audit import AuditEntry, Break
from deadair.usecases.verify_audit import Verdict
from infra.cli import terminal
from infra.cli.diff_words import print_differences
from infra.cli.incident_words import moment
from infra.cli.terminal import count, line, say

STYLES = {"added": "green", "changed": "yellow", "retired": "red"}
FEW = 3
SHOWN = 20


def print_list(entries: Sequence[AuditEntry], integration: str, *, more: bool) -> None:
    """Newest first; below each change its fields."""
    if not entries:
        about = f" about `{integration}`" if integration else ""
        say(f"The audit log has no such entry{about}.", "bold")
        return
    for entry in entries:
        line(
            (f"{entry.number:>6}  ", "dim"),
            (f"{moment(entry.at)}  ", ""),
            (f"{entry.action:<9} ", STYLES.get(entry.action, "")),
            (entry.slug, "bold"),
            (f"  {entry.by}", "dim"),
        )
        print_differences(entry.differences, "        ")
    if more:
        say(f"There are more. Next: the same with --below {entries[-1].number}", "dim")


def print_list_json(entries: Sequence[AuditEntry], *, more: bool) -> None:
    """The same for machines, with the texts of the rows."""
    listed = [_fields(entry) for entry in entries]
    terminal.print_json({"entries": listed, "below": entries[-1].number if more else None})


def _fields(entry: AuditEntry) -> dict[str, Any]:
    changes = [asdict(difference) for difference in entry.differences]
    return asdict(entry) | {"at": instant(entry.at), "differences": changes}


def print_verdict(verdict: Verdict, anchor: str) -> None:
    """What is broken, what is only worth knowing, the verdict last."""
    for each in verdict.breaks[:SHOWN]:
        terminal.complain(_broken(each))
    if len(verdict.breaks) > SHOWN:
        terminal.complain(f"… and {len(verdict.breaks) - SHOWN} more")
    for each in verdict.bypassed[:SHOWN]:
        say(f"Worth knowing: {_broken(each)}; its `before` shows how.", "yellow")
    if verdict.unrecorded:
        _print_unrecorded(verdict.unrecorded)
    checked = f"{count(verdict.entries, 'entry', 'entries')}, {count(verdict.rows, 'row')}"
    if not verdict.whole:
        first = verdict.breaks[0]
        where = f"The first is entry {first.number}." if first.number else ""
        terminal.complain(
            f"The audit log is not whole: {count(len(verdict.breaks), 'fault')} in {checked}. {where}".rstrip(),
            "deadair audit list --integration SLUG shows what it says of a row. A backup of the table (point-in-time "
            "recovery) has what was there before.",
        )
        return
    say(f"The audit log is whole: {checked}{', and what led to the given head' if anchor else ''}.", "bold green")
    if verdict.head and verdict.head.number:
        say(f"Head {verdict.head.hash} (entry {verdict.head.number}).")
        say("Keep it elsewhere: deadair audit verify --head HASH proves later that nothing up to here changed.", "dim")


def _print_unrecorded(slugs: Sequence[str]) -> None:
    few = ", ".join(slugs[:FEW]) + (f" … ({len(slugs)})" if len(slugs) > FEW else "")
    say(f"From before there was an audit log: {few}.")
    say("Next: import their file once more, which writes them into it as they are.", "dim")


def _broken(each: Break) -> str:
    entry = f"entry {each.number}" if each.number else "the log"
    return f"{each.slug}, {entry}: {each.message}" if each.slug else f"{entry}: {each.message}"


def print_verdict_json(verdict: Verdict, anchor: str) -> None:
    """The same for machines."""
    terminal.print_json(asdict(verdict) | {"whole": verdict.whole, "anchor": anchor or None})
