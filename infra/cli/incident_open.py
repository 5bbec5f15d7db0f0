"""`deadair incidents open`: an incident that no alarm has told of. Wiring.

Knows an integration by its slug, and whom the stack names for what belongs to none. With times, it is one that is over.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from deadair.domain.errors import Invalid
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from infra.cli import incident_past
from infra.cli.choice import chosen, parameter
from infra.cli.incident_step import As, Json, actor_of, rows_of, store_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deadair.domain.ownership import Integration, Person
    from deadair.domain.timeline import Actor
    from deadair.usecases.open_by_hand import Opened
    from infra.target import Target

Slug = Annotated[str, typer.Argument(metavar="INTEGRATION", help="Its slug in the registry, or none.")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[WORDS…]", help="What you see.")]
Level = Annotated[int | None, typer.Option("--sev", min=1, max=4, help="How bad it is, if not as usual.")]
Class = Annotated[FailureClass | None, typer.Option("--class", help="What broke, if that is known.")]

# Said in place of a slug, as in Slack.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed of the incident."""

    slug: str
    text: str
    severity: Severity | None
    failure_class: FailureClass | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where it is opened, for whom, and by whom."""

    target: "Target"
    rows: "Sequence[Integration]"
    actor: "Actor"
    fallback: "Person | None"


def open_(
    context: typer.Context,
    integration: Slug,
    words: Some = None,
    *,
    sev: Level = None,
    failure_class: Class = None,
    started: incident_past.Started = "",
    detected: incident_past.Detected = "",
    acknowledged: incident_past.Acknowledged = "",
    mitigated: incident_past.Mitigated = "",
    resolved: incident_past.Resolved = "",
    fix: incident_past.Fix = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open an incident by hand, or show the one that is open already.

    With --started, --detected and --resolved it is one that is over: it gets its own dates, and nobody is told.
    """
    from infra.cli import incident_words

    asked = Asked(integration, " ".join(words or ()), Severity(f"SEV{sev}") if sev else None, failure_class)
    typed = dict(zip(Milestone, (started, detected, acknowledged, mitigated, resolved), strict=True))
    times = incident_past.times_of(typed)
    is_past = any(times.values())
    if fix and not is_past:
        remedy = "Give --started, --detected and --resolved as well, or say it when it is resolved."
        raise Invalid("Only what is over has a fix.", field="fix", remedy=remedy)
    beside, asked = _beside(context, asked, who)
    found = _past(beside, asked, times, fix) if is_past else _opened(beside, asked)
    if not found.opened and not as_json:
        incident_words.print_already(over=is_past)
    (incident_words.print_state_json if as_json else incident_words.print_state)(found.incident)


def _beside(context: typer.Context, asked: Asked, who: str) -> tuple[Neighbours, Asked]:
    """`none` is no integration: it is the fallback person's then."""
    from deadair.domain.ownership import Person

    target, fallback = chosen(context), None
    if asked.slug == NONE:
        fallback = Person(**json.loads(parameter(target, "FallbackOwner") or '{"name": ""}'))
        asked = replace(asked, slug="")
    rows = rows_of(target)
    return Neighbours(target, rows, actor_of(target, rows, who), fallback), asked


def _opened(beside: Neighbours, asked: Asked) -> "Opened":
    from deadair.usecases.open_by_hand import open_by_hand

    return open_by_hand(
        store_of(beside.target),
        beside.rows,
        asked.slug,
        beside.actor,
        asked.severity,
        asked.text,
        now=datetime.now(UTC),
        fallback=beside.fallback,
        failure_class=asked.failure_class,
    )


def _past(beside: Neighbours, asked: Asked, times: dict[Milestone, datetime | None], fix: str) -> "Opened":
    from deadair.usecases.open_past import Remembered, open_past

    told = Remembered(times=times, text=asked.text, fix=fix, severity=asked.severity, failure_class=asked.failure_class)
    store = store_of(beside.target)
    return open_past(
        store, beside.rows, asked.slug, beside.actor, told, now=datetime.now(UTC), fallback=beside.fallback
    )
