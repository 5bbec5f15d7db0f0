"""`deadair numbers`: how long incidents take, as median and p90. Wiring; reads only."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.domain.numbers import By

UNITS = {"d": "days", "w": "weeks", "h": "hours"}
# All that anybody has; the command shows how far it is.
MOST = 1_000_000


def numbers(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option(help="How far back incidents opened: 90d, 12w, 48h.")] = "90d",
    by: Annotated[str, typer.Option(help="integration, owner or class.")] = "integration",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Time to detect, acknowledge, mitigate and resolve: median and p90.

    Every figure is a time that one incident really took (nearest rank). Times to detect, mitigate and resolve count
    from the start, to acknowledge from the alarm. Drills and merged incidents count nowhere; false alarms are counted
    and not measured.
    """
    from deadair.adapters.dynamodb.incidents import IncidentStore
    from deadair.domain.numbers import numbers as count
    from deadair.usecases.numbers import read_period
    from infra.cli import numbers_words
    from infra.cli.progress import Bar

    grouped, start = _by(by), datetime.now(UTC) - length_of(since)
    target = chosen(context)
    store = IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))
    with Bar("Reading incidents", quiet=as_json) as tell:
        period = read_period(store, start, most=MOST, tell=tell)
    counted = count(period.incidents, grouped)
    if as_json:
        numbers_words.print_json(counted, period, grouped)
    else:
        numbers_words.print_numbers(counted, period, grouped)


def length_of(text: str) -> timedelta:
    """A length such as `90d`. Raises Invalid."""
    from deadair.domain.errors import Invalid

    found = re.fullmatch(r"([1-9][0-9]{0,4})([dwh])", text.strip().lower())
    if found is None:
        raise Invalid(f"`{text}` is no length of time.", field="since", remedy="Write 90d, 12w or 48h.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _by(text: str) -> "By":
    from deadair.domain.errors import Invalid
    from deadair.domain.numbers import By

    try:
        return By(text.strip().lower())
    except ValueError:
        remedy = f"Choose one of {', '.join(By)}."
        raise Invalid(f"Incidents cannot be grouped by `{text}`.", field="by", remedy=remedy) from None
