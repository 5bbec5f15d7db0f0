"""`deadair kb`: the knowledge base, searched, filled and rebuilt. Wiring."""

from datetime import UTC, datetime
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
    folder: Annotated[
        Path, typer.Argument(help="Markdown files with YAML front matter: id, title, date, company, tags.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Bring old postmortems into the knowledge base.

    The same folder again changes nothing. A file that cannot be read is told, and its neighbours go through.
    """
    from deadair.usecases.import_postmortems import import_postmortems
    from infra.cli import kb_words, terminal

    if not folder.is_dir():
        terminal.complain(f"{folder}: is no folder", "Nothing was changed. Name a folder of Markdown files.")
        raise typer.Exit(2)
    documents, index = _knowledge(context)
    with terminal.err.status(f"Reading {folder}") as status:
        done = import_postmortems(
            documents,
            index,
            folder,
            now=datetime.now(UTC),
            progress=lambda count, total: status.update(f"{count} of {total}"),
        )
    kb_words.print_imported(done, as_json=as_json)
    raise typer.Exit(1 if done.refused else 0)


@app.command()
def reindex(context: typer.Context, *, as_json: Json = False) -> None:
    """Make the index anew from the documents."""
    from deadair.usecases.reindex_documents import reindex_documents
    from infra.cli import kb_words, terminal

    documents, index = _knowledge(context)
    with terminal.err.status("Reading all documents"):
        count = reindex_documents(documents, index, now=datetime.now(UTC))
    kb_words.print_reindexed(count, as_json=as_json)


def _knowledge(context: typer.Context) -> "tuple[DocumentStore, IndexPublisher]":
    from deadair.adapters.s3.documents import DocumentStore
    from deadair.adapters.search import IndexPublisher

    target = chosen(context)
    s3, bucket = target.client("s3"), output(target, "KnowledgeBucket")
    return DocumentStore(s3, bucket), IndexPublisher(s3, bucket)
