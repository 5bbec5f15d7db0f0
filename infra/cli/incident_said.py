"""`deadair incidents affected|link|change|undo`: what else people say of an incident, and a step taken back.

Each is its parameters and one call, as the other steps (`incident_steps`).
"""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.incident_step import Desk, Step
from infra.cli.incident_steps import At, Words, time_of

if TYPE_CHECKING:
    from deadair.domain.incident import Incident

Url = Annotated[str, typer.Argument(metavar="URL", help="An http or https address.")]
Label = Annotated[list[str] | None, typer.Argument(metavar="[LABEL…]", help="What it is.")]
Entry = Annotated[str, typer.Argument(metavar="[ENTRY]", help="The id of its entry; none takes your own last step.")]


def _affected(desk: Desk, words: Words) -> "Incident":
    """Say who or what suffers."""
    from deadair.usecases.say_affected import say_affected

    return say_affected(desk.store, desk.number, desk.actor, " ".join(words), now=desk.now)


def _link(desk: Desk, url: Url, label: Label = None) -> "Incident":
    """Add an address: a ticket, a dashboard, a thread."""
    from deadair.usecases.add_link import add_link

    return add_link(desk.store, desk.number, desk.actor, url, " ".join(label or ()), now=desk.now)


def _change(desk: Desk, words: Words, at: At = "") -> "Incident":
    """Say what was changed near its start."""
    from deadair.adapters.dynamodb.changes import ChangeStore
    from deadair.usecases.note_change import note_change

    changes, then = ChangeStore(desk.store.client, desk.store.table), time_of(at, desk.now) if at else None
    said = " ".join(words)
    return note_change(changes, desk.store, desk.number, desk.actor, said, now=desk.now, occurred_at=then)


def _undo(desk: Desk, entry: Entry = "") -> "Incident":
    """Take your last step back; a second time does it again."""
    from deadair.usecases.undo import undo
    from infra.cli import incident_words

    undone = undo(desk.store, desk.number, desk.actor, entry=entry, now=desk.now)
    if not desk.as_json:
        incident_words.print_undone(undone.text)
    return undone.incident


SAID: dict[str, Step] = {"affected": _affected, "link": _link, "change": _change, "undo": _undo}
