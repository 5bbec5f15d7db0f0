"""`deadair replay`: recorded events once more through the line, and what became of each. Wiring."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from infra.cli.recorded import Recorded
    from infra.cli.sending import Line, Told


def replay(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Files of recorded events, or folders of them.")],
    *,
    in_order: Annotated[
        bool, typer.Option("--in-order", help="Wait for each outcome before the next is sent.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=0, help="Give up after so many seconds without news.")] = 60.0,
) -> None:
    """Send recorded events through the line once more.

    Prints one JSON line per event: file, outcome, incident, reason.

    An event is an EventBridge event, an SNS envelope or alarm notification, an array of these, or any bytes:
    what is no event is sent all the same and ends with the dead letters.
    """
    from infra.cli import terminal
    from infra.cli.recorded import events_of, files_of

    try:
        events = [event for file in files_of(files) for event in events_of(file)]
    except OSError as error:
        terminal.complain(
            f"{error.filename or error}: cannot be read", "Nothing was sent. Name files or folders that can be read."
        )
        raise typer.Exit(2) from None
    if not events:
        terminal.complain("There are no files in it.", "Nothing was sent. Name files, or folders that hold some.")
        raise typer.Exit(2)
    line = _line(context)
    told = _send_one_by_one(line, events, timeout) if in_order else _send_all(line, events, timeout)
    for event, each in zip(events, told, strict=True):
        sys.stdout.write(_json_line(event, each) + "\n")
    raise typer.Exit(1 if any(each.outcome == "in_flight" for each in told) else 0)


def _send_all(line: "Line", events: "list[Recorded]", timeout: float) -> "list[Told]":
    from infra.cli import terminal
    from infra.cli.recorded import message_of
    from infra.cli.sending import IN_FLIGHT

    with terminal.err.status(f"Sending {terminal.count(len(events), 'event')}") as status:
        ids = line.send([message_of(event) for event in events])
        known = line.await_outcomes(
            ids, patience_s=timeout, tell=lambda count: status.update(f"{count} of {len(ids)} have an outcome")
        )
    return [known.get(message_id, IN_FLIGHT) for message_id in ids]


def _send_one_by_one(line: "Line", events: "list[Recorded]", timeout: float) -> "list[Told]":
    from infra.cli import terminal
    from infra.cli.recorded import message_of
    from infra.cli.sending import IN_FLIGHT

    told = []
    with terminal.err.status("Sending") as status:
        for place, event in enumerate(events, 1):
            status.update(f"{place} of {len(events)}")
            ids = line.send([message_of(event)])
            known = line.await_outcomes(ids, patience_s=timeout, tell=lambda _count: None)
            told.append(known.get(ids[0], IN_FLIGHT))
    return told


def _json_line(event: "Recorded", told: "Told") -> str:
    from infra.cli import terminal

    place = {"event": event.place} if event.place else {}
    fields = {"file": event.file, **place, "outcome": told.outcome, "incident": told.incident, "reason": told.reason}
    return terminal.json_text(fields, indent=None)


def _line(context: typer.Context) -> "Line":
    from infra.cli.sending import Line

    target = chosen(context)
    return Line(
        sqs=target.client("sqs"),
        queue=output(target, "IntakeQueueUrl"),
        dynamodb=target.client("dynamodb"),
        table=output(target, "IncidentsTable"),
        s3=target.client("s3"),
        bucket=output(target, "KnowledgeBucket"),
    )
