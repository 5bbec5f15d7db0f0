"""Claims about asking an issuer who somebody is: every doubt is a refusal, every silence is said as such."""

import json
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from deadair.adapters.oidc import http
from deadair.adapters.oidc.card import ASK_AGAIN_S, Cards, read_card
from deadair.adapters.oidc.errors import IssuerDown, Misconfigured, NotProved
from deadair.adapters.oidc.issuer import Asking, Issuer, Ours
from deadair.adapters.oidc.key_set import AGAIN_S, KEPT_S, STALE_S, KeySet
from tests.an_issuer import (
    CLIENT,
    SECRET,
    AnIssuer,
    an_issuer,
    by_curve,
    by_nobody,
    by_public_key,
    by_rsa,
    rsa,
)

ASKING = Asking("id", "the-state", "the-nonce", "the-verifier")
HOME = "http://localhost:8080/auth/callback"
GOOD, OTHER = rsa(), rsa("two")


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[], AnIssuer]]:
    with an_issuer(GOOD) as fresh:
        yield fresh


@pytest.fixture
def issuer(running: Callable[[], AnIssuer]) -> AnIssuer:
    return running()


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def asked(issuer: AnIssuer, clock: Clock | None = None) -> Issuer:
    """The issuer as we ask it."""
    ticks = clock or time.monotonic
    ours = Ours(client_id=CLIENT, secret=lambda: SECRET, redirect=HOME, team="T0DEADAIR")
    return Issuer(issuer.url, ours, Cards(issuer.url, ticks), KeySet(ticks))


def who(issuer: AnIssuer, ask: Issuer | None = None, *, more: bool = False) -> dict[str, Any]:
    """What comes of one whole sign-in."""
    ask = ask or asked(issuer)
    code, state = issuer.code(ask.where(ASKING))
    assert state == ASKING.state
    return ask.who(code, ASKING, lambda _: more, datetime.now(UTC))


def test_a_good_issuer_is_believed_and_asked_as_openid_connect_wants_it(issuer: AnIssuer) -> None:
    claims = who(issuer)

    assert (claims["sub"], claims["name"]) == ("subject", "Ana Lima")
    assert issuer.posted["redirect_uri"] == HOME
    assert issuer.posted["client_secret"] == SECRET
    assert issuer.posted["code_verifier"] == ASKING.verifier


def test_the_question_carries_a_proof_key_and_never_what_proves_it(issuer: AnIssuer) -> None:
    where = asked(issuer).where(ASKING)

    for part in ("code_challenge_method=S256", "nonce=the-nonce", "scope=openid%20profile%20email", "team=T0DEADAIR"):
        assert part in where
    assert ASKING.verifier not in where


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "s" * 256},
        {"exp": 1_000},
        {"exp": None},
        {"exp": "2030-01-01"},
        {"exp": True},
        {"exp": timedelta(seconds=-91)},
        {"iat": timedelta(seconds=200)},
        {"iat": timedelta(hours=-1)},
        {"iat": None},
        {"nbf": timedelta(seconds=200)},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": 7},
    ],
    ids=str,
)
def test_fault_40_a_claim_that_does_not_hold_is_a_refusal(issuer: AnIssuer, change: dict[str, Any]) -> None:
    issuer.change = change

    with pytest.raises(NotProved):
        who(issuer)


@pytest.mark.parametrize(
    "change",
    [
        {"exp": timedelta(seconds=-30)},
        {"iat": timedelta(seconds=60)},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"at_hash": None},
        {"nbf": timedelta(0)},
    ],
    ids=str,
)
def test_fault_40_clocks_may_differ_and_what_may_be_absent_may_be_absent(
    issuer: AnIssuer, change: dict[str, Any]
) -> None:
    issuer.change = change

    assert who(issuer)["sub"] == "subject"


