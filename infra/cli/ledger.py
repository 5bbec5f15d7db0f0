"""`deadair ledger`: the dead letters of the intake, one of them whole, and sending them once more. Wiring."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.letters import LetterStore
    from deadair.domain.letter import Letter

app = typer.Typer(help="Look at dead letters and send them once more.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="list")
def list_(
    context: typer.Context,
    *,
    sent: Annotated[bool, typer.Option("--sent", help="Those that were sent once more, and what they became.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List dead letters, newest first."""
    from infra.cli import ledger_words

    store = _letters(context)
    found: list[Letter] = []
    cursor = ""
    while len(found) < limit:
        page = (store.redriven if sent else store.waiting)(limit - len(found), cursor)
        found += page.items
        cursor = page.next
        if not cursor:
            break
    if as_json:
        ledger_words.print_list_json(found)
    else:
        ledger_words.print_list(found, more=bool(cursor), sent=sent)


@app.command()
def show(
    context: typer.Context, letter: Annotated[str, typer.Argument(help="The letter's id.")], *, as_json: Json = False
) -> None:
    """Show one dead letter, whole."""
    from infra.cli import ledger_words

    found = _letters(context).get(letter)
    target = chosen(context)
    raw = found.raw
    if found.raw_ref:
        bucket = output(target, "KnowledgeBucket")
        raw = target.client("s3").get_object(Bucket=bucket, Key=found.raw_ref)["Body"].read().decode("utf-8", "replace")
    if as_json:
        ledger_words.print_one_json(found, raw)
    else:
        ledger_words.print_one(found, raw)


@app.command()
def redrive(
    context: typer.Context,
    letters: Annotated[list[str] | None, typer.Argument(help="The letters' ids.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="All that wait for this reason.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    as_json: Json = False,
) -> None:
    """Send dead letters through the line once more, after what they failed at was mended."""
    from deadair.adapters.sqs.redriving import IntakeQueue
    from deadair.usecases.redrive import redrive as send
    from deadair.usecases.redrive import redrive_all
    from infra.cli import ledger_words
    from infra.cli.people import operator

    if not letters and not reason and not everything:
        raise typer.BadParameter("Name letters, or say --reason or --all.")
    target = chosen(context)
    queue = IntakeQueue(target.client("sqs"), output(target, "IntakeQueueUrl"))
    store, by, now = _letters(context), operator(), datetime.now(UTC)
    gone = [send(store, queue, letter, by, now=now) for letter in letters or ()]
    if reason or everything:
        gone += redrive_all(store, queue, by, reason=reason, now=now)
    if as_json:
        ledger_words.print_list_json(gone)
    else:
        ledger_words.print_gone(gone, asked=bool(letters))


def _letters(context: typer.Context) -> "LetterStore":
    from deadair.adapters.dynamodb.letters import LetterStore

    target = chosen(context)
    return LetterStore(target.client("dynamodb"), output(target, "IncidentsTable"))
