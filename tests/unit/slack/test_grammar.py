"""Claims about the parser: what people type is understood, and any text of any script gives a command."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command, parse
from deadair.adapters.slack.guessing import nearest
from deadair.adapters.slack.questions import question
from deadair.adapters.slack.vocabulary import NAMES, VERBS
from deadair.domain.postmortem import QUESTIONS
from deadair.domain.typed_time import echo, leading_time, parse_time
from tests.builders import NOON, at


@pytest.mark.parametrize(
    ("typed", "verb", "ref", "text"),
    [
        ("", "", "", ""),
        ("help", "help", "", ""),
        ("?", "help", "", ""),
        ("help note", "help", "", "note"),
        ("ACK 42", "ack", "42", ""),
        ("ack inc-42", "ack", "42", ""),
        ("Ack #42", "ack", "42", ""),
        ("ack", "ack", "", ""),
        ("mine 7", "ack", "7", ""),
        ("ack last", "ack", "last", ""),
        ("42", "show", "42", ""),
        ("INC-42", "show", "42", ""),
        ("42 ack", "ack", "42", ""),
        ("#42 resolve rotated the key", "resolve", "42", "rotated the key"),
        ("note rotated the key", "note", "", "rotated the key"),
        ("note 42: rotated the key", "note", "42", "rotated the key"),
        ("log 42 rotated the key", "note", "42", "rotated the key"),
        ('note 42 "rotated the key"', "note", "42", "rotated the key"),
        ("note 7 “rate limit” – fixed", "note", "7", '"rate limit" - fixed'),
        ("note 7 it’s back", "note", "7", "it's back"),
        ("note 7 two\nlines", "note", "7", "two\nlines"),
        ("close 42 new token", "resolve", "42", "new token"),
        ("false-alarm 42 a test", "false-alarm", "42", "a test"),
        ("false alarm 42 a test", "false-alarm", "42", "a test"),
        ("42 false alarm: a test", "false-alarm", "42", "a test"),
        ("False alarm", "false-alarm", "", ""),
        ("false a test", "false-alarm", "", "a test"),
        ("resolve incident 42 new token", "resolve", "42", "new token"),
        ("ack INC 42", "ack", "42", ""),
        ("ack 42.", "ack", "42", ""),
        ("resolve (42)! new token", "resolve", "42", "new token"),
        ("sev 2. leads are lost", "sev", "", "2. leads are lost"),
        ("sev 2, leads are lost", "sev", "", "2, leads are lost"),
        ("sev 42, 2. leads are lost", "sev", "42", "2. leads are lost"),
        ("note incident is over", "note", "", "incident is over"),
        ("note inc last is over", "note", "last", "is over"),
        ("pm 42 publish", "pm", "42", "publish"),
        ("postmortem 42 broke the sync", "pm", "42", "broke the sync"),
        ("search hubspot 401", "search", "", "hubspot 401"),
        ("who 42", "who", "", "42"),
        ("  list   mine ", "list", "", "mine"),
        ("/list", "list", "", ""),
        ("note 42 障害は復旧しました", "note", "42", "障害は復旧しました"),
        ("note 42 تم التدوير", "note", "42", "تم التدوير"),
        ("note 42 👩‍🚀 launched", "note", "42", "👩‍🚀 launched"),
        ("open hubspot-salesforce sev2 no leads", "open", "", "hubspot-salesforce sev2 no leads"),
        ("status 42 Monitoring: calm", "status", "42", "Monitoring: calm"),
        ("sev2 leads are lost", "sev", "", "2 leads are lost"),
        ("SEV-1 42 leads are lost", "sev", "42", "1 leads are lost"),
        ("42 sev2: leads are lost", "sev", "42", "2 leads are lost"),
        ("affected 1200 contacts", "affected", "", "1200 contacts"),
        ("affected 42", "affected", "", "42"),
        ("affected #42", "affected", "42", ""),
        ("affected 42 1200 contacts", "affected", "42", "1200 contacts"),
        ("affected 42 all newsletters", "affected", "42", "all newsletters"),
        ("link 42 <https://a.example/x> it", "link", "42", "https://a.example/x it"),
        ("undo 42 2026-11-21T07:24:19.004+00:00#v000002", "undo", "42", "2026-11-21T07:24:19.004+00:00#v000002"),
    ],
)
def test_reads_verbs_references_and_text(typed: str, verb: str, ref: str, text: str) -> None:
    read = parse(typed)
    assert (read.verb, read.ref, read.text) == (verb, ref, text)


@pytest.mark.parametrize(
    "typed",
    [
        "note 42 rotated --at 10:42",
        "note 42 rotated —at 10:42",
        "note 42 rotated –at 10:42",
        "note 42 rotated --AT=10:42",
        "note 42 rotated --at “10:42”",
    ],
)
def test_a_flag_is_read_in_every_way_a_phone_writes_it(typed: str) -> None:
    read = parse(typed)
    assert (read.text, read.flags) == ("rotated", {"at": "10:42"})


def test_words_that_only_look_like_flags_stay_in_the_text() -> None:
    assert parse("note 42 ran curl --attach and x--at y").text == "ran curl --attach and x--at y"


@pytest.mark.parametrize(
    ("typed", "text", "flags"),
    [
        ("note 42 ran eslint --fix on it", "ran eslint --fix on it", {}),
        ("note 42 first --at 10:42 then --at 11:00", "first", {"at": "10:42 then --at 11:00"}),
        ("42 note ran --fix", "ran --fix", {}),
        ("resolve 42 moved the job --fix new key", "moved the job", {"fix": "new key"}),
        ("list all hubspot —since 7d", "all hubspot", {"since": "7d"}),
        ("ack 42 –override Ana is asleep", "", {"override": "Ana is asleep"}),
        ("search --since when", "--since when", {}),
        ("pm 42 broke dbt ran with --fix --at noon", "broke dbt ran with --fix --at noon", {}),
    ],
)
def test_a_flag_that_the_verb_does_not_take_is_text_and_nothing_is_lost(
    typed: str, text: str, flags: dict[str, str]
) -> None:
    read = parse(typed)
    assert (read.text, read.flags) == (text, flags)


def test_people_come_as_ids_and_stay_readable() -> None:
    read = parse("assign 42 <@U0BEN|ben.okafor>")
    assert read == Command("assign", "42", "@ben.okafor", {}, (Mention("U0BEN", "ben.okafor"),), said="assign")


def test_slacks_entities_become_plain_text() -> None:
    typed = (
        "<!channel> &lt;b&gt; <#C0X|ops> <https://a.example/x|a.example/x> <mailto:a@b.example|a@b.example> &amp;lt;"
    )
    assert parse(f"note 7 {typed}").text == "@channel <b> #ops https://a.example/x a@b.example &lt;"


def test_invisible_characters_are_removed() -> None:
    assert parse("note 7 \x00\x1b[31mred\u202e\u200b now").text == "[31mred now"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("reslove 42", "resolve"), ("acknowlege 42", "ack"), ("tmeline", "timeline"), ("asign 42", "assign"), ("zzz", "")],
)
def test_an_unknown_verb_names_the_nearest(typed: str, meant: str) -> None:
    read = parse(typed)
    assert (read.verb, read.nearest) == ("", meant)


@pytest.mark.parametrize(
    ("typed", "meant", "ref", "text"),
    [
        ("<https://a.example/x> the ticket", "link", "", "https://a.example/x the ticket"),
        ("<@U0BEN|ben> 42", "assign", "42", "@ben"),
        ("the key was rotated", "note", "", "the key was rotated"),
        ("42 the key was rotated", "note", "42", "the key was rotated"),
        ("Fehler behoben", "note", "", "Fehler behoben"),
        ("reslove 42 new key", "resolve", "", "42 new key"),
        (":fire:", "", "", ""),
        ("🔥 🔥", "", "", "🔥"),
        ("xyzzy", "", "", ""),
        ("--at 10:42", "", "", ""),
    ],
)
def test_what_has_no_verb_is_guessed_at_and_kept_whole(typed: str, meant: str, ref: str, text: str) -> None:
    read = parse(typed)
    assert (read.verb, read.nearest, read.ref, read.text) == ("", meant, ref, text)
    assert read.said


def test_every_alias_means_one_verb() -> None:
    assert set(NAMES.values()) == set(VERBS)
    assert len(NAMES) == sum(1 + len(shape.aliases) for shape in VERBS.values())


@given(st.text())
def test_any_text_gives_a_command(text: str) -> None:
    assert isinstance(parse(text), Command)


@given(
    st.lists(st.sampled_from([*NAMES, "42", "#42", "last", "--at", "—fix", "<@U1|a>", "“", "\x00", "\n", "&lt;", "<"]))
)
def test_any_order_of_known_words_gives_a_command(words: list[str]) -> None:
    assert isinstance(parse(" ".join(words)), Command)


@given(st.text())
def test_any_text_is_a_question_or_not_and_a_time_or_not(text: str) -> None:
    assert question(text)[0] in {*QUESTIONS, ""}
    found, rest = leading_time(text, NOON)
    assert found is None or found.utcoffset() == timedelta(0)
    assert isinstance(rest, str)
    assert nearest(text) in {*VERBS, ""}


@pytest.mark.parametrize(
    ("typed", "key", "answer"),
    [
        ("broke the sync", "what_broke", "the sync"),
        ("what_broke: the sync", "what_broke", "the sync"),
        ("answer started: at 10", "when_started", "at 10"),
        ("Detected - by the alarm", "how_detected", "by the alarm"),
        ("fix “new token”", "what_fixed", "“new token”"),
        ("earlier a silence alarm", "what_earlier", "a silence alarm"),
        ("because", "", ""),
    ],
)
def test_questions_are_named_by_a_word(typed: str, key: str, answer: str) -> None:
    assert question(typed) == (key, answer)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("10:42", -78),
        ("12:04", 4),
        ("10m ago", -10),
        ("1h 30m ago", -90),
        ("2 hours ago", -120),
        ("2026-11-02T11:00:00Z", -60),
        ("2026-11-02T12:00+01:00", -60),
        ("2026-11-02 11:00", -60),
        ("23:30", -750),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, minutes: int) -> None:
    assert parse_time(typed, NOON) == at(minutes)


@pytest.mark.parametrize(
    "typed", ["", "ago", "25:00", "10:61", "soon", "2026-02-30T10:00", "９９:００", "10:42 rotated"]
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert parse_time(typed, NOON) is None


def test_words_after_a_time_are_kept() -> None:
    assert leading_time("10m ago rotated the key", NOON) == (at(-10), "rotated the key")


def test_a_time_is_echoed_with_its_zone_and_its_day_unless_today() -> None:
    assert echo(at(-78), NOON) == "10:42 UTC"
    assert echo(at(-1440), NOON) == "2026-11-01 12:00 UTC"
