"""What `deadair alarms plan` and `reconcile` say: alarms by integration, and what they cost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.text import Text

from deadair.adapters.dynamodb.registry import integration_from
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_fields
from deadair.domain.drift import drifted
from deadair.domain.watch import Watch, cost_usd, metrics_read, unwatched_limits, watches
from deadair.usecases.provision_alarms import Look, Report
from infra.cli import terminal
from infra.cli.terminal import count, line, say

SHOWN = 20
# A metric of PutMetricData, a month.
CUSTOM_METRIC_USD = Decimal("0.30")
# What CloudWatch takes in one account and region, unless AWS has raised it.
ALARMS_QUOTA = 5_000
PRICES = (
    "List prices of CloudWatch in us-east-1 (aws.amazon.com/cloudwatch/pricing): $0.10 a month for each metric that an "
    "alarm reads, $0.30 for each custom metric, by the hours in which it has data. The first ten of each are free."
)


def print_plan(look: Look) -> None:
    """What would be written, by integration, and the bill."""
    plan = look.plan
    _signed("+", "green", ((watch.name, watch.note) for watch in plan.create))
    _signed("~", "yellow", ((watch.name, _changes(watch, look)) for watch in plan.change))
    _signed("-", "red", ((name, "") for name in plan.delete))
    _troubles(plan.clashes, look.unreadable)
    unwatched = list(_unwatched(look))
    _signed("·", "dim", ((slug, f"its limit per {per} raises no alarm: a day is the most") for slug, per in unwatched))
    if plan.writes or plan.clashes or unwatched:
        say("")
    print_cost(_all(look))
    say(
        f"{len(plan.create)} to make, {len(plan.change)} to change, {len(plan.delete)} to delete, "
        f"{len(plan.same)} as their rows ask.",
        "bold",
    )
    if plan.writes:
        say("Nothing was written. The stack does it after each change of a row; now: deadair alarms reconcile", "dim")


def print_cost(found: Sequence[Watch]) -> None:
    """What alarms cost a month, by integration and in all."""
    if not found:
        return
    by_slug = [(slug, list(some)) for slug, some in groupby(sorted(found, key=_slug), key=_slug)]
    rows = [_row(slug, some) for slug, some in by_slug[:SHOWN]]
    if len(by_slug) > SHOWN:
        rest = [watch for _, some in by_slug[SHOWN:] for watch in some]
        rows.append(_row(f"… and {len(by_slug) - SHOWN} more", rest))
    terminal.table(("integration", _right("alarms"), _right("$ a month")), [*rows, _row("all", found, style="bold")])
    read = metrics_read(found)
    say(f"They read {count(read, 'custom metric')}: ${read * CUSTOM_METRIC_USD:,.2f} more a month.")
    say(PRICES, "dim")
    if (beyond := len(found) - ALARMS_QUOTA) > 0:
        say(
            f"An account takes {ALARMS_QUOTA:,} alarms in a region unless AWS has raised its quota: {beyond:,} of "
            "these, or more if it has others, must wait.",
            "yellow",
        )
    say("")


def print_cost_of(rows: Sequence[Row], now: datetime) -> None:
    """What the alarms of these rows cost a month, wherever they are raised."""
    integrations = [integration_from(as_fields(row)) for row in rows]
    found = [watch for row in integrations for watch in watches(row, prefix="deadair", namespace="Deadair", now=now)]
    if found:
        say("")
        print_cost(found)


def print_plan_json(look: Look) -> None:
    """The same for machines."""
    plan, every = look.plan, _all(look)
    terminal.print_json(
        {
            "create": [_fields(watch) for watch in plan.create],
            "change": [
                _fields(watch) | {"fields": drifted(watch.definition, look.found[watch.name])} for watch in plan.change
            ],
            "delete": list(plan.delete),
            "same": [_fields(watch) for watch in plan.same],
            "clashes": list(plan.clashes),
            "unreadable_rows": list(look.unreadable),
            "limits_without_alarm": [{"integration": slug, "per": per} for slug, per in _unwatched(look)],
            "alarms_usd_a_month": str(cost_usd(every)),
            "custom_metrics": metrics_read(every),
            "custom_metrics_usd_a_month": str(metrics_read(every) * CUSTOM_METRIC_USD),
        }
    )


def print_report(report: Report) -> None:
    """What a reconcile did."""
    _signed("+", "green", ((name, "") for name in report.created))
    _signed("~", "yellow", ((name, "") for name in report.changed))
    _signed("~", "yellow", ((name, "tags") for name in report.tagged))
    _signed("-", "red", ((name, "") for name in report.deleted))
    _signed("!", "bold red", ((name, "CloudWatch refuses it; the log says why") for name in report.refused))
    _troubles(report.clashes, report.unreadable)
    done = f"{len(report.created)} made, {len(report.changed)} changed, {len(report.deleted)} deleted, "
    say(f"{done}{report.same} were as their {count(report.rows, 'row asks', 'rows ask')}.", "bold")
    if report.waiting:
        say(
            f"CloudWatch holds as many alarms as it takes: {count(len(report.waiting), 'alarm')} must wait. Ask AWS "
            "for a higher quota, or delete some; the daily reconcile then makes them."
        )


def print_report_json(report: Report) -> None:
    """The same for machines."""
    terminal.print_json(asdict(report))


def _troubles(clashes: Sequence[str], unreadable: Sequence[str]) -> None:
    _signed("!", "bold red", ((name, "made by hand; rename or delete it") for name in clashes))
    _signed("!", "bold red", ((slug, "its row cannot be read; its alarms stay") for slug in unreadable))


def _signed(sign: str, colour: str, named: Iterable[tuple[str, str]]) -> None:
    found = list(named)
    for name, words in found[:SHOWN]:
        line((f"{sign} ", colour), (name, ""), (f"  {words}" if words else "", "dim"))
    if len(found) > SHOWN:
        say(f"{sign} … and {len(found) - SHOWN} more", "dim")


def _changes(watch: Watch, look: Look) -> str:
    return ", ".join(drifted(watch.definition, look.found[watch.name]))


def _unwatched(look: Look) -> Iterator[tuple[str, str]]:
    """The limits that CloudWatch cannot sum: it looks back a day at most for one period."""
    for row in look.rows.there:
        for per in unwatched_limits(row.row):
            yield row.slug, per


def _all(look: Look) -> list[Watch]:
    return [*look.plan.create, *look.plan.change, *look.plan.same]


def _slug(watch: Watch) -> str:
    return watch.slug


def _row(name: str, found: Sequence[Watch], style: str = "") -> tuple[Text, Text, Text]:
    cost = f"{cost_usd(found):,.2f}"
    return Text(name, style), _right(str(len(found)), style), _right(cost, style)


def _right(text: str, style: str = "") -> Any:
    return Text(text, style, justify="right")


def _fields(watch: Watch) -> dict[str, Any]:
    return {
        "alarm": watch.name,
        "integration": watch.slug,
        "signal": watch.signal.value,
        "usd_a_month": str(cost_usd([watch])),
        "note": watch.note,
    }
