"""The local Slack's own doors under /_local/: what it knows, and orders to it."""

import json
import urllib.request
from typing import Any
from urllib.parse import urlencode


def state(slack: str, naming: str = "") -> dict[str, Any]:
    """Everything that the Slack at this address knows; of messages those with this text somewhere in them."""
    with urllib.request.urlopen(f"{slack}/_local/state?{urlencode({'naming': naming})}", timeout=30) as response:
        known: dict[str, Any] = json.loads(response.read())
    return known


def use(slack: str, door: str, order: dict[str, Any]) -> dict[str, Any]:
    """Use one of its doors."""
    request = urllib.request.Request(
        f"{slack}/_local/{door}", json.dumps(order).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.loads(response.read())
    return answer


def last(slack: str, user: str | None) -> dict[str, Any]:
    """The newest message that only this user sees, or (None) the newest that everybody sees."""
    newest: dict[str, Any] = [
        message for message in state(slack)["messages"] if message["ephemeral_to"] == user and not message["deleted"]
    ][-1]
    return newest
