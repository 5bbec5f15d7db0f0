"""A request's changes, checked and turned into what is kept. Refuses to know who may send them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from deadair.domain.change import Change, Kind, Teller, a_change
from web.changes.model import ChangeIn, read_change
from web.signals.refused import WrongFields


def read_changes(placed: Iterable[tuple[str, Any]], slug: str, *, sent_s: int, now: datetime) -> list[Change]:
    """Every change, or WrongFields: of a request with one wrong field nothing is taken.

    One that says no time happened when its request was signed, so that the same request is the same change.
    """
    found = [read_change(told, place, slug, now) for place, told in placed]
    wrong = [each for one in found if isinstance(one, list) for each in one]
    if wrong:
        raise WrongFields(wrong, count=len(wrong))
    sent_at = datetime.fromtimestamp(sent_s, UTC)
    return [_change(one, slug, sent_at) for one in found if isinstance(one, ChangeIn)]


def _change(told: ChangeIn, slug: str, sent_at: datetime) -> Change:
    return a_change(
        slug,
        told.at or sent_at,
        told.kind or Kind.OTHER,
        told.text,
        by=told.by or "",
        source=Teller.INTEGRATION,
        own_id=told.id or "",
        url=told.url or "",
    )
