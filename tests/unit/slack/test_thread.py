"""Claims about the thread under a card: each line once, in order, and quiet while nobody reads it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.thread import News, Rings, line_of, thread_message
from deadair.domain.alarm import AlarmState
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry, Fact, Source
from notifier.news import Told, speaks, state_of, untold
from tests.builders import NOON, an_alarm, an_incident, at

LINKS = Links("https://deadair.example/")


def an_entry(minutes: float, text: str = "x", fact: Fact = Fact.NOTED, source: Source = Source.SLACK) -> Entry:
    """A line of a timeline; the minute names it."""
    return Entry(
        "INC-42", f"{at(minutes).isoformat()}#{fact}", fact, at(minutes), at(minutes), "Ana Lima", source, text
    )


def a_ring(minutes: float, state: str = "ALARM") -> Entry:
    """News of an alarm."""
    fact = Fact.ALARM_RECORDED if state == "ALARM" else Fact.RECOVERED
    return replace(an_entry(minutes, f"it is {state}.", fact, Source.ALARM), data=(("state", state),))


def lines(message: Message) -> list[str]:
    """What people read, line by line."""
    return [line for block in message.blocks for line in block["text"]["text"].split("\n")]


def test_a_line_says_when_who_and_what_and_mentions_nobody() -> None:
    line = line_of(replace(an_entry(0, "rotated <@U0ANA> @here\nnow"), author="Ana <!channel>"))

    assert line.startswith(f"<!date^{int(NOON.timestamp())}^{{time}}|12:00 UTC> · Ana &lt;!channel&gt; · rotated ")
    assert "<@" not in line
    assert "\n" not in line
    assert "@here" not in line


def test_what_is_written_down_on_another_day_shows_its_day() -> None:
    late = replace(an_entry(0), recorded_at=NOON + timedelta(days=3))

    assert "{date_short_pretty}" in line_of(late)


def test_the_alarms_line_stands_where_the_last_of_them_happened() -> None:
    rings = Rings(8, 7, 0, since=at(1), until=at(3))

    first, second, third = lines(thread_message(an_incident(), News([an_entry(2), an_entry(5)], rings), LINKS))

    assert "12:02" in first
    assert "Alarms · 8 × ALARM, 7 × OK since" in second
    assert "12:05" in third


def test_the_oldest_lines_give_way_to_a_pointer_to_the_page() -> None:
    long = [an_entry(i, f"{i} " + "word " * 60) for i in range(100)]

    told = lines(thread_message(an_incident(), News(long), LINKS))

    assert "changes before these are on the page of <https://deadair.example/incidents/INC-42|INC-42>" in told[0]
    assert " 99 word" in told[-1]


FACTS = (Fact.NOTED, Fact.ESCALATED, Fact.RESOLVED, Fact.REOPENED, Fact.SEVERITY_SET)
SOURCES = (Source.SLACK, Source.WEB, Source.CLI, Source.SYSTEM)
A_LINE = st.builds(an_entry, st.integers(0, 60), st.text(max_size=20), st.sampled_from(FACTS), st.sampled_from(SOURCES))
A_RING = st.builds(a_ring, st.integers(0, 60), st.sampled_from(["ALARM", "OK", "INSUFFICIENT_DATA"]))


@given(st.lists(A_LINE | A_RING, max_size=30, unique_by=lambda entry: entry.id), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_in_whatever_order_and_however_often_it_is_read_each_line_stands_there_once(
    entries: list[Entry], chance: random.Random
) -> None:
    said: list[str] = []
    rang, told = 0, Told()
    for count in (*range(3, len(entries), 3), len(entries), len(entries)):
        known = entries[:count]
        chance.shuffle(known)
        news, after = untold(known, told)
        said += [entry.id for entry in news.lines]
        rang += news.rings.count
        told = Told.from_marks(told.with_(after).marks)

    assert sorted(said) == sorted(entry.id for entry in entries if not entry.details)
    assert rang == sum(bool(entry.details) for entry in entries)


def test_lines_come_in_the_order_in_which_they_were_written_down() -> None:
    earlier = replace(an_entry(9), occurred_at=at(1), text="at 12:01, says somebody")

    news, _ = untold([earlier, an_entry(5)], Told())

    assert [entry.recorded_at for entry in news.lines] == [at(5), at(9)]


def test_what_was_taken_back_and_the_taking_back_are_lines_of_their_own() -> None:
    step, undo = an_entry(1), replace(an_entry(2, fact=Fact.UNDONE), supersedes=an_entry(1).id)

    assert len(untold([step, undo], Told())[0].lines) == 2
    assert len(untold([step, undo], untold([step], Told())[1])[0].lines) == 1


def test_of_several_looks_the_last_is_told() -> None:
    looks = [an_entry(i, f"look {i}", Fact.DIAGNOSED, Source.SYSTEM) for i in range(3)]

    assert [entry.text for entry in untold(looks, Told())[0].lines] == ["look 2"]


def test_what_opened_it_is_no_line_unless_a_person_did() -> None:
    by_alarm = an_entry(0, fact=Fact.OPENED, source=Source.ALARM)

    assert untold([by_alarm], Told())[0] == News([])
    assert len(untold([replace(by_alarm, source=Source.SLACK)], Told())[0].lines) == 1


HELD = an_incident().acknowledge("Ana Lima", at(3))


@pytest.mark.parametrize(
    ("incident", "fact", "source", "tells"),
    [
        (an_incident(), Fact.DIAGNOSED, Source.SYSTEM, False),
        (an_incident(), Fact.ESCALATED, Source.SYSTEM, True),
        (an_incident(), Fact.NOTED, Source.WEB, True),
        (HELD, Fact.DIAGNOSED, Source.SYSTEM, True),
        (HELD.resolve("Ana Lima", "x", at(4)), Fact.POSTMORTEM_DRAFTED, Source.SYSTEM, False),
        (HELD.resolve("Ana Lima", "x", at(4)), Fact.POSTMORTEM_ANSWERED, Source.SLACK, True),
    ],
)
def test_what_deadair_did_waits_for_a_reader(incident: Incident, fact: Fact, source: Source, tells: object) -> None:
    news, _ = untold([an_entry(1, fact=fact, source=source)], Told())

    assert speaks(news, incident, turned=False) is tells


def test_alarms_alone_speak_only_when_they_turn_and_somebody_has_it() -> None:
    news, _ = untold([a_ring(1), a_ring(2, "OK")], Told())

    assert not speaks(news, HELD, turned=False)
    assert speaks(news, HELD, turned=True)
    assert not speaks(news, an_incident(), turned=True)


def test_a_storm_of_alarms_is_no_reason_to_read_the_timeline() -> None:
    rang = an_incident().with_transition(an_alarm(AlarmState.ALARM, 1, name="another"))

    assert state_of(Dossier(rang)) == state_of(Dossier(an_incident()))
    assert state_of(Dossier(replace(rang, touched_at=at(2)))) != state_of(Dossier(rang))
