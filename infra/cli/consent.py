"""`deadair consent`: what happened in incidents about consent, and whether that is what was written. Wiring."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.usecases.verify_consent import End

app = typer.Typer(help="What happened in incidents about opt-outs and consent.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="list")
def list_(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(help="Only this incident, such as INC-42.")] = "",
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List what happened, newest first: when, who, what, in which systems."""
    from deadair.adapters.dynamodb.consent_log import list_consent
    from deadair.domain.incident import parse_number
    from infra.cli import consent_words

    number = parse_number(incident) if incident else None
    if incident and number is None:
        raise typer.BadParameter(f"{incident!r} is no incident; write one such as INC-42.", param_hint="INCIDENT")
    target = chosen(context)
    entries = list_consent(target.client("dynamodb"), output(target, "IncidentsTable"), limit, number)
    if as_json:
        consent_words.print_list_json(entries)
    else:
        consent_words.print_list(entries)


@app.command()
def verify(
    context: typer.Context,
    kept: Annotated[
        Path | None, typer.Option(help="What an earlier `deadair consent verify --json` printed, kept elsewhere.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check that nobody changed, took out, moved or cut off anything.

    Each incident about consent has a chain of hashes; its end is kept on the incident, and its lines are those of the
    timeline. Whoever may write the whole table could write all three anew, or take the incident away with them. Keep
    what this prints with --json in another place, and give it back with --kept: then what was there at that time
    cannot have been changed.
    """
    from deadair.usecases.verify_consent import verify_consent
    from infra.cli import consent_words
    from infra.cli.progress import Bar

    ends = _ends(kept) if kept else ()
    target = chosen(context)
    with Bar("Reading", quiet=as_json):
        verdict = verify_consent(target.client("dynamodb"), output(target, "IncidentsTable"), ends)
    if as_json:
        consent_words.print_verdict_json(verdict)
    else:
        consent_words.print_verdict(verdict, kept=bool(ends))
    raise typer.Exit(0 if verdict.whole else 1)


def _ends(file: Path) -> "tuple[End, ...]":
    from deadair.usecases.verify_consent import End

    try:
        told = json.loads(file.read_text("utf-8"))["ends"]
        ends = [End(str(end["incident"]), int(end["number"]), str(end["hash"])) for end in told]
        return tuple(end for end in ends if int(end.incident.removeprefix("INC-")) > 0)
    except (KeyError, OSError, TypeError, ValueError):
        told = f"{file} is not what `deadair consent verify --json` printed."
        raise typer.BadParameter(told, param_hint="--kept") from None
