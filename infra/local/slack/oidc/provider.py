"""The provider's four addresses: its card, the question who you are, the token, and who that was.

Knows what each asks for and refuses. An authorization that names no registered address leads nowhere: it ends on a page
here. Refuses to know how a person is shown.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode

from infra.local.slack.failures import Failures
from infra.local.slack.oidc.claims import id_claims, twisted, who
from infra.local.slack.oidc.grants import Grant, Grants
from infra.local.slack.oidc.keys import SigningKeys, unsigned
from infra.local.slack.oidc.page import no_page, question_page
from infra.local.slack.people import Person
from infra.local.slack.refusals import Refusal
from infra.local.slack.switches import DENIED, TOKEN_TWISTS
from infra.local.slack.wire import Json, Request, Response, json_response
from infra.local.slack.workspace import Workspace

CONFIGURATION = "/.well-known/openid-configuration"
AUTHORIZE = "/openid/connect/authorize"
KEYS = "/openid/connect/keys"
PATHS = (CONFIGURATION, AUTHORIZE, KEYS)
SCOPES = ("openid", "profile", "email")
TOKEN, USER_INFO = "openid.connect.token", "openid.connect.userInfo"


@dataclass(frozen=True)
class Client:
    """The app that may ask who somebody is, and the only address to which the answer goes."""

    id: str
    secret: str
    redirect_uri: str


class Provider:
    """Sign in with Slack for one app. *issuer* is the address of this workspace."""

    def __init__(self, workspace: Workspace, client: Client, issuer: str, state_dir: Path, failures: Failures) -> None:
        self._workspace = workspace
        self._client = client
        self._issuer = issuer
        self._failures = failures
        self._grants = Grants(workspace.clock)
        self.keys = SigningKeys(state_dir / "oidc-keys.json")

    async def answer(self, request: Request) -> Response:
        """Answer one request under PATHS."""
        if failure := await self._failures.strike(request.path.strip("/"), self._workspace.clock()):
            return failure
        if request.path == CONFIGURATION:
            return json_response(self.card())
        if request.path == KEYS:
            return json_response(self.keys.published())
        return self._asked(request)

    def card(self) -> Json:
        """Return what Slack says of itself at CONFIGURATION, with this workspace's addresses."""
        return {
            "issuer": self._issuer,
            "authorization_endpoint": self._issuer + AUTHORIZE,
            "token_endpoint": f"{self._issuer}/api/{TOKEN}",
            "userinfo_endpoint": f"{self._issuer}/api/{USER_INFO}",
            "jwks_uri": self._issuer + KEYS,
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "auth_time", "iss"],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": True,
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }

    def _asked(self, request: Request) -> Response:
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        asked = {**request.query, **form}
        if problem := self._problem(asked):
            return no_page(problem)
        if request.method in ("GET", "HEAD"):
            return question_page(self._workspace.people(), asked, self._client.redirect_uri)
        return self._chosen(asked)

    def _problem(self, asked: dict[str, str]) -> str:
        """Return Slack's word for an authorization that cannot be, or nothing."""
        proof, scopes = asked.get("code_challenge"), asked.get("scope", "").replace(",", " ").split()
        wrong = {
            "invalid_client_id": asked.get("client_id") != self._client.id,
            "bad_redirect_uri": asked.get("redirect_uri") != self._client.redirect_uri,
            "invalid_response_type": asked.get("response_type") != "code",
            "invalid_scope": "openid" not in scopes,
            "missing_state": not asked.get("state"),
            "invalid_code_challenge_method": bool(proof) and asked.get("code_challenge_method") != "S256",
        }
        return next((word for word, is_so in wrong.items() if is_so), "")

    def _chosen(self, asked: dict[str, str]) -> Response:
        person = next((one for one in self._workspace.people() if one.id == asked.get("user")), None)
        if self._failures.twist(self._workspace.clock(), (DENIED,)) or asked.get("user") == "nobody":
            return self._back(asked, error="access_denied")
        if person is None:
            return no_page("user_not_found")
        if person.deleted:
            return no_page("account_inactive")
        grant = Grant(person.id, asked["redirect_uri"], asked.get("nonce", ""), asked.get("code_challenge", ""))
        return self._back(asked, code=self._grants.give(grant))

    def _back(self, asked: dict[str, str], **answer: str) -> Response:
        where = f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"
        return Response(303, headers={"Location": where, "Cache-Control": "no-store"})

    def token(self, request: Request) -> Json:
        """Return what `openid.connect.token` answers; raise Refusal in Slack's words."""
        given = {key: str(value) for key, value in request.arguments().items()}
        self._check_client(request, given)
        if given.get("grant_type", "authorization_code") != "authorization_code":
            raise Refusal("invalid_grant_type")
        grant = self._grants.redeem(
            given.get("code", ""), given.get("redirect_uri", ""), given.get("code_verifier", "")
        )
        person = self._active(grant.person_id)
        access = self._grants.access(person.id)
        return {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(person, grant, access)}

    def _check_client(self, request: Request, given: dict[str, str]) -> None:
        client_id, client_secret = _basic(request) or (given.get("client_id", ""), given.get("client_secret", ""))
        if not hmac.compare_digest(client_id.encode(), self._client.id.encode()):
            raise Refusal("invalid_client_id")
        if not hmac.compare_digest(client_secret.encode(), self._client.secret.encode()):
            raise Refusal("bad_client_secret")

    def _id_token(self, person: Person, grant: Grant, access: str) -> str:
        now = self._workspace.clock()
        app = {"iss": self._issuer, "aud": self._client.id} | ({"nonce": grant.nonce} if grant.nonce else {})
        claims = id_claims(person, app, access, now)
        twist = self._failures.twist(now, TOKEN_TWISTS)
        claims = twisted(claims, twist)
        if twist == "oidc_alg_none":
            return unsigned(claims)
        return self.keys.sign_foreign(claims) if twist == "oidc_signature" else self.keys.sign(claims)

    def user_info(self, request: Request) -> Json:
        """Return what `openid.connect.userInfo` answers; raise Refusal in Slack's words."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token if scheme.lower() == "bearer" else str(request.arguments().get("token") or "")
        if not given:
            raise Refusal("not_authed")
        return who(self._active(self._grants.speaks_for(given)))

    def _active(self, person_id: str) -> Person:
        person = self._workspace.person(person_id)
        if person.deleted:
            raise Refusal("account_inactive")
        return person


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, word = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise Refusal("invalid_client_id") from problem
    return unquote(name), unquote(word)
