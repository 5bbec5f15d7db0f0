"""`deadair audit`: who changed the registry, and whether what the log says is what was written. Wiring; reads only."""

from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Annotated

import typer

from infra.cli.choice import chosen, output

app = typer.Typer(help="Who changed what in the registry.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="list")
def list_(
    context: typer.Context,
    integration: Annotated[str, typer.Option(help="Only this integration, by its slug.")] = "",
    since: Annotated[str, typer.Option(help="Only from this day or instant (UTC) on, such as 2026-11-01.")] = "",
    below: Annotated[int, typer.Option(min=0, help="Only entries with a number below this one: the next page.")] = 0,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List changes of the registry, newest first.

    When, who, and each field before and after.
    """
    from deadair.adapters.dynamodb.audit import MOST, AuditLog
    from infra.cli import audit_words

    target = chosen(context)
    log = AuditLog(target.client("dynamodb"), output(target, "RegistryTable"))
    under = below or MOST + 1
    entries = log.history(integration) if integration else log.latest(below=under)
    begin = _instant(since) if since else None
    asked = (entry for entry in entries if entry.number < under)
    recent = takewhile(lambda entry: begin is None or entry.at >= begin, asked)
    page = list(islice(recent, limit + 1))
    if as_json:
        audit_words.print_list_json(page[:limit], more=len(page) > limit)
    else:
        audit_words.print_list(page[:limit], integration, more=len(page) > limit)


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option(help="A head's hash that an earlier verify printed: is that history still in the log?")
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Check that nobody changed the audit log, and no row past it.

    The log is a chain of hashes; its head is the hash of all of it. Whoever may write the whole table could write the
    end of the log anew, head and rows included. Keep the head that this prints in another place, and give it back later
    with --head: then what was there at that time cannot have been changed.
    """
    from deadair.adapters.dynamodb.registry_writer import RegistryWriter
    from deadair.usecases.verify_audit import verify_audit
    from infra.cli import audit_words
    from infra.cli.progress import Bar

    target = chosen(context)
    writer = RegistryWriter(target.client("dynamodb"), output(target, "RegistryTable"))
    with Bar("Entries read", quiet=as_json) as walked:
        verdict = verify_audit(writer, anchor=head, walked=walked)
    if as_json:
        audit_words.print_verdict_json(verdict, head)
    else:
        audit_words.print_verdict(verdict, head)
    raise typer.Exit(0 if verdict.whole else 1)


def _instant(text: str) -> datetime:
    """A day or an instant; UTC when it says no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write one such as 2026-11-01.", param_hint="--since") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
