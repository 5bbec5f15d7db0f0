"""An issuer on this machine that signs whatever it is told to, and breaks at whichever step it is told to.

The local Slack is the issuer that people see; this one is for what no good issuer would do.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "a-client", "the client's secret: +&%"
Claims = dict[str, Any]


def rsa(kid: str = "one") -> RSAKey:
    """A key that may sign."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def half_hash(text: str) -> str:
    """What a token says of the access token that came with it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


def by_rsa(key: RSAKey, kid: str = "one") -> Callable[[Claims], str]:
    """Signs as an issuer does."""
    return lambda claims: jws.serialize_compact({"alg": "RS256", "kid": kid}, json.dumps(claims), key)


def by_curve(key: ECKey, kid: str) -> Callable[[Claims], str]:
    """Signs with a key on a curve."""
    return lambda claims: jws.serialize_compact({"alg": "ES256", "kid": kid}, json.dumps(claims), key)


def by_nobody(claims: Claims) -> str:
    """Not signed at all: the algorithm `none`."""
    return ".".join([_text({"alg": "none", "kid": "one"}), _text(claims), ""])


def by_public_key(key: RSAKey) -> Callable[[Claims], str]:
    """Signed with HMAC, by what everybody knows: the public key. By hand, for joserfc would not."""
    secret = key.as_pem(private=False)

    def sign(claims: Claims) -> str:
        signed = f"{_text({'alg': 'HS256', 'kid': 'one'})}.{_text(claims)}"
        mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    return sign


def _from(now: int, value: Any) -> Any:
    return now + int(value.total_seconds()) if isinstance(value, timedelta) else value


def _text(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@dataclass
class AnIssuer:
    """`change` is what becomes of the good claims (None: is left out; a length of time: counts from now).

    `broken` is what a path answers instead: a status, and a body or how many seconds nothing comes.
    """

    url: str
    key: RSAKey
    sign: Callable[[Claims], str] | None = None
    published: list[dict[str, Any]] | None = None
    change: Claims = field(default_factory=dict)
    card: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    broken: dict[str, tuple[int, Any]] = field(default_factory=dict)
    refuses: str = ""
    now: int = 0
    asked: list[str] = field(default_factory=list)
    posted: dict[str, str] = field(default_factory=dict)
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def code(self, where: str) -> tuple[str, str]:
        """What somebody brings back who was sent there and said yes: code and state."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """The answer of one address."""
        self.asked.append(path)
        if path in self.broken:
            status, what = self.broken[path]
            if isinstance(what, float):
                time.sleep(what)
            return status, what
        known: dict[str, Callable[[], Claims]] = {
            "/.well-known/openid-configuration": self._card,
            "/keys": self._keys,
            "/token": lambda: self._token(form),
            "/userinfo": lambda: {"sub": "subject", **self.userinfo},
        }
        return (200, known[path]()) if path in known else (404, {})

    def _card(self) -> Claims:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.card

    def _keys(self) -> Claims:
        return {"keys": [self.key.as_dict(private=False)] if self.published is None else self.published}

    def _token(self, form: dict[str, str]) -> Claims:
        self.posted = form
        asked = self.codes.pop(form.get("code", ""), None)
        if self.refuses or asked is None:
            return {"ok": False, "error": self.refuses or "invalid_code"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if challenge.rstrip("=") != asked["code_challenge"]:
            return {"error": "invalid_grant"}
        now = self.now or int(time.time())
        good = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "subject",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": half_hash("access"),
            "name": "Ana Lima",
            "email": "ana.lima@example.com",
            "email_verified": True,
            "https://slack.com/team_id": "T0DEADAIR",
            "https://slack.com/user_id": "U0ANA",
        }
        changed = {name: _from(now, value) for name, value in self.change.items()}
        claims = {name: value for name, value in (good | changed).items() if value is not None}
        sign = self.sign or by_rsa(self.key)
        return {"access_token": "access", "token_type": "Bearer", "id_token": sign(claims)}


@contextmanager
def an_issuer(key: RSAKey | None = None) -> Iterator[Callable[[], AnIssuer]]:
    """A running one. Each call makes it as good as gold again, until it is told otherwise."""
    good = key or rsa()
    made: list[AnIssuer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(dict(urllib.parse.parse_qsl(body)))

        def _answer(self, form: dict[str, str]) -> None:
            made[0].sent[self.path] = {name.lower(): value for name, value in self.headers.items()}
            status, what = made[0].answer(self.path.partition("?")[0], form)
            body = what if isinstance(what, bytes) else json.dumps(what).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # nobody waits any more
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True

    def fresh() -> AnIssuer:
        made[:] = [AnIssuer(f"http://127.0.0.1:{server.server_port}", good)]
        return made[0]

    fresh()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fresh
    finally:
        server.shutdown()
        server.server_close()
