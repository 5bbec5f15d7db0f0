"""Claims about the provider: who may ask, who may answer, what a code and a token are good for."""

from __future__ import annotations

import base64
import hashlib
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from joserfc.errors import JoseError

from infra.local.slack.server import CLIENT_ID, CLIENT_SECRET
from tests.local_slack.an_app import AnApp
from tests.local_slack.conftest import Running, run
from tests.local_slack.signing_in import answer, claims, code, question, read, token


def page(slack: Running, asked: dict[str, str]) -> tuple[int, str]:
    """The page of an authorization."""
    try:
        with urllib.request.urlopen(
            f"{slack.handle.url}/openid/connect/authorize?{urlencode(asked)}", timeout=5
        ) as response:
            return response.status, response.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_a_person_signs_in_and_the_token_says_what_slack_says(slack: Running) -> None:
    got = token(slack, code(slack))

    said = claims(slack, got["id_token"])

    half = hashlib.sha256(got["access_token"].encode()).digest()[:16]
    assert said | {"iat": 0, "exp": 0, "auth_time": 0} == {
        "iss": slack.handle.url,
        "aud": CLIENT_ID,
        "nonce": "a-nonce",
        "iat": 0,
        "exp": 0,
        "auth_time": 0,
        "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        "sub": "U0ANA",
        "https://slack.com/user_id": "U0ANA",
        "https://slack.com/team_id": "T0DEADAIR",
        "https://slack.com/team_name": "Deadair, this machine",
        "https://slack.com/team_domain": "deadair-local",
        "email": "ana.lima@example.com",
        "email_verified": True,
        "name": "Ana Lima",
        "given_name": "Ana",
        "family_name": "Lima",
        "locale": "en-US",
    }
    assert said["exp"] - said["iat"] == 300
    bearer = {"Authorization": f"Bearer {got['access_token']}"}
    about = read(f"{slack.handle.url}/api/openid.connect.userInfo", b"", bearer)
    assert (about["ok"], about["sub"], about["email"]) == (True, "U0ANA", "ana.lima@example.com")


def test_the_card_names_addresses_that_answer(slack: Running) -> None:
    card = read(f"{slack.handle.url}/.well-known/openid-configuration")

    assert card["issuer"] == slack.handle.url
    assert card["token_endpoint"] == f"{slack.handle.url}/api/openid.connect.token"
    assert [key["alg"] for key in read(card["jwks_uri"])["keys"]] == ["RS256"]
    assert "d" not in read(card["jwks_uri"])["keys"][0]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/auth/callback"}, "bad_redirect_uri"),
        ({"redirect_uri": "{app}/auth/callback/"}, "bad_redirect_uri"),
        ({"redirect_uri": "{app}/auth/callback?next=/"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
        ({"response_type": "token"}, "invalid_response_type"),
        ({"scope": "email profile"}, "invalid_scope"),
        ({"state": ""}, "missing_state"),
        ({"code_challenge_method": "plain"}, "invalid_code_challenge_method"),
    ],
)
def test_a_question_that_is_not_in_order_leads_nowhere(slack: Running, wrong: dict[str, str], word: str) -> None:
    asked = question(slack, **{key: value.format(app=slack.app.url) for key, value in wrong.items()})

    status, shown = page(slack, asked)

    assert status == 400
    assert word in shown
    assert answer(slack, "U0ANA", asked)[:2] == (400, "")


def test_the_page_shows_who_asks_and_leads_only_there(slack: Running) -> None:
    slack.door("people", id="U0GONE", name="Gone <b>", deleted=True)

    status, shown = page(slack, question(slack, login_hint="ben.okafor@example.com"))

    assert status == 200
    assert f"<b>{slack.app.url}</b>" in shown
    assert shown.index("Ben Okafor") < shown.index("Ana Lima")
    assert 'value="U0GONE" disabled' in shown
    assert "Gone &lt;b&gt;" in shown


def test_whoever_declines_or_is_deactivated_brings_no_code(slack: Running) -> None:
    slack.door("people", id="U0GONE", name="Gone", deleted=True)
    back = f"{slack.app.url}/auth/callback?error=access_denied&state=a-state"

    assert answer(slack, "nobody", question(slack))[:2] == (303, back)
    assert answer(slack, "U0GONE", question(slack))[:2] == (403, "")
    assert answer(slack, "U0SOMEBODY", question(slack))[:2] == (400, "")
    assert answer(slack, "U0ANA", question(slack), Origin="https://evil.example")[:2] == (403, "")


