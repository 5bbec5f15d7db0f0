"""`deadair maintenance`: planned work on integrations, during which notices wait. Wiring."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.domain.timeline import Actor
    from deadair.usecases.maintain import Maintenance
    from infra.target import Target

app = typer.Typer(help="Hold notices while you work on an integration.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    context: typer.Context,
    integrations: Annotated[list[str], typer.Argument(help="The integrations' slugs.")],
    *,
    reason: Annotated[str, typer.Option(help="What is being done.")],
    until: Annotated[str, typer.Option(help="The end, with its zone, such as 2026-11-24T20:00+01:00.")] = "",
    lasts: Annotated[str, typer.Option("--for", help="How long, instead of the end: 90m, 2h, 1d12h.")] = "",
    begin: Annotated[str, typer.Option("--from", help="The beginning, with its zone; without it, now.")] = "",
    as_json: Json = False,
) -> None:
    """Hold notices about these integrations. Incidents open all the same.

    At the end, whatever is still broken speaks up and is escalated from then on.
    """
    from deadair.domain.errors import Invalid
    from deadair.usecases.maintain import maintain
    from infra.cli import maintenance_words, times

    now = datetime.now(UTC)
    begins_at = times.instant(begin, "from") if begin else now
    if bool(until) == bool(lasts):
        raise Invalid("An end is needed, once.", field="until", remedy="Give either --until or --for.")
    ends_at = times.instant(until, "until") if until else begins_at + times.length(lasts, "for")
    done = maintain(
        _desk(chosen(context)),
        integrations,
        _actor(),
        begins_at=begins_at.astimezone(UTC),
        ends_at=ends_at.astimezone(UTC),
        reason=reason,
        now=now,
    )
    if as_json:
        maintenance_words.print_done_json(done)
    else:
        maintenance_words.print_added(done, (begins_at.tzinfo, ends_at.tzinfo))


@app.command(name="list")
def list_(
    context: typer.Context,
    *,
    past: Annotated[bool, typer.Option("--past", help="Those that are over, too; they are kept for a month.")] = False,
    as_json: Json = False,
) -> None:
    """List maintenance that lasts or is to come."""
    from deadair.usecases.maintain import planned
    from infra.cli import maintenance_words

    now = datetime.now(UTC)
    found = [one for one in planned(_desk(chosen(context))) if past or one.window.ends_at > now]
    if as_json:
        maintenance_words.print_list_json(found)
    else:
        maintenance_words.print_list(found, now)


@app.command()
def end(
    context: typer.Context,
    window: Annotated[str, typer.Argument(help="Its id, such as MW-1a2b3c4d.")],
    *,
    as_json: Json = False,
) -> None:
    """End maintenance now, for all its integrations; one that has not begun is gone."""
    from deadair.usecases.maintain import end_maintenance
    from infra.cli import maintenance_words

    done = end_maintenance(_desk(chosen(context)), window, _actor(), now=datetime.now(UTC))
    if as_json:
        maintenance_words.print_done_json(done)
    else:
        maintenance_words.print_ended(done)


def _desk(target: "Target") -> "Maintenance":
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.adapters.dynamodb.maintenance import MaintenanceStore
    from deadair.adapters.dynamodb.registry import RegistryStore
    from deadair.usecases.maintain import Maintenance

    client, table = target.client("dynamodb"), output(target, "IncidentsTable")
    registry = RegistryStore(client, output(target, "RegistryTable"))
    return Maintenance(MaintenanceStore(client, table), IncidentStore(client, table), registry)


def _actor() -> "Actor":
    from deadair.domain.ownership import Person
    from deadair.domain.timeline import Actor, Source
    from infra.cli.people import operator

    return Actor(Person(operator()), Source.CLI)
