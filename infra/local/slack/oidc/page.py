"""The pages on which somebody says who they are, or reads why they cannot.

Knows how they look (HTML without script) and that their only way out is the registered address. Refuses to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from infra.local.slack.people import Person
from infra.local.slack.wire import Response

_HTML = "text/html; charset=utf-8"
# What the answer needs from the question.
CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce")
PROOF = ("code_challenge", "code_challenge_method")
ASKS = {"openid": "who you are", "profile": "your name", "email": "your e-mail address"}
REASONS = {
    "account_inactive": "That person is deactivated in this workspace and cannot sign in.",
    "bad_redirect_uri": "The app gave an address that is not registered. Nobody is sent there.",
    "invalid_client_id": "This workspace does not know the app that asked.",
    "invalid_code_challenge_method": "The app's proof key is of a kind that is not taken; S256 is.",
    "invalid_response_type": "The app asked for something else than a code.",
    "invalid_scope": "The app did not ask who you are: the scope openid is missing.",
    "missing_state": "The app gave no state, by which it would know its own question again.",
    "user_not_found": "Nobody of that id is in this workspace.",
}


def question_page(people: Iterable[Person], asked: dict[str, str], redirect_uri: str) -> Response:
    """Return the page that asks who somebody is; `login_hint` puts that person first."""
    hint = asked.get("login_hint", "").casefold()
    hinted = [one for one in people if hint and hint in (one.email.casefold(), one.id.casefold())]
    body = _template("question.html").render(
        people=sorted(people, key=lambda one: (one not in hinted, one.deleted)),
        hinted={one.id for one in hinted},
        carried=[(key, asked[key]) for key in (*CARRIED, *PROOF) if asked.get(key)],
        asks=[ASKS[scope] for scope in asked["scope"].replace(",", " ").split() if scope in ASKS],
        leads_to=_origin(redirect_uri),
    )
    return _page(body, 200, f"form-action 'self' {_origin(redirect_uri)}")


def no_page(error: str) -> Response:
    """Return the page that says why nobody can sign in this way."""
    body = _template("refused.html").render(reason=REASONS[error], error=error)
    return _page(body, 403 if error == "account_inactive" else 400, "form-action 'none'")


def _page(body: str, status: int, forms: str) -> Response:
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; {forms}; frame-ancestors 'none'"
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        # A form needs its Origin header, which `no-referrer` would turn into "null".
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return Response(status, body.encode(), _HTML, headers)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("infra.local.slack.oidc", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)
