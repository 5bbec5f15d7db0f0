"""`deadair slack`: the app's manifest, its secrets, and whether it is set up well. Wiring."""

import sys
from typing import Annotated

import typer

from infra.cli.choice import chosen

app = typer.Typer(help="Set Slack up: the app's manifest, its secrets, a check.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
# Four secrets, token, workspace, scopes, channel, door, sign-in.
LOOKED_AT = 10
LONGEST_SECRET = 1000


@app.command()
def manifest(
    context: typer.Context,
    *,
    url: Annotated[str, typer.Option(help="Where Deadair answers.", show_default="the stack's own address")] = "",
    name: Annotated[str, typer.Option(help="What the app is called in Slack.")] = "Deadair",
    command: Annotated[str, typer.Option(help="The slash command.")] = "/incident",
    emoji: Annotated[
        bool | None,
        typer.Option(help="Whether a reaction adds a message to a timeline.", show_default="as deployed"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the app's manifest.

    Paste it at api.slack.com/apps: Create New App, From a manifest. With --url no stack is asked.
    """
    from infra.cli import terminal
    from infra.slack_app.manifest import Unfit, as_yaml
    from infra.slack_app.manifest import manifest as made
    from infra.slack_app.surroundings import unlocked

    stack = None if url else unlocked(chosen(context))
    wanted = emoji if emoji is not None else stack is None or stack.emoji
    try:
        told = made(stack.web if stack else url, name=name, command=command, emoji=wanted)
    except Unfit as unfit:
        terminal.complain(str(unfit))
        raise typer.Exit(1) from unfit
    terminal.print_json(told) if as_json else sys.stdout.write(as_yaml(told) + "\n")


@app.command()
def check(context: typer.Context, *, as_json: Json = False) -> None:
    """Say what is not set up right, and what to do.

    Secrets, token, workspace, scopes, channel, commands and sign-in are tried. Exit status 1: something is to be done.
    """
    import logging

    from infra.cli import slack_words
    from infra.cli.progress import Bar
    from infra.cli.slack_sign_in import sign_in
    from infra.slack_app.check import check as look
    from infra.slack_app.surroundings import around

    # What went wrong is said in our words; these would say it a second time.
    for told_twice in ("slack_sdk", "deadair"):
        logging.getLogger(told_twice).setLevel(logging.CRITICAL)
    target = chosen(context)
    with Bar("Looking", LOOKED_AT, quiet=as_json) as told:
        found = look(around(target), sign_in, told)
    slack_words.print_json(found) if as_json else slack_words.print_findings(found)
    raise typer.Exit(0 if all(finding.ok for finding in found) else 1)


@app.command()
def secret(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="bot-token, signing-secret, client-secret, session-key, webhook-secret.")],
) -> None:
    """Keep a secret in SSM, typed unseen or by a pipe.

    The functions look for it there, and know it within a minute.
    """
    from infra.cli import terminal
    from infra.slack_app.check import SECRETS
    from infra.slack_app.surroundings import OPTIONAL, keep_secret

    known = SECRETS | OPTIONAL
    if name not in known:
        terminal.complain(f"name: {name!r} is none of the secrets; there are: {', '.join(known)}")
        raise typer.Exit(1)
    target = chosen(context)
    value = _typed(f"{name} ({known[name]})")
    if not value or len(value) > LONGEST_SECRET or not value.isascii() or not value.isprintable():
        terminal.complain(f"{name}: a secret is one line of letters and signs. Nothing changed.")
        raise typer.Exit(1)
    where = keep_secret(target, name, value)
    terminal.say(f"{where} is kept. The functions read it within a minute.")
    terminal.note("Next: deadair slack check")


def _typed(what: str) -> str:
    from getpass import getpass

    try:
        value = getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline()
    except (EOFError, UnicodeDecodeError):
        return ""
    return value.strip()
