"""`deadair alarms`: the alarms that the registry raises. Wiring; what a row asks for is in the core."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output
from infra.cli.scan import scan

if TYPE_CHECKING:
    from deadair.usecases.provision_alarms import Provisioner

app = typer.Typer(help="The CloudWatch alarms that the registry raises.", no_args_is_help=True)
app.command()(scan)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
# AWS takes three PutMetricAlarm a second; the room may be writing at the same time, and both wait when it is too much.
WRITES_PER_SECOND, LOCAL_WRITES_PER_SECOND = 3, 200


@app.command()
def plan(
    context: typer.Context,
    slugs: Annotated[list[str] | None, typer.Argument(help="Only the alarms of these integrations.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what would change, and what it costs. Changes nothing.

    Which alarms would be made, changed or deleted, and what all of them cost a month.
    """
    from deadair.domain.errors import NotFound
    from infra.cli import alarms_words
    from infra.cli.progress import Bar

    provisioner, now = _provisioner(context), datetime.now(UTC)
    if slugs and (unknown := provisioner.rows.of(slugs).gone):
        raise NotFound(f"There is no row {unknown[0]}.", field="slug", remedy="See `deadair registry export`.")
    with Bar("Comparing rows and alarms", quiet=as_json):
        look = provisioner.look(slugs, now) if slugs else provisioner.look_at_all(now)
    if as_json:
        alarms_words.print_plan_json(look)
    else:
        alarms_words.print_plan(look)


@app.command(name="reconcile")
def reconcile_(context: typer.Context, *, as_json: Json = False) -> None:
    """Bring every alarm to what its row says now. Alarms made by hand are left alone.

    The stack does the same each day, after each deployment and after each change of a row; this is for who does not
    want to wait.
    """
    from deadair.usecases.reconcile_alarms import Place, reconcile
    from infra.cli import alarms_words
    from infra.cli.progress import Bar

    provisioner = _provisioner(context)
    total = sum(1 for _ in provisioner.rows.slugs())
    done = 0
    with Bar("Reconciling rows", total, quiet=as_json) as told:

        def progress(now_done: int, _all: int) -> None:
            nonlocal done
            told(now_done - done)
            done = now_done

        report, _ = reconcile(provisioner, Place(), datetime.now(UTC), progress=progress)
    if as_json:
        alarms_words.print_report_json(report)
    else:
        alarms_words.print_report(report)
    raise typer.Exit(1 if report.refused or report.waiting or report.clashes or report.unreadable else 0)


def _provisioner(context: typer.Context) -> "Provisioner":
    from deadair.adapters.cloudwatch.alarms import Alarms
    from deadair.adapters.dynamodb.rows_now import RowsNow
    from deadair.usecases.provision_alarms import Provisioner

    target = chosen(context)
    rate = LOCAL_WRITES_PER_SECOND if target.is_local else WRITES_PER_SECOND
    return Provisioner(
        RowsNow(target.client("dynamodb"), output(target, "RegistryTable")),
        Alarms(target.client("cloudwatch"), rate=rate),
        prefix=output(target, "AlarmPrefix"),
        namespace=output(target, "MetricNamespace"),
    )
