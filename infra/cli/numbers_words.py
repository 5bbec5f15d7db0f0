"""What `deadair numbers` says: a small table, the whole below it, and for machines the same in seconds."""

from datetime import timedelta

from deadair.adapters.jinja.filters import duration
from deadair.domain.numbers import MEASURES, By, Figure, Group, Numbers
from deadair.usecases.numbers import Period, as_data
from infra.cli import terminal

HEADS = ("detect", "acknowledge", "mitigate", "resolve")


def print_numbers(counted: Numbers, period: Period, by: By) -> None:
    """Group by group, all together last. Each cell is the median, then the p90."""
    if not counted.groups:
        terminal.say(f"No incidents since {period.since:%Y-%m-%d}.", "bold green")
        return
    rows = [_row(group, group.name) for group in counted.groups]
    rows.append(_row(counted.overall, "all together"))
    terminal.table((by.value, "incidents", *HEADS), rows, flexible=by.value)
    false_alarms = counted.overall.false_alarms
    also = f" {terminal.count(false_alarms, 'false alarm')} beside." if false_alarms else ""
    terminal.say(f"Median / p90 of incidents that opened since {period.since:%Y-%m-%d}.{also}", "dim")


def _row(group: Group, name: str) -> tuple[str, ...]:
    return (name, str(group.incidents), *(_cell(group.figures[measure]) for measure in MEASURES))


def _cell(figure: Figure) -> str:
    if figure.median is None or figure.p90 is None:
        return "–"
    return _length(figure.median) if figure.count == 1 else f"{_length(figure.median)} / {_length(figure.p90)}"


def _length(length: timedelta) -> str:
    return duration(length.total_seconds())


def print_json(counted: Numbers, period: Period, by: By) -> None:
    """The same for machines; lengths in seconds."""
    terminal.print_json(as_data(counted, period, by))
