"""Claims about the signature check: it agrees with Slack's own verifier, and nothing makes it raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from deadair.adapters.slack.signature import is_genuine, sign

SECRET = "e6b19c573432dcc6b075501d51b51bb8"
NOW = 1_790_000_000
BODY = (
    b"token=t&team_id=T0DEADAIR&user_id=U0ANA&command=%2Fincident&text=ack+42&note=%E2%80%9Cr%C3%A9sum%C3%A9%E2%80%9D"
)
GOOD = sign(SECRET, str(NOW), BODY)


class At(Clock):
    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now


@pytest.mark.parametrize(
    ("timestamp", "signature", "body", "now", "genuine"),
    [
        (str(NOW), GOOD, BODY, NOW, True),
        (str(NOW), GOOD, BODY, NOW + 300, True),
        (str(NOW), GOOD, BODY, NOW - 300, True),
        (str(NOW), GOOD, BODY, NOW + 301, False),
        (str(NOW), GOOD, BODY, NOW - 301, False),
        (str(NOW), GOOD, BODY, NOW + 300.5, False),
        (str(NOW), GOOD, BODY + b" ", NOW, False),
        (str(NOW), GOOD, b"", NOW, False),
        (str(NOW), sign(SECRET, str(NOW), b""), b"", NOW, True),
        (str(NOW + 1), GOOD, BODY, NOW, False),
        (str(NOW), sign("another", str(NOW), BODY), BODY, NOW, False),
        (str(NOW), GOOD.upper(), BODY, NOW, False),
        (str(NOW), GOOD[3:], BODY, NOW, False),
        (str(NOW), GOOD[:-1], BODY, NOW, False),
        (str(NOW), GOOD + "0", BODY, NOW, False),
        (str(NOW), f" {GOOD}", BODY, NOW, False),
        (str(NOW), f"{GOOD},{GOOD}", BODY, NOW, False),
        (str(NOW), f"v1{GOOD[2:]}", BODY, NOW, False),
        (str(NOW), "", BODY, NOW, False),
        ("", sign(SECRET, "", BODY), BODY, NOW, False),
        ("0", sign(SECRET, "0", BODY), BODY, NOW, False),
        (str(-NOW), sign(SECRET, str(-NOW), BODY), BODY, NOW, False),
        (str(NOW * 1000), sign(SECRET, str(NOW * 1000), BODY), BODY, NOW, False),
    ],
)
def test_fault_28_agrees_with_slacks_own_verifier(
    timestamp: str, signature: str, body: bytes, now: float, *, genuine: bool
) -> None:
    assert is_genuine(SECRET, timestamp, signature, body, now) is genuine
    assert _slacks(timestamp, signature, body, now) is genuine


def _slacks(timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """What slack_sdk says; it raises on what is no number, which must count as refused."""
    try:
        return bool(SignatureVerifier(SECRET, At(now)).is_valid(body, timestamp, signature))
    except (TypeError, ValueError):
        return False


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        (f"{NOW}.5", GOOD),
        ("soon", GOOD),
        (f" {NOW}", GOOD),
        (f"+{NOW}", GOOD),
        ("１７９００００００００", GOOD),
        ("9" * 5000, GOOD),
        (str(NOW), "v0=é" + GOOD[4:]),
        (str(NOW), "v0=\udcff"),
        (None, GOOD),
        (str(NOW), None),
    ],
)
def test_fault_28_odd_headers_are_refused_and_never_raise(timestamp: str | None, signature: str | None) -> None:
    assert is_genuine(SECRET, timestamp, signature, BODY, NOW) is False


def test_fault_28_bytes_that_are_no_text_are_checked_as_they_are() -> None:
    body = b"\xff\x00"
    assert is_genuine(SECRET, str(NOW), sign(SECRET, str(NOW), body), body, NOW) is True


def test_fault_28_without_a_secret_nothing_is_genuine() -> None:
    assert is_genuine("", str(NOW), sign("", str(NOW), BODY), BODY, NOW) is False


@given(st.none() | st.text(), st.none() | st.text(), st.binary(), st.floats(0, 2**40))
def test_fault_28_no_input_raises(timestamp: str | None, signature: str | None, body: bytes, now: float) -> None:
    assert is_genuine(SECRET, timestamp, signature, body, now) is False
