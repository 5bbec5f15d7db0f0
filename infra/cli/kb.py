"""`deadair kb`: the knowledge base, searched, filled, rebuilt and made whole. Wiring."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.s3.documents import DocumentStore
    from deadair.adapters.search import IndexPublisher

app = typer.Typer(help="Postmortems: search, import, rebuild the index.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def search(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="Words; none lists the newest.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 10,
    integration: Annotated[str, typer.Option(help="Only this slug.")] = "",
    severity: Annotated[str, typer.Option(help="Only SEV1 to SEV4.")] = "",
    failure_class: Annotated[str, typer.Option(help="Only this class, such as auth.")] = "",
    owner: Annotated[str, typer.Option(help="Only of this owner.")] = "",
    company: Annotated[str, typer.Option(help="Only of this company.")] = "",
    tag: Annotated[str, typer.Option(help="Only with this tag.")] = "",
    vendor: Annotated[str, typer.Option(help="Only where this vendor's side failed.")] = "",
    detected_by: Annotated[str, typer.Option(help="Only found by this signal, such as silence, or by a person.")] = "",
    consent: Annotated[str, typer.Option(help="yes: only where consent was at risk; no: only the others.")] = "",
    since: Annotated[str, typer.Option(help="Only from this day on, such as 2026-01-31 (UTC).")] = "",
    until: Annotated[str, typer.Option(help="Only up to this day, included (UTC).")] = "",
    as_json: Json = False,
) -> None:
    """Search published postmortems."""
    from deadair.adapters.search import KnowledgeIndex
    from infra.cli import kb_words

    target = chosen(context)
    index = KnowledgeIndex(target.client("s3"), output(target, "KnowledgeBucket"))
    filters = {
        "integration": integration,
        "severity": severity,
        "failure_class": failure_class,
        "owner": owner,
        "company": company,
        "tag": tag,
        "vendor": vendor,
        "detected_by": detected_by,
        "consent": consent,
        "since": since,
        "until": until,
    }
    found = index.search(" ".join(query or []), filters=filters, limit=limit)
    if as_json:
        kb_words.print_found_json(found)
    else:
        kb_words.print_found(found, target.web)


@app.command(name="import")
def import_(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(help="A folder or a file: Markdown with front matter, HTML pages, a CSV list of links.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each, and write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring old postmortems into the knowledge base.

    The same again changes nothing. A file or a row that cannot be read is told, and its neighbours go through.
    """
    from deadair.usecases.import_postmortems import import_postmortems
    from infra.cli import kb_words, terminal

    if not path.exists():
        terminal.complain(f"{path}: is not there", "Nothing was changed. Name a folder, or a .md, .html or .csv file.")
        raise typer.Exit(2)
    documents, index = _knowledge(context)
    with terminal.err.status(f"Reading {path}") as status:
        done = import_postmortems(
            documents,
            index,
            path,
            now=datetime.now(UTC),
            dry_run=dry_run,
            progress=lambda count, total: status.update(f"{count} of {total}"),
        )
    kb_words.print_imported(done, as_json=as_json, dry_run=dry_run)
    raise typer.Exit(1 if done.refused else 0)


@app.command()
def reindex(context: typer.Context, *, as_json: Json = False) -> None:
    """Make the index anew from the documents. What somebody publishes meanwhile is in it."""
    from deadair.usecases.reindex_documents import reindex_documents
    from infra.cli import kb_words, terminal

    documents, index = _knowledge(context)
    with terminal.err.status("Reading all documents") as status:
        count = reindex_documents(
            documents,
            index,
            now=datetime.now(UTC),
            progress=lambda done, total: status.update(f"{done} of {total}"),
        )
    kb_words.print_reindexed(count, as_json=as_json)


@app.command()
def reconcile(context: typer.Context, *, as_json: Json = False) -> None:
    """Finish what publishing left half done, as the stack does by itself every day.

    Exits 1 when something could not be repaired.
    """
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.usecases.publish_documents import publish_documents
    from deadair.usecases.reconcile_documents import Reconciler
    from infra.cli import kb_words, terminal
    from infra.cli.kb_around import around

    target, now = chosen(context), datetime.now(UTC)
    documents, index = _knowledge(context)
    store = IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))
    publish = partial(publish_documents, store, documents, index, now=now, around=around(target))
    with terminal.err.status("Looking at all documents"):
        done = Reconciler(store, documents, index, publish).run(now=now)
    kb_words.print_reconciled(done, as_json=as_json)
    raise typer.Exit(1 if done.failed else 0)


def _knowledge(context: typer.Context) -> "tuple[DocumentStore, IndexPublisher]":
    from deadair.adapters.s3.documents import DocumentStore
    from deadair.adapters.search import IndexPublisher

    target = chosen(context)
    s3, bucket = target.client("s3"), output(target, "KnowledgeBucket")
    return DocumentStore(s3, bucket), IndexPublisher(s3, bucket)
