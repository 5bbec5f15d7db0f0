"""Answers: a status, a body and the headers that every answer carries.

Knows security headers and caching. Refuses to know routes and words.
"""

import json
from string import punctuation
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response

# Nothing inline and nothing from elsewhere; forms and links stay here; nobody frames us.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Vary": "Accept, Cookie",
}
SET_COOKIE = "Set-Cookie"
# Whoever came over https comes over https for a year; nothing is said for other hosts of the domain.
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


def answer(status: int, body: str | bytes, content_type: str, **headers: str) -> Response[Any]:
    """An answer with the headers of the house; given ones win (`cache_control` becomes `Cache-Control`)."""
    own = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Response(status_code=status, content_type=content_type, body=body, headers={**HEADERS, **own})


def page(html: str, status: int = 200) -> Response[Any]:
    """A page."""
    return answer(status, html, HTML)


def data(value: Any, status: int = 200, **headers: str) -> Response[Any]:
    """JSON. Characters that HTML could read as markup are escaped, so that no sniffing finds a page in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return answer(status, safe.encode("utf-8", "replace").decode(), JSON, **headers)


def plain(text: str, status: int = 200, content_type: str = TEXT) -> Response[Any]:
    """Plain text or Markdown."""
    return answer(status, text, content_type)


def elsewhere(address: str) -> Response[Any]:
    """Go to the issuer, whose address was checked."""
    return answer(303, "", TEXT, location=address)


def set_cookies(response: Response[Any], *lines: str) -> Response[Any]:
    """The answer with more Set-Cookie lines."""
    said = response.headers.get(SET_COOKIE, [])
    response.headers[SET_COOKIE] = [*([said] if isinstance(said, str) else said), *lines]
    return response


def see_other(path: str) -> Response[Any]:
    """Go and look there, with GET. `path` is one of ours (`addresses`); a header holds ASCII only."""
    return answer(303, "", TEXT, location=quote(path, safe=punctuation))
