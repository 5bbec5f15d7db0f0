"""What Slack says of a person who signs in, and how a broken provider would say it.

Knows the claims that Slack documents for its id_token and for `openid.connect.userInfo`, and the twists by which a test
makes them wrong. Refuses to know codes, keys and HTTP.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from infra.local.slack.people import TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Person
from infra.local.slack.wire import Json

TOKEN_LIFE_S = 300  # Slack's id_token lives five minutes

# What /_local/fail may twist: the claim that is wrong then, and what it says instead.
TWISTS: dict[str, Json] = {
    "oidc_nonce": {"nonce": "a-nonce-of-somebody-else"},
    "oidc_aud": {"aud": "9999999999.9999999999"},
    "oidc_iss": {"iss": "https://evil.example"},
    "oidc_team": {"https://slack.com/team_id": "T0SOMEBODYELSE"},
    "oidc_at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "oidc_unverified": {"email_verified": False},
}


def who(person: Person) -> Json:
    """Return what both the id_token and userInfo say of *person*; nobody here has a picture."""
    given, _, family = person.name.rpartition(" ")
    claims: Json = {
        "sub": person.id,
        "https://slack.com/user_id": person.id,
        "https://slack.com/team_id": TEAM_ID,
        "https://slack.com/team_name": TEAM_NAME,
        "https://slack.com/team_domain": TEAM_DOMAIN,
        "name": person.name,
        "given_name": given or family,
        "family_name": family if given else "",
        "locale": "en-US",
    }
    if person.email:
        claims |= {"email": person.email, "email_verified": True}
    return claims


def id_claims(person: Person, app: Json, access_token: str, now: datetime) -> Json:
    """Return the claims of an id_token made at *now*; *app* are those of the question (iss, aud, nonce)."""
    at = int(now.timestamp())
    times = {"iat": at, "exp": at + TOKEN_LIFE_S, "auth_time": at}
    return {**app, **times, "at_hash": _at_hash(access_token), **who(person)}


def twisted(claims: Json, twist: str) -> Json:
    """Return *claims* as the switch *twist* makes them."""
    if twist == "oidc_expired":
        return claims | {key: claims[key] - 3600 for key in ("iat", "exp", "auth_time")}
    if twist == "oidc_future":
        return claims | {key: claims[key] + 3600 for key in ("iat", "exp", "auth_time")}
    if twist == "oidc_no_nonce":
        return {key: value for key, value in claims.items() if key != "nonce"}
    return claims | TWISTS.get(twist, {})


def _at_hash(access_token: str) -> str:
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).decode().rstrip("=")
