"""Asking the traffic of a running stack from another process. Knows its doors; refuses to know what they do."""

import json
import urllib.error
import urllib.request
from typing import Any

Json = dict[str, Any]
# A day of history may have to be sent first.
_ANSWER_S = 90.0


class TrafficRefused(Exception):
    """The traffic would not do it; `remedy` says what would. `unnoticed`: no alarm of the row would say so."""

    def __init__(self, message: str, remedy: str = "", *, unnoticed: bool = False) -> None:
        super().__init__(message)
        self.message, self.remedy, self.unnoticed = message, remedy, unnoticed


class TrafficClient:
    """`address` is where the doors are, as the stack's card says it. Every call raises TrafficRefused."""

    def __init__(self, address: str) -> None:
        self._address = address

    def traffic(self) -> Json:
        """Every integration that is played, and how it is."""
        return self._ask("/traffic", None)

    def plan(self, slug: str, how: str, *, from_now: bool = False, anyway: bool = False) -> Json:
        """What breaking would do; from here on the integration is played."""
        return self._ask("/plan", {"slug": slug, "how": how, "from_now": from_now, "anyway": anyway})

    def break_(self, slug: str, how: str, *, from_now: bool = False, anyway: bool = False) -> Json:
        """Break an integration."""
        return self._ask("/break", {"slug": slug, "how": how, "from_now": from_now, "anyway": anyway})

    def mend(self, slug: str) -> Json:
        """Mend an integration."""
        return self._ask("/mend", {"slug": slug})

    def _ask(self, door: str, order: Json | None) -> Json:
        if not self._address:
            raise TrafficRefused("This stack has no traffic.", "It is for a local stack: start one with `make up`.")
        data = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(  # noqa: S310 - our own stack
            self._address + door, data=data, headers={"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310 - http to this machine
                found: Json = json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                told = json.loads(refusal.read())
            raise TrafficRefused(
                told["message"], told.get("remedy", ""), unnoticed=told.get("unnoticed", False)
            ) from None
        except OSError as error:
            raise TrafficRefused(f"The traffic does not answer: {error}.", "Is `make up` still running?") from error
        return found
