"""What `deadair kb` says: hits with their marked words, and what an import or a rebuild did."""

from dataclasses import asdict

from deadair.adapters.search.results import Hit, SearchResult
from deadair.domain import addresses
from deadair.usecases.import_postmortems import Imported
from deadair.usecases.reconcile_documents import Reconciled
from infra.cli import terminal
from infra.cli.terminal import clean, count, line, say

SHOWN = 10


def print_found(found: SearchResult, web: str) -> None:
    """Hits, best first: title, facts in one line, the snippet with the words of the query marked."""
    if found.searched_for:
        say(f"Searched for “{found.searched_for}”.", "yellow")
    if found.snapshot_at is None:
        say("The knowledge base is empty. Next: deadair kb import DIR", "bold")
        return
    for hit in found.hits:
        _print_hit(hit, web)
    shown = f", {len(found.hits)} shown" if found.total > len(found.hits) else ""
    say(f"{count(found.total, 'postmortem')}{shown}." if found.total else "Nothing found.", "bold")
    if found.stale:
        terminal.note(f"The index could not be refreshed; this is its state of {found.snapshot_at:%Y-%m-%d %H:%M} UTC.")


def _print_hit(hit: Hit, web: str) -> None:
    line((f"{hit.id}  ", "cyan"), (hit.title, "bold"))
    facts = (f"{hit.date:%-d %b %Y}", hit.company, hit.integration_name, hit.owner, hit.severity, hit.failure_class)
    say("  " + " · ".join(clean(fact) for fact in facts if fact), "dim")
    if hit.snippet:
        line(("  ", ""), *((text.replace("\n", " "), "bold yellow" if marked else "") for text, marked in hit.snippet))
    if web:
        say(f"  {web.rstrip('/')}{addresses.postmortem(hit.id)}", "dim")
    terminal.out.print()


def print_found_json(found: SearchResult) -> None:
    """The same for machines."""
    hits = [
        {**asdict(hit), "date": hit.date.isoformat(), "snippet": "".join(t for t, _ in hit.snippet)}
        for hit in found.hits
    ]
    terminal.print_json(
        {
            "total": found.total,
            "searched_for": found.searched_for,
            "snapshot_at": found.snapshot_at.isoformat() if found.snapshot_at else None,
            "stale": found.stale,
            "hits": hits,
            "facets": {name: dict(values) for name, values in found.facets.items()},
        }
    )


def print_imported(done: Imported, *, as_json: bool, dry_run: bool = False) -> None:
    """What became of the files, or would have; each refused one with its place, its field and the remedy."""
    if as_json:
        terminal.print_json(asdict(done) | {"dry_run": dry_run})
        return
    if not (done.refused or done.added or done.changed or done.unchanged):
        say("There is no Markdown, no HTML and no list of links in it; nothing was changed.", "bold")
        return
    for refused in done.refused:
        place, why = (refused.place, "bold"), (f" {refused.field}:", "cyan")
        line(place, why, (f" {refused.reason}", ""), (f" — {refused.remedy}", "dim"), stream=terminal.err)
    counts = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged."
    say(f"It would be: {counts} Nothing was written." if dry_run else f"Done: {counts}", "bold")
    if done.refused:
        terminal.complain(
            f"{count(len(done.refused), 'file or row', 'files or rows')} refused.",
            "Correct them and run the same command again.",
        )
    elif done.added:
        say("Next: deadair kb search WORDS", "dim")


def print_reindexed(documents: int, *, as_json: bool) -> None:
    """How many documents the index holds now."""
    if as_json:
        terminal.print_json({"documents": documents})
    else:
        say(f"The index is new: {count(documents, 'postmortem')}.", "bold")


REPAIRS = {
    "published": "{} published, and now written as documents",
    "pointed": "{} written, and now current",
    "indexed": "{} current, and now in the index",
    "removed": "{} without a document, and now out of the index",
}


def print_reconciled(done: Reconciled, *, as_json: bool) -> None:
    """What was half done and what became of it."""
    if as_json:
        terminal.print_json(asdict(done))
        return
    for name, text in REPAIRS.items():
        ids = getattr(done, name)
        if ids:
            say(f"{text.format(count(len(ids), 'postmortem'))}: {', '.join(map(clean, ids[:SHOWN]))}{_more(ids)}")
    if done.rebuilt:
        say("The index could not be read and was made anew.")
    if done.files:
        say(f"{count(done.files, 'file')} of the index removed that nothing names.")
    for name, why in done.failed.items():
        line((name, "bold"), (f" {why}", ""), stream=terminal.err)
    if done.failed:
        terminal.complain(
            f"{count(len(done.failed), 'postmortem')} could not be repaired.", "Run it again, or look there."
        )
    elif not done.repairs:
        say(f"Nothing to repair: {count(done.documents, 'postmortem')}.", "bold")


def _more(ids: list[str]) -> str:
    """What says that there are more than are shown."""
    return f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
