"""Neighbours that fail as AWS lets them fail and the local AWS does not."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


def refusal(code: str, operation: str, *reasons: str) -> ClientError:
    """An error answer of AWS. `reasons` are those of a cancelled transaction, one per write."""
    told: Any = {"Error": {"Code": code, "Message": code}, "CancellationReasons": [{"Code": why} for why in reasons]}
    return ClientError(told, operation)


class Faulty:
    """A real client of which one method fails the first `times` times."""

    def __init__(self, client: Any, method: str, error: Exception, *, times: int = 1) -> None:
        self.client, self.method, self.error = client, method, error
        self.times, self.calls = times, 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        return (lambda *named, **request: self._call(real, *named, **request)) if name == self.method else real

    def _call(self, real: Callable[..., Any], *named: Any, **request: Any) -> Any:
        self.calls += 1
        if self.calls > self.times:
            return real(*named, **request)
        raise self.error
