"""An AWS client whose calls together have so long, for somebody who waits.

Knows that a neighbour which did not answer once is not asked again until the next request begins: else each call would
wait as long. Refuses to know what is asked. What it refuses looks like a neighbour that did not answer.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError

PLAIN = frozenset({"exceptions", "meta"})


class TooSlow(BotoCoreError):
    """The time of the request is over, or its neighbour was silent before."""

    fmt = "The time for this request is over."


class Prompt:
    """`client` is a low-level client with short timeouts; `ticks` counts seconds. Each thread has its own request."""

    def __init__(self, client: Any, ticks: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._ticks = ticks
        self._request = threading.local()

    def begin(self, within_s: float) -> None:
        """A request begins: after so long nothing more is asked."""
        self._request.ends_at = self._ticks() + within_s

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if name in PLAIN:
            return real
        if name == "get_paginator":
            return lambda operation: _Pages(self, real(operation))
        return lambda *given, **request: self.call(real, *given, **request)

    def call(self, real: Callable[..., Any], *given: Any, **request: Any) -> Any:
        """One call, if there is time for it."""
        if self._ticks() >= getattr(self._request, "ends_at", float("inf")):
            raise TooSlow
        try:
            return real(*given, **request)
        except BotoCoreError:
            self._request.ends_at = float("-inf")
            raise


class _Pages:
    """A paginator, each page a call."""

    def __init__(self, prompt: Prompt, paginator: Any) -> None:
        self._prompt, self._paginator = prompt, paginator

    def paginate(self, **request: Any) -> Iterator[Any]:
        """The pages, as they are asked for."""
        pages, over = iter(self._paginator.paginate(**request)), object()
        while (page := self._prompt.call(next, pages, over)) is not over:
            yield page
