"""`deadair registry`: the ownership registry in and out of a file. Wiring; what a row may say is in the core."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.adapters.registry_file.read import ReadRow

app = typer.Typer(help="Who answers for which integration.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A YAML file; - reads standard input.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Retire the integrations that the file does not name.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the registry to what FILE says. One wrong row, and nothing is written."""
    from deadair.usecases.import_registry import plan_import, write_plan
    from infra.cli import people, registry_words
    from infra.cli.progress import Bar

    rows = [read.row for read in _read(file, as_json=as_json)]
    target = chosen(context)
    writer = _writer(context)
    plan = plan_import(writer, rows, prune=prune)
    if not dry_run:
        with Bar("Rows written", len(plan.changes), quiet=as_json) as written:
            write_plan(writer, plan, now=datetime.now(UTC), by=people.operator(), written=written)
        people.tell_local_slack(target, rows)
    if as_json:
        registry_words.print_plan_json(plan, dry_run=dry_run)
    else:
        registry_words.print_plan(plan, rows, dry_run=dry_run)


@app.command()
def export(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Print the registry as a file for `import`."""
    from deadair.adapters.registry_file.write import as_fields, as_yaml
    from deadair.usecases.export_registry import export_registry
    from infra.cli import terminal

    rows = export_registry(_writer(context))
    text = terminal.json_text({"integrations": [as_fields(row) for row in rows]}) + "\n" if as_json else as_yaml(rows)
    if output is None:
        sys.stdout.write(text)
        return
    output.write_text(text, encoding="utf-8")
    terminal.note(f"Wrote {terminal.count(len(rows), 'integration')} to {output}.")


@app.command()
def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A YAML file; without it the registry of the stack is checked.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Find what is valid and still needs somebody.

    Alarm patterns that overlap, credentials and API versions that end, dependents that do not exist, deputies who
    are the owner, owners without a Slack id.
    """
    from deadair.usecases.check_registry import check_registry
    from deadair.usecases.export_registry import export_registry
    from infra.cli import registry_words

    read = _read(file, as_json=as_json) if file else []
    rows = [each.row for each in read] if file else export_registry(_writer(context))
    findings = check_registry(rows, today=datetime.now(UTC).date())
    if as_json:
        registry_words.print_findings_json(findings, rows)
    else:
        registry_words.print_findings(findings, rows, {each.row.slug: f"{file}:{each.line}" for each in read})
    raise typer.Exit(1 if findings else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors."""
    from deadair.adapters.registry_file.schema import json_schema
    from infra.cli import terminal

    terminal.print_json(json_schema())


def _read(file: str, *, as_json: bool) -> "list[ReadRow]":
    """The rows of a file; ends the command with every problem of it."""
    from deadair.adapters.registry_file.problems import RegistryFileError
    from deadair.adapters.registry_file.read import read_rows
    from infra.cli import registry_words, terminal

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        terminal.complain(
            f"{file}: {error.strerror or error}", "Nothing was changed. Name a YAML file that can be read."
        )
        raise typer.Exit(2) from None
    try:
        return read_rows(data, "stdin" if file == "-" else file)
    except RegistryFileError as error:
        registry_words.print_problems(error.problems, as_json=as_json)
        raise typer.Exit(1) from None


def _writer(context: typer.Context) -> "RegistryWriter":
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter

    target = chosen(context)
    return RegistryWriter(target.client("dynamodb"), output(target, "RegistryTable"))
