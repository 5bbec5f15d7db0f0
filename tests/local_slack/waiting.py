"""Waiting for what happens a moment later."""

import time
from collections.abc import Callable

PATIENCE_S = 5.0


def until(so: Callable[[], bool]) -> None:
    """Return as soon as it is so; fail when it is not in time."""
    end = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
