"""`deadair registry`: the ownership registry in and out of a file. Wiring; what a row may say is in the core."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.adapters.registry_file.read import ReadRow

app = typer.Typer(help="Who answers for which integration.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Reading(StrEnum):
    """The formats that can be read."""

    YAML = "yaml"
    CSV = "csv"
    BACKSTAGE = "backstage"


class Writing(StrEnum):
    """The formats that can be written."""

    YAML = "yaml"
    CSV = "csv"
    JSON = "json"


Format = Annotated[
    Reading | None,
    typer.Option("--format", help="What the file is.", show_default="by its ending and how it begins"),
]


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A YAML, CSV or Backstage catalog file; - reads standard input.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Retire the integrations that the file does not name.")
    ] = False,
    kind: Format = None,
    whole: Annotated[bool, typer.Option("--all", help="Show every row that changes, not the first ones.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the registry to what FILE says. One wrong row, and nothing is written.

    A Backstage catalog cannot say all that a row holds: what it does not say stays as the registry has it.
    """
    from deadair.usecases.import_registry import plan_import, write_plan
    from deadair.usecases.merge_rows import merge_rows
    from infra.cli import alarms_words, people, registry_words
    from infra.cli.progress import Bar

    with Bar("Reading", quiet=as_json):
        reads = _read(file, kind, as_json=as_json)
    target = chosen(context)
    writer = _writer(context)
    partial = any(read.stated is not None for read in reads)
    rows = merge_rows(reads, writer.stored()) if partial else [read.row for read in reads]
    plan = plan_import(writer, rows, prune=prune)
    if not dry_run:
        with Bar("Rows written", len(plan.changes), quiet=as_json) as written:
            write_plan(writer, plan, now=datetime.now(UTC), by=people.operator(), written=written)
        people.tell_local_slack(target, rows)
    if as_json:
        registry_words.print_plan_json(plan, dry_run=dry_run)
    else:
        registry_words.print_plan(plan, rows, dry_run=dry_run, whole=whole)
        if dry_run:
            alarms_words.print_cost_of(rows, datetime.now(UTC))


@app.command()
def export(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    *,
    kind: Annotated[Writing, typer.Option("--format", help="What to write.")] = Writing.YAML,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Print the registry as a file for `import`."""
    from deadair.adapters.registry_file.formats import as_text
    from deadair.usecases.export_registry import export_registry
    from infra.cli import terminal

    rows = export_registry(_writer(context))
    text = as_text(rows, "json" if as_json else kind.value)
    if output is None:
        sys.stdout.write(text)
        return
    output.write_bytes(text.encode())
    terminal.note(f"Wrote {terminal.count(len(rows), 'integration')} to {output}.")


@app.command()
def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A file; without it the registry of the stack is checked.")] = "",
    *,
    kind: Format = None,
    ask_slack: Annotated[bool, typer.Option("--slack/--no-slack", help="Ask Slack about the people.")] = True,
    as_json: Json = False,
) -> None:
    """Find what is valid and still needs somebody.

    Rows that need an owner; people whom Slack does not know or who are gone, and those who only stand in for each
    other; alarm patterns that overlap; credentials and API versions that end; dependents that do not exist;
    thresholds without effect.
    """
    from deadair.usecases.check_registry import check_registry, in_order
    from deadair.usecases.export_registry import export_registry
    from infra.cli import registry_words
    from infra.cli.progress import Bar
    from infra.cli.slack_people import ask

    read = _read(file, kind, as_json=as_json) if file else []
    rows = [each.row for each in read] if file else export_registry(_writer(context))
    findings = check_registry(rows, today=datetime.now(UTC).date())
    with Bar("Asking Slack", quiet=as_json):
        asked = ask(context, rows) if ask_slack and rows else None
    findings = in_order([*findings, *(asked.findings if asked else ())])
    if as_json:
        registry_words.print_findings_json(findings, rows, asked)
    else:
        if asked:
            registry_words.print_asked(asked)
        registry_words.print_findings(findings, rows, {each.row.slug: f"{file}:{each.line}" for each in read})
    raise typer.Exit(1 if findings else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors."""
    from deadair.adapters.registry_file.schema import json_schema
    from infra.cli import terminal

    terminal.print_json(json_schema())


def _read(file: str, kind: Reading | None, *, as_json: bool) -> "list[ReadRow]":
    """The rows of a file; ends the command with every problem of it."""
    from deadair.adapters.registry_file.formats import read_file
    from deadair.adapters.registry_file.problems import RegistryFileError
    from infra.cli import registry_words, terminal

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        terminal.complain(f"{file}: {error.strerror or error}", "Nothing was changed. Name a file that can be read.")
        raise typer.Exit(2) from None
    try:
        found = read_file(data, "stdin" if file == "-" else file, kind.value if kind else None)
    except RegistryFileError as error:
        registry_words.print_problems(error.problems, as_json=as_json)
        raise typer.Exit(1) from None
    if not as_json:
        registry_words.print_notes(found.notes)
    return found.rows


def _writer(context: typer.Context) -> "RegistryWriter":
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter

    target = chosen(context)
    return RegistryWriter(target.client("dynamodb"), output(target, "RegistryTable"))
