"""The times of `deadair incidents open`: given, the incident is one of the past, recorded with its own dates.

Knows how they are typed. Refuses to know which are needed and in which order: the domain says so, by their names.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from deadair.domain.stages import Milestone
from infra.cli.times import instant

Started = Annotated[str, typer.Option(help="When it started, such as 2024-03-08T09:00+01:00: it is over already.")]
Detected = Annotated[str, typer.Option(help="When somebody, or an alarm, saw it.")]
Acknowledged = Annotated[str, typer.Option(help="When somebody took it, if that is known.")]
Mitigated = Annotated[str, typer.Option(help="When the harm stopped, if that is known.")]
Resolved = Annotated[str, typer.Option(help="When it was over.")]
Fix = Annotated[str, typer.Option(help="What fixed it, of one that is over.")]


def times_of(typed: Mapping[Milestone, str]) -> dict[Milestone, datetime | None]:
    """The instants; None where nothing was typed. Raises Invalid that names the option."""
    return {name: instant(text, name.value) if text.strip() else None for name, text in typed.items()}
