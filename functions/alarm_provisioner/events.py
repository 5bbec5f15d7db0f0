"""What starts the room, read strictly: changes of rows, and the messages of its own queue.

Refuses to know what a row says: whoever acts on a change reads the row as it is then.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from deadair.adapters.dynamodb import keys

# So many slugs travel in one message, which is at most a minute's work at three writes a second.
TOGETHER = 25
# As long as a key can be: a message about a row that no import wrote must not hold up the others.
Slug = Annotated[str, Field(min_length=1, max_length=1024)]


class Message(BaseModel):
    """What all messages share: nothing unknown in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Changed(Message):
    """Rows that changed."""

    slugs: Annotated[list[Slug], Field(min_length=1, max_length=TOGETHER)]


class From(Message):
    """Where a reconcile goes on, and whether CloudWatch took no more alarms before."""

    after: Annotated[str, Field(max_length=1024)] = ""
    full: bool = False


class Reconcile(Message):
    """Work through all rows, from a place on."""

    reconcile: From


class Look(Message):
    """Look at the open incidents again."""

    look: Literal[True]


_ANY: TypeAdapter[Changed | Reconcile | Look] = TypeAdapter(Changed | Reconcile | Look)


def read_message(body: str) -> Changed | Reconcile | Look:
    """A message of the queue. Raises pydantic's ValidationError."""
    return _ANY.validate_json(body)


def changed_slugs(records: Iterable[dict[str, Any]]) -> list[str]:
    """The slugs of the rows that changed, were added or left, in the stream's order, each once."""
    found = (record["dynamodb"]["Keys"]["sk"]["S"] for record in records)
    slugs = (sk.partition("#")[2] for sk in found if sk.startswith((keys.ROW, keys.RETIRED)))
    return list(filter(None, dict.fromkeys(slugs)))


def in_portions(slugs: list[str]) -> list[Changed]:
    """Messages that name these slugs."""
    return [Changed(slugs=slugs[start : start + TOGETHER]) for start in range(0, len(slugs), TOGETHER)]
