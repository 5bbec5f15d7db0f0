"""Claims about sealed values, session cookies, form tokens and sign-ins that wait."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.ended_sessions import MOST, Ended
from deadair.domain.errors import Unavailable
from deadair.domain.ownership import Person
from tests.builders import ANA
from web.cookies import SESSION, set_cookie
from web.seals import Seals
from web.sessions import IDLE, LASTS, SEEN_AGAIN, Session, Signer, new_session
from web.signing_in import pending
from web.signing_in.doorman import ENDED_KEPT_S, ENDED_STALE_S, WORD_KEPT_S, Doorman

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SIGNER = Signer(b"k" * 32)
SECOND = timedelta(seconds=1)


def test_a_cookie_brings_back_the_session_that_was_sealed() -> None:
    session = new_session("s1", NOW, Person("Jürgen \ud800 😀", "j@example.com", "U0J"))

    assert SIGNER.read(SIGNER.seal(session), NOW) == session


@pytest.mark.parametrize(("began", "seen"), [(LASTS, SECOND), (timedelta(hours=3), IDLE), (-LASTS, -LASTS)])
def test_a_session_ends_when_its_time_is_over_or_nobody_is_there(began: timedelta, seen: timedelta) -> None:
    over = SIGNER.seal(Session("s1", NOW - began, NOW - seen, ANA))
    lives = SIGNER.seal(Session("s1", NOW - LASTS + SECOND, NOW - IDLE + SECOND, ANA))

    assert SIGNER.read(over, NOW) is None
    assert SIGNER.read(lives, NOW) is not None


def test_a_sign_of_life_is_written_again_after_some_minutes_and_moves_no_beginning() -> None:
    session = new_session("s1", NOW, ANA)
    again = SIGNER.again(session, NOW + SEEN_AGAIN)

    assert SIGNER.again(session, NOW + SEEN_AGAIN - SECOND) == ""
    assert SIGNER.read(again, NOW + SEEN_AGAIN) == Session("s1", NOW, NOW + SEEN_AGAIN, ANA)


def test_a_cookie_of_another_key_is_no_cookie() -> None:
    cookie = Signer(b"x" * 32).seal(new_session("s1", NOW, ANA))

    assert SIGNER.read(cookie, NOW) is None


def test_the_key_before_still_opens_and_seals_no_more() -> None:
    both, session = Signer(b"n" * 32, (b"k" * 32,)), new_session("s1", NOW, ANA)

    assert both.read(SIGNER.seal(session), NOW) == session
    assert both.accepts(SIGNER.token(session), session)
    assert SIGNER.read(both.seal(session), NOW) is None


def test_a_changed_payload_is_no_cookie() -> None:
    body, _, signature = SIGNER.seal(new_session("s1", NOW, ANA)).partition(".")
    text = base64.urlsafe_b64decode(body + "==").replace(b"Ana Lima", b"Eve Lima")

    assert SIGNER.read(f"{base64.urlsafe_b64encode(text).decode().rstrip('=')}.{signature}", NOW) is None


@pytest.mark.parametrize("value", [None, [], {}, "x", [1, 2, 3], ["s", 1e400, 1, ["n", "e", "i"]], ["s", 1, 1, ["n"]]])
@pytest.mark.parametrize("purpose", ["session", "signing-in"])
def test_what_is_sealed_and_no_session_is_nobody(purpose: str, value: Any) -> None:
    sealed = SIGNER.sealed(purpose, value)

    assert SIGNER.read(sealed, NOW) is None
    assert pending.waiting(sealed, SIGNER, NOW) == []


@pytest.mark.parametrize("cookie", ["", "valid", ".", "a.b", "é.ü", "\x00", "e30.e30", "." * 5000])
def test_what_is_no_cookie_of_ours_is_nobody(cookie: str) -> None:
    assert SIGNER.read(cookie, NOW) is None


@given(st.text())
def test_no_text_at_all_raises(cookie: str) -> None:
    assert SIGNER.read(cookie, NOW) is None
    assert pending.waiting(cookie, SIGNER, NOW) == []


def test_a_form_token_belongs_to_one_session_and_one_key() -> None:
    mine, theirs = new_session("s1", NOW, ANA), new_session("s2", NOW, ANA)

    assert SIGNER.accepts(SIGNER.token(mine), mine)
    assert not SIGNER.accepts(SIGNER.token(mine), theirs)
    assert not Signer(b"x" * 32).accepts(SIGNER.token(mine), mine)
    assert not SIGNER.accepts("", mine)


def test_a_seal_of_one_purpose_opens_for_no_other() -> None:
    session = new_session("s1", NOW, ANA)

    assert not SIGNER.accepts(SIGNER.seal(session).partition(".")[2], session)
    assert SIGNER.opened("session", SIGNER.sealed("signing-in", [1])) is None


@pytest.mark.parametrize("keys", [(b"short",), (b"k" * 32, (b"short",))])
def test_a_short_key_is_refused(keys: Any) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seals(*keys)


def test_a_cookie_is_out_of_reach_of_scripts_and_of_other_hosts_over_https() -> None:
    plain = set_cookie(SESSION, "v", secure=False, lasts=IDLE)
    safe = set_cookie(SESSION, "v", secure=True, lasts=IDLE)

    assert plain == "deadair-session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=7200"
    assert safe == "__Host-deadair-session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=7200; Secure"
    assert "Max-Age=0" in set_cookie(SESSION, "", secure=True, lasts=IDLE)


def test_several_sign_ins_wait_at_once_each_for_ten_minutes_and_the_cookie_holds() -> None:
    begun = [pending.begun(f"{i}" * 24, NOW, f"/incidents/{'x' * 480}") for i in range(6)]
    cookie = pending.kept(begun, SIGNER)

    assert pending.waiting(cookie, SIGNER, NOW) == begun[-4:]
    assert len(cookie) < 3600
    assert pending.waiting(cookie, SIGNER, NOW + pending.LASTS) == []
    assert pending.begun("i", NOW, "/" + "x" * 501).next == "/"
    assert pending.kept([], SIGNER) == ""


def test_a_state_belongs_to_one_sign_in_and_outlives_a_change_of_our_key() -> None:
    one, two = (pending.begun(name, NOW, "/") for name in "ab")
    asking = two.asking(SIGNER)
    turned = Signer(b"n" * 32, (b"k" * 32,))

    for signer in (SIGNER, turned):
        found = pending.answered([one, two], asking.state, signer)
        assert found is not None
        assert (found[0], found[1]) == (two, asking)
    assert pending.answered([one], asking.state, SIGNER) is None
    assert pending.answered([one, two], "", SIGNER) is None
    assert len({asking.state, asking.nonce, asking.verifier}) == 3
    assert asking.verifier not in repr(asking)


class Neighbours:
    """What was ended, who is gone, and how often somebody asked."""

    def __init__(self) -> None:
        self.at, self.asked, self.looked = 0.0, 0, 0
        self.known, self.silent, self.gone = Ended(), False, False

    def ended(self, _: str) -> Ended:
        self.asked += 1
        if self.silent:
            raise Unavailable("x")
        return self.known

    def why_out(self, _: Person, __: datetime) -> str:
        self.looked += 1
        return "gone" if self.gone else ""

    def doorman(self) -> Doorman:
        return Doorman(self.ended, self.why_out, lambda: self.at)


def test_whether_a_session_is_over_is_asked_once_a_minute() -> None:
    around = Neighbours()
    doorman, session = around.doorman(), new_session("s1", NOW, ANA)

    assert all(doorman.lets_in(session, NOW) for _ in range(5))
    assert (around.asked, around.looked) == (1, 1)
    around.known = Ended().and_one("s1", NOW)
    around.at += ENDED_KEPT_S
    assert not doorman.lets_in(session, NOW)
    assert doorman.lets_in(new_session("s2", NOW, ANA), NOW)
    assert around.asked == 2


def test_nothing_is_changed_by_a_session_that_was_ended_elsewhere_a_moment_ago() -> None:
    around = Neighbours()
    doorman, session = around.doorman(), new_session("s1", NOW, ANA)
    assert doorman.lets_in(session, NOW)
    around.known = Ended().and_all(NOW)

    assert doorman.lets_in(session, NOW)
    assert not doorman.lets_in(session, NOW, changes=True)
    assert not doorman.lets_in(session, NOW)


def test_whoever_is_gone_is_out_within_minutes() -> None:
    around = Neighbours()
    doorman, session = around.doorman(), new_session("s1", NOW, ANA)
    doorman.lets_in(session, NOW)
    around.gone = True

    around.at += WORD_KEPT_S
    assert not doorman.lets_in(session, NOW)
    # What Slack last said may be ten minutes old when it is looked at.
    assert timedelta(seconds=WORD_KEPT_S) + timedelta(minutes=10) < timedelta(minutes=15)


def test_a_silent_table_is_believed_for_minutes_and_then_nobody_comes_in() -> None:
    around = Neighbours()
    doorman, session = around.doorman(), new_session("s1", NOW, ANA)
    doorman.lets_in(session, NOW)
    around.silent = True

    around.at += ENDED_STALE_S - 1
    assert doorman.lets_in(session, NOW)
    around.at += 1
    with pytest.raises(Unavailable):
        doorman.lets_in(session, NOW)


def test_ended_sessions_are_forgotten_when_they_are_over_by_themselves() -> None:
    ended = Ended().and_one("old", NOW).and_one("new", NOW + LASTS)

    assert not ended.has("old", NOW)
    assert ended.has("new", NOW)
    assert ended.and_all(NOW).has("any", NOW)
    assert not ended.and_all(NOW).has("later", NOW + SECOND)


def test_whoever_signs_out_of_more_than_can_be_remembered_signs_out_of_all() -> None:
    ended = Ended()
    for i in range(MOST + 1):
        ended = ended.and_one(f"s{i}", NOW)

    assert ended.before == NOW
    assert ended.has("s0", NOW)
