"""Claims about what never reaches people's eyes: credentials, by their shapes."""

import pytest

from deadair.domain.redaction import MARK, redact


@pytest.mark.parametrize(
    "said",
    [
        "access_token=ya29abcdef",
        '{"refresh_token": "ya29abcdef"}',
        "refreshToken: ya29abcdef",
        "x-api-key=ya29abcdef",
        "https://api.example.com/contacts?hapikey=ya29abcdef&limit=1",
        "SFDC_CLIENT_SECRET=ya29abcdef",
        "password=ya29abcdef",
        "Authorization: Bearer ya29abcdef",
        "it sent Bearer ya29abcdef and got a 401",
    ],
)
def test_a_secret_is_taken_out_whatever_its_name_begins_with(said: str) -> None:
    assert "ya29abcdef" not in redact(said)
    assert MARK in redact(said)
    assert redact(redact(said)) == redact(said)


@pytest.mark.parametrize(
    "said",
    [
        "The token expired at 09:00.",
        "sync token: 412",
        "secretary = none",
        "monkey: 12345",
        "Basic functionality is back.",
        "The bearer credentials expired.",
        "basic read/write access for MailChimp",
    ],
)
def test_words_about_secrets_stay(said: str) -> None:
    assert redact(said) == said


@pytest.mark.parametrize(
    "secret", ["dXNlcjpwYXNz", "dXNlcjpwYXNzd29yZA==", "abcdefghijklmnopqrstuvwxyz", "eyJhbGciOiJIUzI1NiJ9.e30.abc"]
)
@pytest.mark.parametrize("before", ["Basic ", "bearer ", "Authorization: Basic ", '"authorization": "Bearer '])
def test_a_credential_of_a_header_is_taken_out_with_or_without_the_header(before: str, secret: str) -> None:
    assert secret not in redact(before + secret)
