"""`deadair queues`: every room's queue, its dead letters, and sending those once more. Wiring.

A letter that the intake could read and not understand is `deadair ledger`'s; here is what a room failed at five times.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from infra.target import Target

app = typer.Typer(help="Look at the queues and send their dead letters once more.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WORK, DEAD = "QueueUrl", "DeadLetterUrl"
INTAKE = "Intake"


@dataclass(frozen=True, slots=True)
class LineQueue:
    """A room's queue and its dead letters, by their addresses."""

    name: str
    work: str
    dead: str


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages lie where."""

    name: str
    waiting: int
    dead: int


def line_queues(target: "Target") -> list[LineQueue]:
    """Every queue of the stack that has dead letters, by name."""
    names = sorted(name.removesuffix(DEAD) for name in target.outputs if name.endswith(DEAD))
    return [
        LineQueue(name, target.outputs[f"{name}{WORK}"], target.outputs[f"{name}{DEAD}"])
        for name in names
        if f"{name}{WORK}" in target.outputs
    ]


@app.command(name="list")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """How many messages and dead letters each queue has. Exits 1 when there are dead letters."""
    from deadair.adapters.sqs.redriving import held
    from infra.cli import terminal

    target = chosen(context)
    sqs = target.client("sqs")
    depths = [Depth(q.name, held(sqs, q.work), held(sqs, q.dead)) for q in line_queues(target)]
    if as_json:
        terminal.print_json([asdict(depth) for depth in depths])
    else:
        rows = [(depth.name, str(depth.waiting), str(depth.dead) if depth.dead else "") for depth in depths]
        terminal.table(("queue", "messages", "dead letters"), rows)
        ill = [depth.name for depth in depths if depth.dead]
        done = f"Mend the cause, then: deadair queues redrive {ill[0]}" if ill else "No dead letters."
        terminal.say(done, "bold" if ill else "bold green")
    raise typer.Exit(1 if any(depth.dead for depth in depths) else 0)


@app.command()
def redrive(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The queue, as `deadair queues list` names it.")],
    *,
    as_json: Json = False,
) -> None:
    """Send a queue's dead letters to it once more, after the cause was mended."""
    from deadair.adapters.sqs.redriving import move
    from infra.cli import terminal

    target = chosen(context)
    queue = _named(target, name)
    moved = move(target.client("sqs"), queue.dead, queue.work, _moved(target, queue.name))
    if as_json:
        terminal.print_json({"queue": queue.name, "moved": moved})
    else:
        terminal.say(f"{terminal.count(moved, 'message')} sent to {queue.name} once more." if moved else "None there.")


def _named(target: "Target", name: str) -> LineQueue:
    from deadair.domain.errors import NotFound

    known = line_queues(target)
    found = next((queue for queue in known if queue.name.casefold() == name.casefold()), None)
    if found is None:
        named = ", ".join(queue.name for queue in known)
        raise NotFound(f"There is no queue `{name}`.", field="name", remedy=f"Choose one of {named}.")
    return found


def _moved(target: "Target", name: str) -> Any:
    """The intake's ledger knows messages by their ids, and a message that is sent once more gets another."""
    from datetime import UTC, datetime

    from deadair.adapters.dynamodb.ledger import Ledger

    if name != INTAKE:
        return lambda _old, _new: None
    ledger = Ledger(target.client("dynamodb"), output(target, "IncidentsTable"), None, "")
    return lambda old, new: ledger.gone_as(old, new, datetime.now(UTC))
