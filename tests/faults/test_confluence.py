"""Claims about order and repetition: the same news, in any order and however often, leave the same behind."""

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.alarm import AlarmState, Signal, Transition
from deadair.domain.early import KEPT, Arrival, with_early
from deadair.domain.incident import Incident
from deadair.domain.line import Line, rule
from tests.builders import an_alarm, at, held
from tests.faults.a_line import ALine, news

ALARM, OK, NONE = AlarmState.ALARM, AlarmState.OK, AlarmState.INSUFFICIENT_DATA


def left_by(transitions: list[Transition]) -> str:
    line = ALine()
    line.take(*transitions)
    return line.said()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_n3_any_order_and_any_repetition_leave_the_same_incident_and_timeline(data: Any) -> None:
    told = data.draw(news())
    again = data.draw(st.lists(st.sampled_from(told), max_size=6)) if told else []
    mixed = data.draw(st.permutations([*told, *again]))

    assert left_by(mixed) == left_by(told)


def test_n3_every_order_of_six_that_repeat_and_tie_leaves_the_same() -> None:
    told = [
        an_alarm(ALARM, 0),
        an_alarm(OK, 0),
        an_alarm(NONE, 3),
        an_alarm(ALARM, 3, name="hubspot-salesforce-errors"),
        an_alarm(OK, 4, name="hubspot-salesforce-errors"),
        an_alarm(OK, 5),
    ]

    assert len({left_by(list(order)) for order in permutations(told)}) == 1


def test_n3_what_is_ahead_and_begins_anew_goes_on_with_its_newest_incident() -> None:
    line, ahead = Line("x#credential"), replace(held(), ahead="credential")
    heads: dict[int, Incident] = {}
    for n, minutes in enumerate((0, 10, 5)):
        arrival = Arrival(an_alarm(ALARM, minutes, signal=Signal.CREDENTIAL), f"m-{n}")
        read = {number: heads[number] for number in line.candidates(arrival.transition)}
        goes_on = (one for one in read.values() if ahead.continues(one, arrival.transition))
        head = next(goes_on, read.get(line.number or 0))
        ruling = rule(arrival, ahead, line, head, number=len(heads) + 1, now=at(60 + n))
        assert ruling.incident is not None
        over = ruling.incident.resolve("Ana", "", at(90)) if n == 0 else ruling.incident
        heads[over.number], line = over, ruling.line or line

    assert [head.is_open for head in heads.values()] == [False, True]


def test_fault_04_short_of_room_the_latest_early_news_of_each_alarm_are_kept() -> None:
    early: tuple[Arrival, ...] = ()
    for minute in range(40):
        for name in ("chatty", f"quiet-{minute % 30}"):
            early = with_early(early, Arrival(an_alarm(OK, minute, name=name), f"m-{name}-{minute}"))

    latest = {one.transition.alarm.name: one.transition.at for one in early}
    assert len(early) <= KEPT
    assert latest == {"chatty": at(39)} | {f"quiet-{i}": at(i if i > 9 else i + 30) for i in range(30)}
