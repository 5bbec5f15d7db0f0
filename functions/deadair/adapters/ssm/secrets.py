"""Secrets under one SSM path, kept in the process for a short while so that rotation needs no deployment.

Knows one call and how long its answer may be used. Refuses to put a value into a log line, an error or a repr.
"""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable

KEPT_S = 60.0
# While SSM is down, a known secret is better than none; after this long nobody can say that it still holds.
STALE_S = 3600.0
# So long a known secret is used before a silent SSM is asked again: each asking keeps somebody waiting.
ASK_AGAIN_S = 10.0
# A token that is over is over for each of many calls; the next one is looked for this often.
ANEW_S = 5.0


class Secrets:
    """The SecureStrings `names` under `path`, read together. `client` is a low-level SSM client.

    `ticks` counts seconds and never goes back.
    """

    def __init__(self, client: Any, path: str, *names: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._path = path.rstrip("/")
        self._names = names
        self._ticks = ticks
        self._values: dict[str, str] = {}
        self._read_at = self._ask_at = float("-inf")

    def get(self, name: str) -> str:
        """The value of `name`, at most a minute old while SSM answers. Raises Unavailable when there is none."""
        value = self.find(name)
        if not value:
            raise Unavailable(f"There is no SSM parameter {self._path}/{name}.")
        return value

    def find(self, name: str) -> str:
        """The same, empty when there is none. Raises Unavailable while SSM says nothing at all."""
        if self._ticks() >= self._ask_at:
            self._refresh()
        return self._values.get(name, "")

    def anew(self, name: str) -> str:
        """The value of `name` for whoever was told that the one in use is over; asked for once in a few seconds."""
        if self._ticks() - self._read_at >= ANEW_S:
            self._ask_at = float("-inf")
        return self.get(name)

    def _refresh(self) -> None:
        try:
            answer = self._client.get_parameters(
                Names=[f"{self._path}/{name}" for name in self._names], WithDecryption=True
            )
        except (BotoCoreError, ClientError) as error:
            if self._ticks() - self._read_at >= STALE_S:
                raise Unavailable(f"SSM did not answer for {self._path}.") from error
            self._ask_at = self._ticks() + ASK_AGAIN_S
            return
        self._values = {found["Name"].rpartition("/")[2]: found["Value"] for found in answer["Parameters"]}
        self._read_at = self._ticks()
        self._ask_at = self._read_at + KEPT_S

    def __repr__(self) -> str:
        return f"Secrets({self._path})"
