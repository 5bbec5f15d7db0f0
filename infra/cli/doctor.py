"""`deadair doctor`: does the line work? It says when the watchdog's last round came through. Wiring."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.watchdog import WatchdogStore
    from infra.target import Target

PATIENCE_S = 60.0
# A round that is lost is sent again; a stack that was just started hears only the second.
AGAIN_S = 15.0
LOOK_S = 0.5


def doctor(
    context: typer.Context,
    *,
    now: Annotated[bool, typer.Option("--now", help="Send a round into the line and wait for it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say whether alarms reach people: when the watchdog's last round came through, and what stands wrong.

    Exit status 1: no round came through for 12 minutes or the one sent now did not, or something stands wrong.
    """
    from deadair.adapters.dynamodb.standing_errors import StandingErrors
    from deadair.adapters.dynamodb.watchdog import WatchdogStore
    from infra.cli import doctor_words

    target = chosen(context)
    dynamodb, table = target.client("dynamodb"), output(target, "IncidentsTable")
    store = WatchdogStore(dynamodb, table)
    lost = now and not _send_round(target, store)
    pulse, errors, at = store.pulse(), StandingErrors(dynamodb, table).all(), datetime.now(UTC)
    if as_json:
        doctor_words.print_json(pulse, errors, at, lost=lost)
    else:
        doctor_words.print_report(pulse, errors, at, lost=lost)
    raise typer.Exit(0 if pulse and pulse.is_good(at) and not lost and not errors else 1)


def _send_round(target: "Target", store: "WatchdogStore") -> bool:
    """Whether a round came through that had not before."""
    before, began, sent = store.pulse(), time.monotonic(), 0.0
    while time.monotonic() - began < PATIENCE_S:
        if not sent or time.monotonic() - sent > AGAIN_S:
            target.client("sqs").send_message(QueueUrl=output(target, "WatchdogQueueUrl"), MessageBody="{}")
            sent = time.monotonic()
        time.sleep(LOOK_S)
        after = store.pulse()
        if after and after.round_at and after.round_at != (before and before.round_at):
            return True
    return False
