"""`deadair verify`: is everything that was received accounted for? Wiring; the comparing is a use case."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.usecases.verify_ledger import Queues
    from infra.target import Target


def verify(
    context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Check that nothing that was received is missing.

    received = opened + appended + recovered + duplicate + ignored + dead-lettered + in flight

    Every message is looked for by its id, every transition in its incident's timeline, and every entry of an alarm
    among the transitions.
    """
    from deadair.usecases.verify_ledger import verify_ledger
    from infra.cli import terminal, verify_words
    from infra.cli.progress import Bar

    target = chosen(context)
    with Bar("Reading the ledger", quiet=as_json) as tell:
        queues = _queues(target)
        balance = verify_ledger(target.client("dynamodb"), output(target, "IncidentsTable"), queues, tell=tell)
    if as_json:
        terminal.print_json(asdict(balance) | {"balances": balance.balances})
    else:
        verify_words.print_balance(balance)
    raise typer.Exit(0 if balance.balances else 1)


def _queues(target: "Target") -> "Queues":
    from deadair.usecases.verify_ledger import Queues
    from infra.cli.queues import INTAKE, line_queues

    known = {queue.name: queue for queue in line_queues(target)}
    others = {name: queue.dead for name, queue in known.items() if name != INTAKE}
    return Queues(target.client("sqs"), output(target, "IntakeQueueUrl"), output(target, "IntakeDeadLetterUrl"), others)