def test_whoever_is_deactivated_meanwhile_gets_no_token(slack: Running) -> None:
    early = code(slack)
    access = token(slack, code(slack))["access_token"]
    slack.door("people", id="U0ANA", name="Ana Lima", deleted=True)

    assert token(slack, early) == {"ok": False, "error": "account_inactive"}
    bearer = {"Authorization": f"Bearer {access}"}
    assert read(f"{slack.handle.url}/api/openid.connect.userInfo", b"", bearer)["error"] == "account_inactive"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "a-guess"}, "bad_client_secret"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"code_verifier": "another-verifier-of-forty-three-characters-at-least"}, "invalid_code_verifier"),
        ({"code_verifier": ""}, "invalid_code_verifier"),
        ({"grant_type": "client_credentials"}, "invalid_grant_type"),
        ({"a_code": "1.2.3"}, "invalid_code"),
    ],
)
def test_a_code_is_taken_only_with_everything_it_was_given_for(
    slack: Running, wrong: dict[str, str], word: str
) -> None:
    assert token(slack, **{"a_code": code(slack)} | wrong) == {"ok": False, "error": word}


def test_a_code_is_good_once_also_when_the_first_try_was_wrong(slack: Running) -> None:
    used, failed = code(slack), code(slack)
    token(slack, used)
    token(slack, failed, redirect_uri="https://evil.example")

    assert token(slack, used)["error"] == "invalid_code"
    assert token(slack, failed)["error"] == "invalid_code"


def test_the_secret_may_come_in_the_header(slack: Running) -> None:
    known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

    assert token(slack, code(slack), basic=known)["ok"]
    assert token(slack, code(slack), basic="!")["error"] == "invalid_client_id"


@pytest.mark.parametrize(
    ("mode", "claim", "said"),
    [
        ("oidc_nonce", "nonce", "a-nonce-of-somebody-else"),
        ("oidc_aud", "aud", "9999999999.9999999999"),
        ("oidc_iss", "iss", "https://evil.example"),
        ("oidc_team", "https://slack.com/team_id", "T0SOMEBODYELSE"),
        ("oidc_unverified", "email_verified", False),
    ],
)
def test_a_thrown_switch_makes_one_claim_wrong(slack: Running, mode: str, claim: str, said: object) -> None:
    slack.door("fail", mode=mode, count=1)

    assert claims(slack, token(slack, code(slack))["id_token"])[claim] == said
    assert claims(slack, token(slack, code(slack))["id_token"])[claim] != said


def test_tokens_can_be_unsigned_foreign_expired_and_early(slack: Running) -> None:
    slack.door("fail", mode="oidc_alg_none")
    assert token(slack, code(slack))["id_token"].endswith(".")
    slack.door("fail", mode="oidc_signature")
    with pytest.raises(JoseError):
        claims(slack, token(slack, code(slack))["id_token"])
    slack.door("fail", mode="oidc_expired")
    expired = claims(slack, token(slack, code(slack))["id_token"])
    slack.door("fail", mode="oidc_future")
    early = claims(slack, token(slack, code(slack))["id_token"])
    assert expired["exp"] < expired["iat"] + 301 < early["iat"]
    slack.door("fail", mode="oidc_denied")
    assert "error=access_denied" in answer(slack, "U0ANA", question(slack))[1]


def test_keys_change_and_the_earlier_ones_stay_published_unless_forgotten(slack: Running) -> None:
    early = token(slack, code(slack))["id_token"]
    assert claims(slack, early)
    kid = slack.door("rotate-keys")["kid"]
    published = [key["kid"] for key in read(f"{slack.handle.url}/openid/connect/keys")["keys"]]
    assert published[0] == kid
    assert len(published) == 2
    assert claims(slack, early)
    slack.door("rotate-keys", forget=True)
    with pytest.raises((JoseError, ValueError)):
        claims(slack, early)


def test_the_keys_are_kept_over_a_restart_and_are_their_owners_alone(tmp_path: Path, app: AnApp) -> None:
    first = run(tmp_path, app)
    published = read(f"{first.handle.url}/openid/connect/keys")
    first.handle.stop()
    second = run(tmp_path, app)

    assert read(f"{second.handle.url}/openid/connect/keys") == published
    assert (tmp_path / "oidc-keys.json").stat().st_mode & 0o077 == 0
    second.handle.stop()


@pytest.mark.parametrize(
    ("address", "method"),
    [
        (".well-known/openid-configuration", ".well-known/openid-configuration"),
        ("openid/connect/keys", "openid/connect/keys"),
        ("api/openid.connect.token", "openid.connect.token"),
    ],
)
def test_each_of_its_addresses_can_fail(slack: Running, address: str, method: str) -> None:
    slack.door("fail", mode="500", methods=[method])

    with pytest.raises(HTTPError) as caught:
        read(f"{slack.handle.url}/{address}")
    caught.value.close()
