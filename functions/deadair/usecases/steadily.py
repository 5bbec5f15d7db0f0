"""A step of somebody who saw no version: after a lost race it is taken on what is there now.

Knows a lost race (`Stale`). Refuses to know the step: whether it still applies is decided anew each time.
"""

from collections.abc import Callable
from typing import TypeVar

from deadair.domain.errors import Stale

T = TypeVar("T")
TURNS = 3


def steadily(step: Callable[[], T]) -> T:
    """Take the step; after a lost race look again, at most three times in all."""
    for _ in range(TURNS - 1):
        try:
            return step()
        except Stale:
            continue
    return step()
