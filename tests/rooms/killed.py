"""A process that dies in the midst of its work: whatever it asks of AWS after that is not heard."""

from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """The process ended here: nothing of ours may catch it."""


class Fragile:
    """A real client that ends the process at its k-th call, before it or after it has taken effect."""

    def __init__(self, client: Any, at_call: int, *, after: bool) -> None:
        self.client, self.left, self.after = client, at_call, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        return real if name in {"exceptions", "meta", "get_paginator"} else lambda **request: self._call(real, request)

    def _call(self, real: Callable[..., Any], request: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.after):
            raise Killed
        answer = real(**request)
        if self.left == 0:
            raise Killed
        return answer
