"""What every method works on, and how it reads its arguments.

Knows that a structure may come as JSON text, and the words for one that cannot be read. Refuses to know methods.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.slack.channels import Channel
from infra.local.slack.refusals import Refusal
from infra.local.slack.scopes import Grant
from infra.local.slack.views import Views
from infra.local.slack.wire import Json
from infra.local.slack.workspace import Workspace

MOST_IN_A_PAGE = 999


@dataclass(frozen=True)
class Api:
    """What the methods work on. *url* is the address of this workspace."""

    workspace: Workspace
    views: Views
    url: str
    grant: Grant


Method = Callable[[Api, Json], Json]


def structure(arguments: Json, key: str, error: str) -> object:
    """Return an argument that may come as JSON text (in a form) or as it is; raise Refusal *error*."""
    value = arguments.get(key)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as problem:
        raise Refusal(error) from problem


def text(arguments: Json, key: str) -> str:
    """Return an argument as text; empty when it is not there."""
    value = arguments.get(key)
    return "" if value is None else str(value)


def flag(arguments: Json, key: str) -> bool:
    """Return whether an argument says yes."""
    return text(arguments, key).lower() in ("1", "true")


def limit(arguments: Json) -> int:
    """Return how many a page may hold; raise Refusal `invalid_limit`."""
    try:
        return max(1, min(int(arguments.get("limit") or 100), MOST_IN_A_PAGE))
    except ValueError as problem:
        raise Refusal("invalid_limit") from problem


def target(api: Api, arguments: Json) -> Channel:
    """Return where the app wants to write; raise Refusal as Slack does."""
    return api.workspace.target(text(arguments, "channel"))
