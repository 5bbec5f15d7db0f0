"""Take in what somebody says was changed, and queue it. Who says so was proved before (`accept_signals`).

Refuses to know HTTP and what a change may say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deadair.adapters.sqs.changes import ChangeQueue
from deadair.domain.change import Change


@dataclass(frozen=True, slots=True)
class AcceptedChanges:
    """What was queued. `repeated` came twice in the same request."""

    accepted: int
    repeated: int


def accept_changes(queue: ChangeQueue, changes: Iterable[Change]) -> AcceptedChanges:
    """Queue the changes, each once. Raises Unavailable when the queue did not take all of them."""
    told = list(changes)
    unique = {change.id: change for change in reversed(told)}
    queue.send(reversed(unique.values()))
    return AcceptedChanges(len(unique), len(told) - len(unique))
