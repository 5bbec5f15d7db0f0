"""Which arrivals of a batch can be written together, and what each of them would write.

Knows that those of one integration wait for each other, and how much a transaction takes. Refuses to read and to write.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from deadair.adapters.dynamodb.transact import Write
from deadair.domain.answering import Held
from deadair.domain.early import Arrival
from deadair.domain.line import Outcome

logger = logging.getLogger(__name__)

# DynamoDB takes 100 writes in a transaction; an arrival needs five or six, a few more when it adopts early news.
WRITES_TOGETHER = 90


@dataclass(frozen=True, slots=True)
class Told:
    """One arrival with its raw event."""

    arrival: Arrival
    raw: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What one arrival would write, and what to report once it is written. No writes: it is known already.

    `pending` is an incident that opened while the registry could not say whose it is.
    """

    told: Told
    writes: list[Write]
    outcome: Outcome
    incident: str
    pending: int | None = None


def one_per_line(
    batch: list[tuple[Told, Held]],
) -> tuple[list[tuple[Told, Held]], list[tuple[Told, Held]]]:
    """The first arrival of each integration, which can go together, and the rest, which must wait for it."""
    first: dict[str, tuple[Told, Held]] = {}
    later = []
    for told, held in batch:
        if held.line in first:
            later.append((told, held))
        else:
            first[held.line] = (told, held)
    return list(first.values()), later


def transactions(groups: Iterable[list[Write]]) -> list[list[Write]]:
    """The writes in transactions of at most WRITES_TOGETHER; one arrival's writes are never torn apart."""
    portions: list[list[Write]] = [[]]
    for writes in groups:
        if len(portions[-1]) + len(writes) > WRITES_TOGETHER:
            portions.append([])
        portions[-1] += writes
    return [portion for portion in portions if portion]


def report(planned: list[Planned]) -> None:
    """Log what became of each, once it is written."""
    for plan in planned:
        logger.info("recorded", extra={"outcome": plan.outcome.value, "incident": plan.incident})
