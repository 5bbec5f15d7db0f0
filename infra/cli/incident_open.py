"""`deadair incidents open`: an incident that no alarm has told of. Wiring.

Knows an integration by its slug, and whom the stack names for what belongs to none.
"""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from deadair.domain.severity import FailureClass, Severity
from infra.cli.choice import chosen, parameter
from infra.cli.incident_step import As, Json, actor_of, rows_of, store_of

if TYPE_CHECKING:
    from deadair.usecases.open_by_hand import Opened

Slug = Annotated[str, typer.Argument(metavar="INTEGRATION", help="Its slug in the registry, or none.")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[WORDS…]", help="What you see.")]
Level = Annotated[int | None, typer.Option("--sev", min=1, max=4, help="How bad it is, if not as usual.")]
Class = Annotated[FailureClass | None, typer.Option("--class", help="What broke, if that is known.")]

# Said in place of a slug, as in Slack.
NONE = "none"


def open_(
    context: typer.Context,
    integration: Slug,
    words: Some = None,
    *,
    sev: Level = None,
    failure_class: Class = None,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open an incident by hand, or show the one that is open already."""
    from infra.cli import incident_words

    found = _opened(context, integration, " ".join(words or ()), sev, failure_class, who)
    if not found.opened and not as_json:
        incident_words.print_already()
    (incident_words.print_state_json if as_json else incident_words.print_state)(found.incident)


def _opened(  # noqa: PLR0917 - the same
    context: typer.Context, slug: str, text: str, sev: int | None, failure_class: FailureClass | None, who: str
) -> "Opened":
    from deadair.domain.ownership import Person
    from deadair.usecases.open_by_hand import open_by_hand

    target, fallback = chosen(context), None
    if slug == NONE:
        slug, fallback = "", Person(**json.loads(parameter(target, "FallbackOwner") or '{"name": ""}'))
    rows, severity = rows_of(target), Severity(f"SEV{sev}") if sev else None
    return open_by_hand(
        store_of(target),
        rows,
        slug,
        actor_of(target, rows, who),
        severity,
        text,
        now=datetime.now(UTC),
        fallback=fallback,
        failure_class=failure_class,
    )
