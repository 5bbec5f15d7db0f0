"""A signal over HTTP, signed as an integration signs it.

Knows the request and its answer. Refuses to know where keys are kept.
"""

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from deadair.domain.errors import Invalid, Unavailable
from deadair.domain.signal_signature import HEADER, header

ANSWER_S = 30.0
ACCEPTED = 202
CODE = re.compile(r"([0-9]{3})=([0-9]{1,9})")


@dataclass(frozen=True)
class Answer:
    """What the signal door said."""

    status: int
    body: dict[str, Any]

    @property
    def taken(self) -> bool:
        """Whether the signal was taken."""
        return self.status == ACCEPTED


def codes_of(texts: list[str]) -> dict[str, int] | None:
    """`401=3` as `{"401": 3}`; None when nothing was said."""
    found = {}
    for text in texts:
        fits = CODE.fullmatch(text)
        if fits is None:
            raise Invalid(f"`{text}` is no HTTP status with a count.", field="status", remedy="Write it as 401=3.")
        found[fits[1]] = int(fits[2])
    return found or None


def post(web: str, secret: str, signals: Any) -> Answer:
    """Send signals, and return the answer, whatever it is. Raises Unavailable when there is none."""
    body = json.dumps(signals).encode()
    headers = {"content-type": "application/json", HEADER: header(secret, int(time.time()), body)}
    address = f"{web}/v1/signals"
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - the stack's own
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310 - as above
            return Answer(answer.status, json.load(answer))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, _json(refused.read()))
    except (urllib.error.URLError, OSError) as error:
        raise Unavailable(f"{web} does not answer: {error}.") from error


def _json(data: bytes) -> dict[str, Any]:
    """What was answered; whatever is no JSON object of ours came from something in between."""
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"error": {"message": data[:200].decode("utf-8", "replace")}}
