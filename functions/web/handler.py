"""The wiring of the web room: HTTP API → pages.

Everything is made on the first request and kept for the life of the process.
"""

from functools import cache
from typing import Any

from web.front import respond
from web.settings import WebSettings
from web.surroundings import Surroundings


@cache
def surroundings() -> Surroundings:
    """The room's neighbours, from its environment."""
    return Surroundings(WebSettings.from_env())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return respond(event, context, surroundings())
