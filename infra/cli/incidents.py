"""`deadair incidents`: what is open, what is past, one incident with its timeline, and the steps. Wiring."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import incident_open, incident_steps
from infra.cli.choice import chosen, output
from infra.cli.incident_step import number_of

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.incidents import IncidentStore

app = typer.Typer(help="Incidents: read them, and take every step on them.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class State(StrEnum):
    """Which incidents to list."""

    OPEN = "open"
    PAST = "past"
    ALL = "all"


@app.command(name="list")
def list_(
    context: typer.Context,
    state: Annotated[State, typer.Option(help="Which incidents.")] = State.OPEN,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many of each state.")] = 50,
    as_json: Json = False,
) -> None:
    """List incidents, newest first."""
    from infra.cli import incident_words

    store = _store(context)
    pages = []
    if state is not State.PAST:
        pages.append(store.open_page(limit))
    if state is not State.OPEN:
        pages.append(store.past_incidents(limit))
    found = [incident for page in pages for incident in page.items]
    if as_json:
        incident_words.print_list_json(found)
    else:
        incident_words.print_list(found, state.value)
    if unread := sum(page.unread for page in pages):
        incident_words.note_unread(unread)


@app.command()
def show(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(help="INC-42, 42 or #42.")],
    *,
    as_json: Json = False,
) -> None:
    """Show one incident and its timeline."""
    from infra.cli import incident_words

    number, store = number_of(incident), _store(context)
    found, timeline = store.get(number), store.timeline(number)
    if as_json:
        incident_words.print_one_json(found, timeline)
    else:
        incident_words.print_one(found, timeline, chosen(context).web)


def _store(context: typer.Context) -> "IncidentStore":
    from deadair.adapters.dynamodb.incidents import IncidentStore

    target = chosen(context)
    return IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))


app.command(name="open")(incident_open.open_)
incident_steps.add_to(app)
