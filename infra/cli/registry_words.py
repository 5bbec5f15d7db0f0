"""What `deadair registry` says: problems of a file, what an import changes, what a check finds."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import Problem
from deadair.usecases.check_registry import Finding
from deadair.usecases.import_registry import Change, Kind, Plan
from infra.cli import terminal
from infra.cli.terminal import count, line, say

SHOWN = 20
FEW = 3
SIGNS: dict[Kind, tuple[str, str]] = {
    "added": ("+", "green"),
    "changed": ("~", "yellow"),
    "retired": ("-", "red"),
    "recorded": ("=", "cyan"),
}


def print_problems(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Every problem of a file. People get them on stderr, one per line, so that an editor can jump to them."""
    if as_json:
        terminal.print_json({"problems": [asdict(problem) for problem in problems]})
        return
    for problem in problems:
        where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
        _print_fault(where, problem.field, problem.message, problem.remedy, terminal.err)
    terminal.err.print()
    terminal.complain(
        f"{count(len(problems), 'problem')}; nothing was changed.", "Correct the file and run the same command again."
    )


def print_plan(plan: Plan, rows: Sequence[Row], *, dry_run: bool) -> None:
    """What an import changed, or would change, and the next command."""
    names = {row.slug: f"{row.name}, {row.owner.name if row.owner else 'needs an owner'}" for row in rows}
    for change in plan.changes[:SHOWN]:
        _print_change(change, names.get(change.slug, ""))
    if len(plan.changes) > SHOWN:
        say(f"  … and {len(plan.changes) - SHOWN} more", "dim")
    say(_sum(plan, dry_run=dry_run), "bold")
    if plan.kept:
        few = ", ".join(plan.kept[:FEW]) + (f" … ({len(plan.kept)})" if len(plan.kept) > FEW else "")
        say(f"Kept, though not in the file: {few}. --prune retires such rows.")
    if dry_run and plan.changes:
        say("Nothing was written. Run it without --dry-run to write.", "dim")
    elif plan.changes:
        say("Next: deadair registry check", "dim")


def _print_change(change: Change, name: str) -> None:
    sign, colour = SIGNS[change.kind]
    line((f"{sign} ", colour), (f"{change.slug:<24} ", ""), (name, "dim"))
    for difference in change.differences:
        before, after = shown_value(difference.before), shown_value(difference.after)
        line((f"    {difference.field}: ", "dim"), (before, "red"), (" → ", "dim"), (after, "green"))


def _print_fault(where: str, field: str, message: str, remedy: str, stream: Console) -> None:
    """The form that editors know: place first, one line each."""
    named = f" {field}:" if field else ""
    line((where, "bold"), (named, "cyan"), (f" {message}", ""), (f" — {remedy}", "dim"), stream=stream)


def shown_value(value: Any) -> str:
    """A field's value on one line."""
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _sum(plan: Plan, *, dry_run: bool) -> str:
    if not plan.changes:
        return (
            f"Nothing to change: {count(len(plan.unchanged), 'integration is', 'integrations are')} as the file says."
        )
    said = [f"{len(plan.of(kind))} {kind}" for kind in SIGNS if plan.of(kind)]
    return f"{'Dry run' if dry_run else 'Done'}: {', '.join([*said, f'{len(plan.unchanged)} unchanged'])}."


def print_plan_json(plan: Plan, *, dry_run: bool) -> None:
    """The same for machines."""
    terminal.print_json(
        {
            "dry_run": dry_run,
            "added": plan.of("added"),
            "changed": [
                {"slug": change.slug, "differences": [asdict(difference) for difference in change.differences]}
                for change in plan.changes
                if change.kind == "changed"
            ],
            "retired": plan.of("retired"),
            "recorded": plan.of("recorded"),
            "unchanged": plan.unchanged,
            "kept": plan.kept,
        }
    )


def print_findings(findings: Sequence[Finding], rows: Sequence[Row], places: dict[str, str]) -> None:
    """What to look at, by integration."""
    for finding in findings:
        where = places.get(finding.slug) or finding.slug
        _print_fault(where, finding.field, finding.message, finding.remedy, terminal.out)
    owners = len({row.owner.email.casefold() for row in rows if row.owner})
    checked = f"{count(len(rows), 'integration')} of {count(owners, 'owner')} checked"
    if not rows:
        say("The registry is empty. Next: deadair registry import FILE", "bold")
    elif findings:
        say(f"{checked}: {count(len(findings), 'finding')}.", "bold")
    else:
        say(f"{checked}: nothing to correct.", "bold green")


def print_findings_json(findings: Sequence[Finding], rows: Sequence[Row]) -> None:
    """The same for machines."""
    terminal.print_json({"checked": len(rows), "findings": [asdict(finding) for finding in findings]})
