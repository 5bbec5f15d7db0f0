"""What `deadair registry` says: problems of a file, what an import changes, what a check finds."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import Problem
from deadair.usecases.check_people import Asked
from deadair.usecases.check_registry import Finding
from deadair.usecases.import_registry import Change, Kind, Plan
from infra.cli import terminal
from infra.cli.diff_words import print_differences, print_fields
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


def print_notes(notes: Sequence[Problem]) -> None:
    """What of a file was left out, on stderr; the first of many."""
    for note in notes[:SHOWN]:
        _print_fault(f"{note.file}:{note.line}:{note.column}", note.field, note.message, note.remedy, terminal.err)
    if len(notes) > SHOWN:
        terminal.note(f"… and {len(notes) - SHOWN} more")


def print_plan(plan: Plan, rows: Sequence[Row], *, dry_run: bool, whole: bool = False) -> None:
    """What an import changed, or would change, and the next command. Of many rows the first, and which fields change.

    `whole`: every row.
    """
    names = {row.slug: f"{row.name}, {row.owner.name if row.owner else 'needs an owner'}" for row in rows}
    few = plan.changes if whole else plan.changes[:SHOWN]
    for change in few:
        _print_change(change, names.get(change.slug, ""))
    if len(plan.changes) > len(few):
        say(f"  … and {count(len(plan.changes) - len(few), 'row')} more; --all shows each", "dim")
        print_fields([(change.slug, change.differences) for change in plan.changes])
    say(_sum(plan, dry_run=dry_run), "bold")
    if plan.kept:
        kept = ", ".join(plan.kept[:FEW]) + (f" … ({len(plan.kept)})" if len(plan.kept) > FEW else "")
        say(f"Kept, though not in the file: {kept}. --prune retires such rows.")
    if dry_run and plan.changes:
        say("Nothing was written. Run it without --dry-run to write.", "dim")
    elif plan.changes:
        say("Next: deadair registry check", "dim")


def _print_change(change: Change, name: str) -> None:
    sign, colour = SIGNS[change.kind]
    line((f"{sign} ", colour), (f"{change.slug:<24} ", ""), (name, "dim"))
    print_differences(change.differences, "    ")


def _print_fault(where: str, field: str, message: str, remedy: str, stream: Console) -> None:
    """The form that editors know: place first, one line each."""
    named = f" {field}:" if field else ""
    line((where, "bold"), (named, "cyan"), (f" {message}", ""), (f" — {remedy}", "dim"), stream=stream)


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


def print_asked(asked: Asked) -> None:
    """Whether Slack answered for everybody, on stderr: its silence is no finding."""
    people = count(asked.people, "person", "people")
    if not asked.refused:
        terminal.note(f"Slack was asked about {people}.")
        return
    much = "nobody" if not asked.asked else f"{asked.asked}"
    terminal.note(f"Slack was asked about {much} of {people}: {asked.refused}", "yellow")
    if "missing_scope" in asked.refused:
        terminal.note("Give the bot the scopes users:read and users:read.email, or use --no-slack.", "yellow")


def print_findings_json(findings: Sequence[Finding], rows: Sequence[Row], asked: Asked | None) -> None:
    """The same for machines. `slack` is null when it was not to be asked."""
    slack = {"people": asked.people, "asked": asked.asked, "refused": asked.refused} if asked else None
    told = [asdict(finding) for finding in findings]
    terminal.print_json({"checked": len(rows), "findings": told, "slack": slack})
