"""`deadair templates`: the templates of postmortems, ours and those that operators put in their place. Wiring."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.choice import chosen, output

if TYPE_CHECKING:
    from deadair.adapters.dynamodb.standing_errors import StandingErrors
    from deadair.adapters.s3.templates import TemplateBucket

app = typer.Typer(
    help="Templates of postmortems, ours and yours. Whoever may write the knowledge bucket may store one.",
    no_args_is_help=True,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Such as document, sev1, batch, batch-sev1 or suggested/what_broke.")]
File = Annotated[Path, typer.Argument(help="A Markdown template; - reads standard input.")]
As = Annotated[str, typer.Option("--as", help="The name under which it is looked for.")]


@app.command(name="list")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """List the templates in use, for which kind and severity each is, and what is wrong with one of yours."""
    from deadair.adapters.jinja.postmortem import Templates
    from deadair.adapters.jinja.postmortem_overview import overview
    from infra.cli import templates_words

    found = overview(Templates(_bucket(context)).stored())
    templates_words.print_list(found, as_json=as_json)


@app.command()
def show(
    context: typer.Context,
    name: Name,
    *,
    shipped: Annotated[bool, typer.Option("--shipped", help="Ours, also where you have one.")] = False,
    as_json: Json = False,
) -> None:
    """Print a template: yours, or else ours."""
    from deadair.adapters.jinja.postmortem_templates import shipped_text
    from deadair.domain.errors import NotFound
    from infra.cli import templates_words

    _known(name)
    text, whose = "", "shipped"
    if not shipped:
        try:
            text, whose = _bucket(context).read(name).decode("utf-8", "replace"), "bucket"
        except NotFound:
            text = ""
    try:
        text = text or shipped_text(name)
    except KeyError:
        raise NotFound(f"There is no template {name}.", field="name", remedy="deadair templates list") from None
    templates_words.print_text(name, whose, text, as_json=as_json)


@app.command()
def check(file: File, *, name: As = "document", as_json: Json = False) -> None:
    """Say what is wrong with a template, with its line; nothing is stored, and no stack is needed."""
    from deadair.adapters.jinja.postmortem_check import check as faults_of
    from infra.cli import templates_words

    _known(name)
    faults = faults_of(_text(file), name)
    templates_words.print_checked(str(file), faults, as_json=as_json)
    raise typer.Exit(1 if faults else 0)


@app.command()
def store(context: typer.Context, file: File, *, name: As, as_json: Json = False) -> None:
    """Put a template in place of ours, if nothing is wrong with it. Documents made from then on follow it.

    Within a minute every room has it. What is published already stays as it is until its facts change.
    """
    from deadair.adapters.jinja.postmortem_check import check as faults_of
    from deadair.domain.standing_error import Kind
    from infra.cli import templates_words

    _known(name)
    text = _text(file)
    faults = faults_of(text, name)
    if not faults:
        _bucket(context).store(name, text)
        _errors(context).clear(Kind.TEMPLATE, name)
    templates_words.print_stored(name, str(file), faults, as_json=as_json)
    raise typer.Exit(1 if faults else 0)


@app.command()
def remove(context: typer.Context, name: Name, *, as_json: Json = False) -> None:
    """Take yours away, so that ours is used again."""
    from deadair.domain.errors import NotFound
    from deadair.domain.standing_error import Kind
    from infra.cli import templates_words

    bucket = _bucket(context)
    if name not in bucket.tags():
        raise NotFound(f"The bucket has no template {name}.", field="name", remedy="deadair templates list")
    bucket.remove(name)
    _errors(context).clear(Kind.TEMPLATE, name)
    templates_words.print_removed(name, as_json=as_json)


@app.command()
def variables(*, as_json: Json = False) -> None:
    """List every variable of a template with its meaning and an example."""
    from infra.cli import templates_words

    templates_words.print_variables(as_json=as_json)


def _known(name: str) -> None:
    from deadair.adapters.jinja.postmortem_check import is_name, names
    from deadair.domain.errors import Invalid

    if not is_name(name):
        said = f"Use one of {', '.join(names())}."
        raise Invalid(f"No incident looks for a template {name}.", field="as", remedy=said)


def _text(file: Path) -> str:
    from deadair.domain.errors import Invalid

    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise Invalid(f"{file} {why}.", field="file", remedy="Nothing was changed. Name a Markdown file.") from error


def _bucket(context: typer.Context) -> "TemplateBucket":
    from deadair.adapters.s3.templates import TemplateBucket

    target = chosen(context)
    return TemplateBucket(target.client("s3"), output(target, "KnowledgeBucket"))


def _errors(context: typer.Context) -> "StandingErrors":
    from deadair.adapters.dynamodb.standing_errors import StandingErrors

    target = chosen(context)
    return StandingErrors(target.client("dynamodb"), output(target, "IncidentsTable"))
