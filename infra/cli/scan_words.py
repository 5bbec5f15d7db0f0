"""What `deadair alarms scan` says: proposals and gaps for people, the file to review, JSON for machines.

Knows that names of alarms are other people's text: in the file they are quoted, on the terminal cleaned.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deadair.adapters.registry_file.write import as_yaml
from deadair.domain.alarm import Signal
from infra.cli import terminal
from infra.cli.terminal import count, say

if TYPE_CHECKING:
    from deadair.adapters.cloudwatch.found_alarms import FoundAlarm
    from deadair.adapters.registry_file.model import Row
    from deadair.usecases.scan_alarms import Gap, Proposal, Registry, Scan

HEADER = """\
# Proposed by `deadair alarms scan`: rows with the alarms that seem to be theirs. Review, take out what is wrong,
# uncomment what was only a guess, and run: deadair registry import FILE
# Rows that are not here stay as they are: import it without --prune.
"""
SHOWN = 30
WORDS = {Signal.SILENCE: "silence", Signal.ERROR_RATE: "errors", Signal.LATENCY: "latency"}


def print_scan(found: "Scan", registry: "Registry", written: Path | None) -> None:
    """The whole result, the surest first."""
    new = [proposal for proposal in found.proposals if proposal.is_new]
    _print_proposals(new)
    _print_unclaimed(found.unclaimed)
    _print_gaps(found.gaps)
    known = len(found.proposals) - len(new)
    others = found.read - found.ours
    say(f"{count(found.read, 'alarm')}: {found.ours} made by Deadair, {others} by others.", "bold")
    if others:
        sure = sum(proposal.sure for proposal in new)
        guesses = len(new) - sure
        say(
            f"Of these {known} belong to a row already, {sure} seem to, {guesses} may, {len(found.unclaimed)} "
            "belong to nobody."
        )
    _print_next(found, registry, written)


def _print_proposals(new: "list[Proposal]") -> None:
    if not new:
        return
    ranked = sorted(new, key=lambda p: (not p.sure, -p.score, p.slug, p.alarm.name))
    rows = [(p.alarm.name, p.slug, f"{p.score:.2f}" if p.sure else f"{p.score:.2f}?", p.reason) for p in ranked]
    terminal.table(("alarm", "integration", "score", "because"), rows[:SHOWN], flexible="because")
    _print_rest(rows)


def _print_unclaimed(unclaimed: "Iterable[FoundAlarm]") -> None:
    rows = sorted((alarm.name, _looks_at(alarm)) for alarm in unclaimed)
    if rows:
        terminal.table(("claimed by nobody", "looks at"), rows[:SHOWN], flexible="looks at")
        _print_rest(rows)


def _print_gaps(gaps: "Iterable[Gap]") -> None:
    rows = [(gap.slug, gap.owner or "nobody", ", ".join(WORDS[signal] for signal in gap.missing)) for gap in gaps]
    rows.sort(key=lambda row: (-row[2].count(","), row[0]))
    if rows:
        terminal.table(("integration", "owner", "no alarm for"), rows[:SHOWN], flexible="no alarm for")
        _print_rest(rows)


def _print_rest(rows: "list[Any]") -> None:
    if len(rows) > SHOWN:
        say(f"and {len(rows) - SHOWN} more; all of them with --json", "dim")


def _print_next(found: "Scan", registry: "Registry", written: Path | None) -> None:
    if not registry.rows:
        say("The registry is empty. Next: deadair registry import FILE")
    elif written:
        say(f"Wrote {count(len(found.rows), 'row')} with new alarms to {written}. Review it.")
        say(f"Next: deadair registry import {written}")
    elif any(proposal.is_new for proposal in found.proposals):
        say("Next, a file to review: deadair alarms scan --output FILE")
    else:
        say("Nothing to propose.")


def print_json(found: "Scan") -> None:
    """The same for machines."""
    terminal.print_json(
        {
            "alarms": found.read,
            "ours": found.ours,
            "ways": dict(sorted(Counter(proposal.way for proposal in found.proposals).items())),
            "proposals": [_proposal_fields(proposal) for proposal in found.proposals],
            "unclaimed": [
                {"alarm": a.name, "metric": a.metric, "namespace": a.namespace, "composite": a.composite}
                for a in found.unclaimed
            ],
            "gaps": [
                {"integration": gap.slug, "owner": gap.owner, "missing": [signal.value for signal in gap.missing]}
                for gap in found.gaps
            ],
        }
    )


def as_file(found: "Scan", registry: "Registry") -> str:
    """The rows with their new patterns as a registry file; guesses and the unclaimed as comments."""
    changed = {row.slug: row for row in found.rows}
    guesses: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in found.proposals:
        if proposal.is_new and not _is_written(proposal, changed):
            guesses[proposal.slug].append(proposal)
    blocks = [
        _block(changed.get(slug) or registry.rows[slug], guesses.get(slug, []))
        for slug in sorted(changed.keys() | guesses.keys())
    ]
    unclaimed = [f"#   {_quoted(alarm.name)}  # {_commented(_looks_at(alarm))}\n" for alarm in found.unclaimed]
    tail = f"\n# Claimed by nobody ({len(unclaimed)}):\n{''.join(sorted(unclaimed))}" if unclaimed else ""
    body = "integrations:\n\n" + "\n".join(blocks) if blocks else "# There is nothing to propose.\n"
    return HEADER + body + tail


def _is_written(proposal: "Proposal", changed: "dict[str, Row]") -> bool:
    row = changed.get(proposal.slug)
    if not proposal.sure or row is None:
        return False
    from deadair.domain.ownership import matches_pattern

    return any(matches_pattern(proposal.alarm.name, pattern) for pattern in row.alarm_patterns)


def _block(row: "Row", guesses: "list[Proposal]") -> str:
    """One row as `export` writes it; the guesses stand where they would continue its list of patterns."""
    _, _, text = as_yaml([row]).partition("integrations:\n")
    ranked = sorted(guesses, key=lambda guess: (-guess.score, guess.alarm.name))
    begun = "" if row.alarm_patterns or not guesses else "  # alarm_patterns:\n"
    lines = [f"  # - {_quoted(g.alarm.name)}  # {g.score:.2f}: {_commented(g.reason)}\n" for g in ranked]
    return text.lstrip("\n") + begun + "".join(lines)


def _proposal_fields(proposal: "Proposal") -> dict[str, Any]:
    return {
        "alarm": proposal.alarm.name,
        "integration": proposal.slug,
        "way": proposal.way,
        "score": proposal.score,
        "sure": proposal.sure,
        "reason": proposal.reason,
    }


def _looks_at(alarm: "FoundAlarm") -> str:
    return "other alarms" if alarm.composite else " ".join(filter(None, (alarm.namespace, alarm.metric)))


def _quoted(name: str) -> str:
    """A name that no line break of any kind can carry out of its comment; YAML reads JSON's quotes."""
    return json.dumps(name)


def _commented(text: str) -> str:
    return terminal.clean(text)
