"""`deadair`: the operator's command, from its arguments to its exit status.

Knows the global options and how every failure is said. Exit status: 0 done, 1 refused or something to look at,
2 the command could not begin. Imports nothing slow: a command imports what it needs when it runs.
"""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from infra.cli import (
    actions,
    alarms,
    audit,
    changes,
    consent,
    diagnosis,
    doctor,
    incidents,
    kb,
    ledger,
    local,
    maintenance,
    numbers,
    queues,
    reach,
    registry,
    replay,
    signals,
    slack,
    stack,
    templates,
    verify,
)
from infra.cli.choice import Choice, hoisted

app = typer.Typer(
    name="deadair",
    help="Incidents and postmortems for the integrations that fail silently.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help needs no rich, and appears three times as fast
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(stack.up)
app.command()(stack.demo)
app.add_typer(registry.app, name="registry")
app.add_typer(actions.app, name="actions")
app.add_typer(alarms.app, name="alarms")
app.add_typer(audit.app, name="audit")
app.add_typer(changes.app, name="changes")
app.add_typer(consent.app, name="consent")
app.add_typer(diagnosis.app, name="diagnosis")
app.add_typer(incidents.app, name="incidents")
app.add_typer(kb.app, name="kb")
app.add_typer(ledger.app, name="ledger")
app.add_typer(maintenance.app, name="maintenance")
app.add_typer(reach.app, name="people")
app.add_typer(queues.app, name="queues")
app.add_typer(signals.app, name="signals")
app.add_typer(slack.app, name="slack")
app.add_typer(templates.app, name="templates")
app.add_typer(local.app, name="local")
app.command()(doctor.doctor)
app.command()(replay.replay)
app.command()(numbers.numbers)
app.command()(verify.verify)


@app.callback()
def options(
    context: typer.Context,
    profile: Annotated[str, typer.Option(help="The AWS profile of a deployed stack.")] = "",
    stack: Annotated[str, typer.Option(help="The name of a deployed stack, such as Deadair-prod.")] = "",
    state_dir: Annotated[
        Path | None, typer.Option(help="The folder of a local stack.", show_default=".deadair, here or above")
    ] = None,
) -> None:
    """Choose the stack that the command works on: the running local one, unless --profile or --stack name another."""
    context.obj = Choice(profile=profile, stack=stack, state_dir=state_dir)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; every failure that has a remedy ends as one calm message."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # An old locale has no arrow and no é; JSON reads `\\u2192` as what it stands for.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(hoisted(sys.argv[1:] if arguments is None else arguments))
    except Exception as error:
        from infra.cli.failures import explain

        status = explain(error)
        if status is None:
            raise
        sys.exit(status)


if __name__ == "__main__":
    main()
