"""Claims about session cookies and form tokens."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANA
from web.sessions import LASTS, Signer, cookie_header, new_session

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SIGNER = Signer(b"k" * 32)


def test_a_cookie_brings_back_the_session_that_was_sealed() -> None:
    session = new_session("s1", NOW, ANA)

    assert SIGNER.read(SIGNER.seal(session), NOW) == session


def test_a_session_ends_when_its_time_is_over() -> None:
    cookie = SIGNER.seal(new_session("s1", NOW, ANA))

    assert SIGNER.read(cookie, NOW + LASTS - timedelta(seconds=1)) is not None
    assert SIGNER.read(cookie, NOW + LASTS) is None


def test_a_cookie_of_another_key_is_no_cookie() -> None:
    cookie = Signer(b"x" * 32).seal(new_session("s1", NOW, ANA))

    assert SIGNER.read(cookie, NOW) is None


def test_a_changed_payload_is_no_cookie() -> None:
    body, _, signature = SIGNER.seal(new_session("s1", NOW, ANA)).partition(".")
    text = base64.urlsafe_b64decode(body + "==").replace(b"Ana Lima", b"Eve Lima")

    assert SIGNER.read(f"{base64.urlsafe_b64encode(text).decode().rstrip('=')}.{signature}", NOW) is None


@pytest.mark.parametrize("cookie", ["", "valid", ".", "a.b", "é.ü", "\x00", "e30.e30", "." * 5000])
def test_what_is_no_cookie_of_ours_is_nobody(cookie: str) -> None:
    assert SIGNER.read(cookie, NOW) is None


@given(st.text())
def test_no_text_at_all_raises(cookie: str) -> None:
    assert SIGNER.read(cookie, NOW) is None


def test_a_form_token_belongs_to_one_session_and_one_key() -> None:
    mine, theirs = new_session("s1", NOW), new_session("s2", NOW)

    assert SIGNER.accepts(SIGNER.token(mine), mine)
    assert not SIGNER.accepts(SIGNER.token(mine), theirs)
    assert not Signer(b"x" * 32).accepts(SIGNER.token(mine), mine)


def test_an_empty_form_token_is_refused() -> None:
    assert not SIGNER.accepts("", new_session("s1", NOW))


def test_a_cookie_signature_is_no_form_token() -> None:
    session = new_session("s1", NOW)
    signature = SIGNER.seal(session).partition(".")[2]

    assert not SIGNER.accepts(signature, session)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Signer(b"short")


def test_the_cookie_is_out_of_reach_of_scripts_and_secure_over_https_only() -> None:
    assert "HttpOnly" in cookie_header("v", secure=True)
    assert "SameSite=Lax" in cookie_header("v", secure=True)
    assert cookie_header("v", secure=True).endswith("Secure")
    assert "Secure" not in cookie_header("v", secure=False)
