"""What everybody may have: that we live, and the static files. Reads no data of anyone."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from web import responses, statics
from web.request import Request

ROBOTS = "User-agent: *\nDisallow: /\n"


def open_to_all(request: Request) -> Response[Any]:
    """Answer one of the few addresses that need no door."""
    if request.path == "/healthz":
        return responses.plain("ok\n")
    if request.path == "/robots.txt":
        return responses.plain(ROBOTS)
    name = "icon.svg" if request.path == "/favicon.ico" else request.path.removeprefix("/static/")
    found = statics.find(name)
    if found is None:
        return responses.plain("not found\n", 404)
    file, lasting = found
    if file.tag in request.headers.get("if-none-match", ""):
        return responses.answer(
            304, "", file.content_type, etag=file.tag, cache_control=lasting, vary="Accept-Encoding"
        )
    return responses.answer(
        200, file.text, file.content_type, etag=file.tag, cache_control=lasting, vary="Accept-Encoding"
    )
