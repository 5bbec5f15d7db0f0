"""An app that signs somebody in with the local Slack: the question, the answer, the token."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from infra.local.slack.server import CLIENT_ID, CLIENT_SECRET
from tests.local_slack.conftest import Running

Json = dict[str, Any]
VERIFIER = "a-verifier-of-at-least-forty-three-characters-long"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def question(slack: Running, **more: str) -> dict[str, str]:
    """What an app asks in the address of the authorization."""
    return {
        "client_id": CLIENT_ID,
        "redirect_uri": f"{slack.app.url}/auth/callback",
        "response_type": "code",
        "scope": "openid email profile",
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | more


def answer(slack: Running, user: str, asked: dict[str, str], **headers: str) -> tuple[int, str, str]:
    """What *user* gets who says that it is they: status, address, page."""
    connection = http.client.HTTPConnection("localhost", urlsplit(slack.handle.url).port or 0, timeout=5)
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request("POST", "/openid/connect/authorize", urlencode({**asked, "user": user}), form)
    response = connection.getresponse()
    status, where, page = response.status, response.headers.get("Location", ""), response.read().decode()
    connection.close()
    return status, where, page


def code(slack: Running, user: str = "U0ANA", **more: str) -> str:
    """The code that *user* brings back to the app."""
    _, where, _ = answer(slack, user, question(slack, **more))
    return parse_qs(urlsplit(where).query)["code"][0]


def token(slack: Running, a_code: str, *, basic: str = "", **more: str) -> Json:
    """What the app gets for a code; with *basic* its words come in the header."""
    known = {} if basic else {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    headers = {"Authorization": f"Basic {basic}"} if basic else {}
    form = known | {"redirect_uri": f"{slack.app.url}/auth/callback", "code_verifier": VERIFIER, "code": a_code} | more
    return read(f"{slack.handle.url}/api/openid.connect.token", urlencode(form).encode(), headers)


def read(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Json:
    """The JSON at an address."""
    with urllib.request.urlopen(urllib.request.Request(address, body, headers or {}), timeout=5) as response:
        said: Json = json.loads(response.read())
    return said


def claims(slack: Running, id_token: str) -> Json:
    """The claims of a token, its signature checked with the keys that are published now."""
    keys = KeySet.import_key_set(read(f"{slack.handle.url}/openid/connect/keys"))  # type: ignore[arg-type]
    return jwt.decode(id_token, keys, algorithms=["RS256"]).claims
