"""`deadair diagnosis`: how good the guesses are. Wiring; reads only."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from infra.cli.choice import chosen, output
from infra.cli.numbers import MOST, length_of

app = typer.Typer(no_args_is_help=True, help="What broke, as it was guessed and as it was.")


@app.callback()
def group() -> None:
    """What broke, as it was guessed and as it was."""


@app.command()
def accuracy(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option(help="How far back incidents opened: 90d, 12w, 48h.")] = "90d",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How often the guessed class was what a person named as the cause, by class and by confidence.

    Counts resolved incidents; drills, false alarms and merged ones count nowhere. The guess is that of the moment in
    which somebody first named the cause, held against what was named last.
    """
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.usecases.count_guesses import count_guesses
    from deadair.usecases.numbers import read_period
    from infra.cli import diagnosis_words
    from infra.cli.progress import Bar

    start = datetime.now(UTC) - length_of(since)
    target = chosen(context)
    store = IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))
    with Bar("Reading incidents", quiet=as_json) as tell:
        counted = count_guesses(store, read_period(store, start, most=MOST, tell=tell).incidents)
    if as_json:
        diagnosis_words.print_json(counted, start)
    else:
        diagnosis_words.print_accuracy(counted, start)
