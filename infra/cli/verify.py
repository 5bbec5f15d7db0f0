"""`deadair verify`: is everything that was received accounted for? Wiring; the counting is a use case."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from infra.cli.choice import chosen, output

COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def verify(
    context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Check that nothing that was received is missing.

    received = opened + appended + recovered + duplicate + ignored + dead-lettered + in flight
    """
    from deadair.usecases.verify_ledger import verify_ledger
    from infra.cli import terminal, verify_words

    target = chosen(context)
    queues = (output(target, "IntakeQueueUrl"), output(target, "IntakeDeadLetterUrl"))
    held = sum(_held(target.client("sqs"), queue) for queue in queues)
    balance = verify_ledger(target.client("dynamodb"), output(target, "IncidentsTable"), held)
    if as_json:
        terminal.print_json(asdict(balance) | {"balances": balance.balances})
    else:
        verify_words.print_balance(balance)
    raise typer.Exit(0 if balance.balances else 1)


def _held(sqs: Any, queue: str) -> int:
    """How many messages lie in a queue, worked on or not."""
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(COUNTS))["Attributes"]
    return sum(int(attributes.get(name, 0)) for name in COUNTS)
