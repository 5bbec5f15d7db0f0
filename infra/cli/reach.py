"""`deadair people`: when the people of the registry can be reached. Wiring."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output, parameter

if TYPE_CHECKING:
    from deadair.usecases.keep_people import Desk
    from infra.target import Target

app = typer.Typer(help="Say when people can be reached.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Email = Annotated[str, typer.Argument(help="Their address, as the registry has it.")]


@app.command(name="list")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """List everybody whom the registry names, with working time and days away, and who is an administrator."""
    from deadair.domain.standing_in import addresses_in
    from deadair.usecases.keep_people import everybody
    from infra.cli import reach_words

    target = chosen(context)
    found, admins = everybody(_desk(target)), addresses_in(parameter(target, "Admins"))
    if as_json:
        reach_words.print_list_json(found, admins)
    else:
        reach_words.print_list(found, admins, datetime.now(UTC))


@app.command()
def away(
    context: typer.Context,
    person: Email,
    *,
    until: Annotated[str, typer.Option(help="The last day, such as 2026-11-24, in their own time zone.")] = "",
    begin: Annotated[str, typer.Option("--from", help="The first day; without it, today.")] = "",
    why: Annotated[str, typer.Option(help="What the timeline says, such as holiday.")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are there again.")] = False,
    as_json: Json = False,
) -> None:
    """Say on which days somebody is away: escalation passes them over, and says why."""
    from deadair.domain.errors import Invalid
    from deadair.usecases.keep_people import come_back, go_away
    from infra.cli import reach_words, times

    now = datetime.now(UTC)
    if bool(until) == back:
        raise Invalid("A last day is needed.", field="until", remedy="Give either --until or --back.")
    desk = _desk(chosen(context))
    if back:
        found = come_back(desk, person, now=now)
    else:
        first = times.day(begin, "from") if begin else now.date()
        found = go_away(desk, person, first, times.day(until, "until"), why, now=now)
    if as_json:
        reach_words.print_one_json(found)
    else:
        reach_words.print_one(found)


@app.command()
def hours(
    context: typer.Context,
    person: Email,
    *,
    timezone: Annotated[str, typer.Option(help="Their time zone, such as Europe/Berlin.")] = "UTC",
    at: Annotated[list[str] | None, typer.Option("--hours", help="Working hours, such as 09:00-17:00.")] = None,
    weekdays: Annotated[str, typer.Option(help="Working days, such as mon-fri or mon,tue,thu.")] = "mon-fri",
    as_json: Json = False,
) -> None:
    """Say when somebody works: SEV3 and SEV4 wait for it, SEV1 and SEV2 never do.

    Without --hours they can be reached at any time.
    """
    from deadair.usecases.keep_people import keep_hours
    from infra.cli import reach_words
    from infra.cli.weekly import days_of, hours_of

    spans = tuple(hours_of(each) for each in at or ())
    found = keep_hours(_desk(chosen(context)), person, timezone, days_of(weekdays), spans)
    if as_json:
        reach_words.print_one_json(found)
    else:
        reach_words.print_one(found)


def _desk(target: "Target") -> "Desk":
    from deadair.adapters.dynamodb.people import PeopleStore
    from deadair.adapters.dynamodb.registry import RegistryStore
    from deadair.usecases.keep_people import Desk

    client = target.client("dynamodb")
    registry = RegistryStore(client, output(target, "RegistryTable"))
    return Desk(PeopleStore(client, output(target, "IncidentsTable")), registry)