SIGNATURES: dict[str, Callable[[dict[str, Any]], str]] = {
    "nobody": by_nobody,
    "hmac by the public key": by_public_key(GOOD),
    "another key under the id": by_rsa(OTHER, "one"),
    "an unknown id": by_rsa(OTHER, "two"),
    "no token at all": lambda _: "a.b.c",
    "two parts": lambda _: "e30.e30",
    "header is a list": lambda _: "W10.e30.e30",
    "long": lambda _: "a" * 20_000,
    "é": lambda _: "é.é.é",
    "payload is no object": lambda _: by_rsa(GOOD)("x"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("signed", SIGNATURES)
def test_fault_40_what_its_own_key_did_not_sign_is_a_refusal(issuer: AnIssuer, signed: str) -> None:
    issuer.sign = SIGNATURES[signed]

    with pytest.raises(NotProved):
        who(issuer)


def test_fault_40_hmac_is_refused_even_when_the_issuer_lists_it(issuer: AnIssuer) -> None:
    issuer.card = {"id_token_signing_alg_values_supported": ["HS256"]}

    with pytest.raises(Misconfigured):
        who(issuer)


def test_fault_40_an_algorithm_that_the_issuer_does_not_list_is_refused(issuer: AnIssuer) -> None:
    issuer.card = {"id_token_signing_alg_values_supported": ["ES256"]}

    with pytest.raises(NotProved, match="algorithm"):
        who(issuer)


def test_fault_40_a_key_of_another_type_or_use_signs_nothing(issuer: AnIssuer) -> None:
    curve = ECKey.generate_key("P-256", {"kid": "one"})
    public = GOOD.as_dict(private=False)
    for keys in (
        [curve.as_dict(private=False)],
        [public | {"use": "enc"}],
        [public | {"alg": "RS512"}],
        [{"kid": "one"}],
    ):
        issuer.published = keys
        with pytest.raises(NotProved, match="signature"):
            who(issuer)


def test_fault_40_a_short_key_signs_nothing(issuer: AnIssuer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        short = RSAKey.generate_key(1024, {"kid": "one", "use": "sig"})
        issuer.sign = by_rsa(short)
        issuer.published = [short.as_dict(private=False)]
        with pytest.raises(NotProved, match="signature"):
            who(issuer)


def test_fault_40_of_two_keys_the_named_one_counts_and_without_a_name_each_may(issuer: AnIssuer) -> None:
    curve = ECKey.generate_key("P-256", {"kid": "curve"})
    issuer.published = [OTHER.as_dict(private=False), curve.as_dict(private=False), GOOD.as_dict(private=False)]

    for sign in (by_rsa(GOOD), by_rsa(OTHER, "two"), by_curve(curve, "curve"), by_rsa(GOOD, "")):
        issuer.sign = sign
        assert who(issuer)["sub"] == "subject"


def test_fault_40_a_new_key_is_asked_for_once_and_not_over_and_over(issuer: AnIssuer) -> None:
    clock = Clock()
    ask = asked(issuer, clock)
    who(issuer, ask)
    issuer.key, issuer.sign = OTHER, by_rsa(OTHER, "two")

    assert who(issuer, ask)["sub"] == "subject"
    assert issuer.asked.count("/keys") == 2
    issuer.sign = by_rsa(GOOD, "three")
    for _ in range(3):
        with pytest.raises(NotProved):
            who(issuer, ask)
    assert issuer.asked.count("/keys") == 2
    clock.at += AGAIN_S
    with pytest.raises(NotProved):
        who(issuer, ask)
    assert issuer.asked.count("/keys") == 3


def test_fault_40_known_keys_serve_for_a_day_while_the_issuer_hides_them(issuer: AnIssuer) -> None:
    clock = Clock()
    ask = asked(issuer, clock)
    who(issuer, ask)
    issuer.broken = {"/keys": (500, {}), "/.well-known/openid-configuration": (500, {})}

    clock.at += KEPT_S + 1
    assert who(issuer, ask)["sub"] == "subject"
    clock.at += STALE_S
    with pytest.raises(IssuerDown):
        who(issuer, ask)


STEPS = ("/.well-known/openid-configuration", "/token", "/keys", "/userinfo")
BROKEN: dict[str, tuple[int, Any]] = {
    "500": (500, {}),
    "429": (429, {}),
    "a page": (200, b"<!doctype html>"),
    "a list": (200, []),
    "too deep": (200, b"[" * 100_000),
    "too long": (200, {"x": "x" * 300_000}),
    "elsewhere": (302, {}),
    "half a text": (200, b'{"issuer": '),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("how", BROKEN)
def test_fault_40_an_issuer_that_answers_oddly_is_as_good_as_down(issuer: AnIssuer, step: str, how: str) -> None:
    issuer.broken = {step: BROKEN[how]}

    with pytest.raises(IssuerDown):
        who(issuer, more=True)
    assert "/elsewhere" not in issuer.asked


def test_fault_40_an_issuer_that_is_slow_is_not_waited_for(issuer: AnIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WHOLE_S", 0.3)
    issuer.broken = {"/token": (200, 2.0)}

    began = time.monotonic()
    with pytest.raises(IssuerDown):
        who(issuer)
    assert time.monotonic() - began < 1.5


def test_fault_40_an_issuer_that_is_not_there_is_not_asked_by_each_of_a_crowd() -> None:
    with an_issuer(GOOD) as fresh:
        gone = fresh()
    clock = Clock()
    ask = asked(gone, clock)
    for _ in range(3):
        with pytest.raises(IssuerDown):
            ask.where(ASKING)
    clock.at += ASK_AGAIN_S
    with pytest.raises(IssuerDown):
        ask.where(ASKING)


def test_fault_40_a_code_is_worth_something_once(issuer: AnIssuer) -> None:
    ask = asked(issuer)
    code, _ = issuer.code(ask.where(ASKING))

    ask.who(code, ASKING, lambda _: False, datetime.now(UTC))
    with pytest.raises(NotProved, match="code"):
        ask.who(code, ASKING, lambda _: False, datetime.now(UTC))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("invalid_client", Misconfigured),
        ("bad_redirect_uri", Misconfigured),
        ("<b>\n", Misconfigured),
        ("invalid_grant", NotProved),
        ("internal_error", IssuerDown),
        ("ratelimited", IssuerDown),
    ],
)
def test_fault_40_what_an_issuer_refuses_is_told_apart(
    issuer: AnIssuer, said: str, kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    issuer.refuses = said

    with caplog.at_level(logging.DEBUG), pytest.raises(kind):
        who(issuer)
    told = json.dumps([{key: str(value) for key, value in vars(record).items()} for record in caplog.records])
    for secret in (SECRET, "code-0", ASKING.verifier, ASKING.nonce, "<b>"):
        assert secret not in told


def test_fault_40_userinfo_of_somebody_else_is_a_refusal_and_adds_only_what_is_missing(issuer: AnIssuer) -> None:
    issuer.change, issuer.userinfo = {"email": None}, {"email": "ana.lima@example.com", "name": "Eve"}
    claims = who(issuer, more=True)
    assert (claims["email"], claims["name"]) == ("ana.lima@example.com", "Ana Lima")
    assert issuer.sent["/userinfo"]["authorization"] == "Bearer access"

    issuer.userinfo = {"sub": "another"}
    with pytest.raises(NotProved, match="userinfo"):
        who(issuer, more=True)


def test_a_secret_goes_the_way_that_the_issuer_takes(issuer: AnIssuer) -> None:
    issuer.card = {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    who(issuer)

    assert "client_secret" not in issuer.posted
    assert issuer.sent["/token"]["authorization"].startswith("Basic ")


GOOD_CARD = {
    "issuer": "https://id.example.com",
    "authorization_endpoint": "https://id.example.com/authorize",
    "token_endpoint": "https://tokens.example.com/token",
    "jwks_uri": "https://id.example.com/keys",
}


def test_the_document_must_be_the_issuers_own() -> None:
    assert read_card(GOOD_CARD, "https://id.example.com/").issuer == "https://id.example.com"
    for issuer in ("https://id.example.com.evil.example", "https://ID.example.com", "http://id.example.com"):
        with pytest.raises(Misconfigured):
            read_card(GOOD_CARD, issuer)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize(
    "address",
    [
        "http://id.example.com/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://localhost/x",
        "http://localhost:8081/x",
        "https://somewhere.internal/x",
        "https://user@id.example.com/",
        "https://id.example.com/\r\nx",
        "file:///etc/passwd",
        "//id.example.com/",
        7,
    ],
)
def test_fault_38_no_address_of_an_issuer_leads_inside(name: str, address: Any) -> None:
    with pytest.raises(Misconfigured):
        read_card(GOOD_CARD | {name: address}, "https://id.example.com")
