"""Claims about the escalation room that dies: whenever it does, whoever is due is told once, and a timer is there."""

from collections.abc import Callable
from typing import Any

import pytest

from deadair.adapters.scheduler.timers import message
from deadair.domain.alarm import AlarmState
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.late_alarms import with_late
from infra.target import Target
from tests.builders import an_alarm, at
from tests.rooms.escalation_room import Escalation
from tests.rooms.killed import Life, Scene, as_told, every_crash

pytestmark = pytest.mark.stack
Change = Callable[[Incident], Incident]


def acknowledged(incident: Incident) -> Incident:
    return incident.acknowledge("Ana Lima", at(22))


def recovered(incident: Incident) -> Incident:
    return incident.with_transition(an_alarm(AlarmState.OK, 3))


def resolved(incident: Incident) -> Incident:
    return incident.resolve("Ana Lima", "Rotated.", at(10))


def heard_late(incident: Incident) -> Incident:
    news = an_alarm(minutes=9, name="hubspot-salesforce-errors")
    return with_late(incident.with_transition(news), news.alarm.key, at(10.1))


# What happens one after the other: a minute at which the room looks, or what somebody else writes between.
STORIES: dict[str, list[float | Change]] = {
    "the next person is told": [6],
    "found late": [300],
    "an error that stood is taken back": [6, 11, 16, 21, acknowledged, 23],
    "a silent holder": [acknowledged, 53, 58],
    "it ends by itself": [recovered, 14],
    "an alarm that nobody knew at the end": [resolved, heard_late, 10.2, 11.2, 17],
}


def a_scene(stack: Target, story: list[float | Change], **more: Any) -> Callable[[], Scene]:
    def scene() -> Scene:
        room = Escalation(stack)
        room.row(handling={"resolves_itself_after_min": 10})
        room.incident(**more)
        written: set[int] = set()

        def work(life: Life) -> None:
            for place, step in enumerate(story):
                if callable(step):
                    if place not in written:
                        room.write(step)
                    written.add(place)
                else:
                    # What was done before the end is delivered once more, with a clock that stands too early.
                    room.escalator(life).converge(42, at(step))

        return Scene(work, lambda: (as_told(room.dynamodb, room.table), room.timers()))

    return scene


@pytest.mark.parametrize("name", STORIES)
def test_n4_the_escalation_killed_at_any_effect_tells_each_person_once(stack: Target, name: str) -> None:
    every_crash(a_scene(stack, STORIES[name]))


def test_n4_the_end_of_a_hold_is_said_once_whenever_the_room_dies(stack: Target) -> None:
    every_crash(a_scene(stack, [2, 30, 35], maintenance=None, snooze=Hold(at(30), "the vendor is at it", "Ana Lima")))


def test_n4_a_batch_that_dies_is_delivered_whole_again(stack: Target) -> None:
    def scene() -> Scene:
        room = Escalation(stack)
        room.incident(42)
        room.incident(43, maintenance=None)

        def work(life: Life) -> None:
            assert room.deliver(message(42), message(43), now=at(6), wrap=life) == []

        return Scene(work, lambda: (as_told(room.dynamodb, room.table), room.timers()))

    every_crash(scene)
