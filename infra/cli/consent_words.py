"""What `deadair consent` says: the log of consent, and the verdict on it."""

from collections.abc import Sequence
from dataclasses import asdict

from deadair.adapters.dynamodb.items import instant
from deadair.domain.consent import ConsentEntry
from deadair.usecases.verify_consent import Verdict
from infra.cli import terminal
from infra.cli.incident_words import moment
from infra.cli.terminal import count, line, say

SHOWN = 20


def print_list(entries: Sequence[ConsentEntry]) -> None:
    """Newest first; what the rules refuse unless somebody insists is marked."""
    if not entries:
        say("Nothing happened in an incident about consent.", "bold")
        return
    for entry in entries:
        systems = f"  {' → '.join(entry.systems)}" if entry.systems else ""
        records = f"  {entry.records} records" if entry.records else ""
        line(
            (f"{entry.incident:<8} ", "bold"),
            (f"{moment(entry.occurred_at)}  ", ""),
            ("OVERRIDE  " if entry.override else "", "bold red"),
            (entry.text, ""),
            (f"  {entry.by}{systems}{records}", "dim"),
        )


def print_list_json(entries: Sequence[ConsentEntry]) -> None:
    """The same for machines."""
    times = ("occurred_at", "recorded_at")
    listed = [asdict(entry) | {name: instant(getattr(entry, name)) for name in times} for entry in entries]
    terminal.print_json({"entries": listed})


def print_verdict(verdict: Verdict, *, kept: bool) -> None:
    """What is wrong, the verdict last."""
    for each in verdict.problems[:SHOWN]:
        terminal.complain(each)
    if len(verdict.problems) > SHOWN:
        terminal.complain(f"… and {len(verdict.problems) - SHOWN} more")
    checked = f"{count(verdict.entries, 'entry', 'entries')} of {count(len(verdict.ends), 'incident')}"
    if not verdict.whole:
        terminal.complain(
            f"The log of consent is not whole: {count(len(verdict.problems), 'fault')} in {checked}.",
            "A backup of the table (point-in-time recovery) has what was there before.",
        )
        return
    say(f"The log of consent is whole: {checked}{', and what was kept is in it' if kept else ''}.", "bold green")
    if verdict.ends:
        say("Keep elsewhere what --json prints: --kept FILE proves later that nothing up to here changed.", "dim")


def print_verdict_json(verdict: Verdict) -> None:
    """The same for machines."""
    terminal.print_json(asdict(verdict) | {"whole": verdict.whole})
