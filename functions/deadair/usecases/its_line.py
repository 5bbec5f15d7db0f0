"""The line of an incident that goes on after all: what its alarms say next is about it again.

Knows that an integration has one open incident: while another one is open, that is where it goes on. Refuses to write.
"""

from dataclasses import dataclass, replace

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.lines import line_item, line_write, read_lines
from deadair.adapters.dynamodb.step_writes import line_changed
from deadair.adapters.dynamodb.steps import Changed
from deadair.adapters.dynamodb.transact import Write
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.line import Line, Past


@dataclass(frozen=True, slots=True)
class LineStep:
    """What becomes of a line in a step of a person: nothing, or one write and what to keep of it."""

    writes: tuple[Write, ...] = ()
    changed: tuple[Changed, ...] = ()


def hold_line(store: IncidentStore, before: Incident) -> list[Write] | None:
    """What keeps its line as it is while the incident reopens; None: another incident has come after it."""
    if before.split_from is not None:
        return []
    line = _line_of(store, before)
    if line.number is None:
        return []
    if _goes_on_as(store, line.number) != before.number:
        return None
    return [line_write(store.table, replace(line, version=line.version + 1), line)]


def line_again(store: IncidentStore, before: Incident) -> LineStep:
    """What its alarms say next is about it again, not about an incident that came after it and is over, too.

    Raises IllegalTransition while another one is open.
    """
    if before.is_open or before.split_from is not None:
        return LineStep()
    line = _line_of(store, before)
    if line.number in (None, before.number):
        return LineStep()
    latest = store.get_many([line.number])[line.number]
    if latest.is_open:
        told = f"{latest.id} is open for the same integration."
        raise IllegalTransition(told, field="incident", remedy=f"note {latest.number} what is not over")
    past = tuple(one for one in line.past if one.number != before.number)
    ended = (Past(latest.number, latest.resolved_at),) if latest.resolved_at else ()
    return line_step(store.table, replace(line, number=before.number, past=(*past, *ended)), line)


def line_step(table: str, after: Line, was: Line) -> LineStep:
    """The write of a line's new state, and what it changes."""
    after = replace(after, version=was.version + 1)
    changed = line_changed(line_item(was), line_item(after))
    return LineStep((line_write(table, after, was),), (changed,))


def _goes_on_as(store: IncidentStore, number: int) -> int:
    """The incident itself, or what it was merged into."""
    into = store.get_many([number])[number].merged_into
    return number if into is None else _goes_on_as(store, into)


def _line_of(store: IncidentStore, incident: Incident) -> Line:
    name = f"{incident.integration}#{incident.signal.value}" if incident.is_ahead else incident.integration
    return read_lines(store.client, store.table, [name])[name]
