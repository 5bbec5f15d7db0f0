"""Conservation: nothing that was received may be missing.

Reads the books, looks a second time at what does not add up (the line goes on meanwhile), then asks the queues where
the rest is. For operators; it reads the whole table, so no room may import it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.dynamodb.books import look_again, outcomes_again, read_books
from deadair.adapters.sqs.redriving import held, look
from deadair.domain.balance import Balance, Books, balance_of, differences

# More than this is no accident of the moment, and nobody reads further.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Queues:
    """The intake's queue and its dead letters, and the other rooms' dead letters by the room's name; addresses."""

    client: Any
    intake: str = ""
    dead: str = ""
    others: dict[str, str] = field(default_factory=dict)


def verify_ledger(
    client: Any, table: str, queues: Queues, *, tell: Callable[[int], None] = lambda _count: None
) -> Balance:
    """Read the table and draw the balance. `client` is a low-level DynamoDB client; `tell` hears of items read."""
    books = read_books(client, table, tell)
    found = _confirmed(client, table, books)
    set_aside = look(queues.client, queues.dead) if queues.dead and books.waiting else set()
    queued = held(queues.client, queues.intake) if queues.intake else 0
    # After the queues: what left them since has its outcome now.
    outcomes_again(client, table, books, books.waiting)
    elsewhere = {name: held(queues.client, url) for name, url in queues.others.items()}
    return balance_of(books, found, set_aside=set_aside, queued=queued, elsewhere=elsewhere)


def _confirmed(client: Any, table: str, books: Books) -> list[str]:
    """What still does not add up at a second look."""
    first = list(differences(books))
    look_again(client, table, books, first[:LOOKED_AT])
    return [difference.text for difference in differences(books)] if first else []
