"""What a banner says of a standing error, and where it leads.

Pure. Refuses to know words: the template has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.domain import addresses
from deadair.domain.incident import parse_number
from deadair.domain.standing_error import Kind, StandingError
from web.views import shapes


@dataclass(frozen=True, slots=True)
class Banner:
    """One line at the head of a page. `href` is empty where there is no page to go to."""

    kind: str
    name: str
    text: str
    since: datetime
    href: str


def banners(errors: Iterable[StandingError]) -> list[Banner]:
    """One line for each error, in their order."""
    return [Banner(e.kind.value, e.name, e.text, e.since, _place(e)) for e in errors]


def as_data(errors: Iterable[StandingError]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{"kind": e.kind.value, "name": e.name, "text": e.text, "since": shapes.instant(e.since)} for e in errors]


def _place(error: StandingError) -> str:
    """The page of what an error is about: an incident, or the templates."""
    if error.kind is Kind.TEMPLATE:
        return "/templates"
    number = parse_number(error.name.partition("#")[0]) if error.name.upper().startswith("INC-") else None
    return addresses.incident(number) if number is not None else ""
