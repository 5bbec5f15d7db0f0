"""Claims about a notifier that dies at any of its effects, on AWS or in Slack: each notice is told, and told once."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.links import Links
from deadair.domain.alarm import AlarmState
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.incident import Incident
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.assign import assign
from deadair.usecases.note import note
from notifier.bringing import Bringer
from notifier.crowd import Crowds
from notifier.desk import Desk
from notifier.drawing import Pen
from notifier.failing import NoticesFailed
from notifier.whom import Whom
from tests.builders import BEN, an_actor, an_alarm
from tests.rooms.killed import Life, Scene, every_crash
from tests.rooms.notifier_room import PATIENCE_S, Notifier, a_minute_passes, healthy, notifier
from tests.rooms.slack_rooms import neighbours

__all__ = ["healthy", "neighbours", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]

Step = Callable[[Notifier, Incident], Any]
# A holder that died has lost its lease by then.
BETWEEN = timedelta(minutes=5)


def a_desk(notifier: Notifier, life: Life, at: datetime) -> Desk:
    """The room's desk in one process that may die, at a time of its own."""
    real: Desk = notifier.module.desk()
    table = notifier.near.incidents
    dynamodb = life(notifier.near.dynamodb)
    notices = NoticeStore(dynamodb, table)
    standby = replace(
        real.bringer.standby,
        notices=notices,
        errors=StandingErrors(dynamodb, table),
        letters=replace(real.bringer.standby.letters, ses=life(real.bringer.standby.letters.ses)),
        again=lambda number, seconds: life.call(notifier.module.again, "send_message", number, seconds),
        clock=lambda: at,
    )
    bringer = Bringer(
        store=IncidentStore(dynamodb, table),
        pen=Pen(notices, lambda: at),
        slack=life(real.bringer.slack),
        whom=Whom(MemberStore(dynamodb, table), life(real.bringer.slack)),
        crowds=Crowds(dynamodb, table),
        standby=standby,
        links=Links("https://deadair.example"),
        clock=lambda: at,
    )
    return replace(real, bringer=bringer)


def converge(desk: Desk, number: int) -> None:
    """Once, and what Slack does not take is taken over, as after the last delivery."""
    try:
        desk.converge(number)
    except NoticesFailed as failed:
        if any(not one.is_slacks for one in failed.failures):
            raise failed.failures[0].error from failed
        desk.bringer.standby.take_over(desk.bringer.read(number), list(failed.failures))


def shown(notifier: Notifier, incidents: list[Incident]) -> list[list[str]]:
    """What people see of each, without what differs from one world to the next."""
    found = []
    for incident in incidents:
        messages = sorted(notifier.near.messages(incident), key=lambda m: (m["channel"], m["ts"]))
        found.append([m["channel"] + _plain(json.dumps([m["text"], m.get("blocks")]), incidents) for m in messages])
    return found


def _plain(text: str, incidents: list[Incident]) -> str:
    for place, incident in enumerate(incidents):
        text = re.sub(rf"(?<![0-9]){incident.number}(?![0-9])", f"N{place}", text)
    return re.sub(r"date\^[0-9]+|20[0-9]{2}-[0-9-]+ [0-9:]+|block_id\": \"[^\"]*", "", text)


def a_scene(notifier: Notifier, *steps: Step, count: int = 1) -> Callable[[], Scene]:
    """A delivery per incident after all `steps`; a second process begins five minutes later."""

    def scene() -> Scene:
        incidents = some_incidents(notifier, count)
        for step in steps:
            for incident in incidents:
                step(notifier, notifier.near.store.get(incident.number))
        return Scene(deliveries(notifier, incidents), lambda: shown(notifier, incidents))

    return scene


def some_incidents(notifier: Notifier, count: int) -> list[Incident]:
    a_minute_passes(notifier.near)
    return [notifier.near.add() for _ in range(count)]


def deliveries(notifier: Notifier, incidents: list[Incident]) -> Callable[[Life], None]:
    clock = [datetime.now(UTC) - BETWEEN]

    def work(life: Life) -> None:
        clock[0] += BETWEEN
        desk = a_desk(notifier, life, clock[0])
        # A batch of its own, and no end of an earlier one.
        notifier.module.desk().bringer.slack.begin(PATIENCE_S, PATIENCE_S)
        for incident in incidents:
            converge(desk, incident.number)

    return work


def told_already(notifier: Notifier, incident: Incident) -> None:
    notifier.tell(incident)


def escalates(notifier: Notifier, incident: Incident) -> None:
    notifier.becomes(incident, escalation=Escalation((Told(BEN, Rung.DEPUTY, datetime(2026, 11, 2, 13, tzinfo=UTC)),)))


def recovers(notifier: Notifier, incident: Incident) -> None:
    notifier.becomes(incident, alarms=incident.with_transition(an_alarm(AlarmState.OK, 5)).alarms)


def people_act(notifier: Notifier, incident: Incident) -> None:
    """At times of their own, so that every world tells them in the same order."""
    store, opened = notifier.near.store, incident.opened_at
    acknowledge(store, incident.number, an_actor(), now=opened + timedelta(minutes=1))
    note(store, incident.number, an_actor(BEN), "it is the token", now=opened + timedelta(minutes=2))


def hands_over(notifier: Notifier, incident: Incident) -> None:
    assign(notifier.near.store, incident.number, an_actor(), BEN, now=incident.opened_at + timedelta(minutes=1))


STORIES: dict[str, tuple[Step, ...]] = {
    "it opens": (),
    "the next person is told": (told_already, escalates),
    "it recovers": (told_already, recovers),
    "people act": (told_already, people_act),
    "it is handed over": (told_already, hands_over),
}


@pytest.mark.parametrize("story", STORIES)
def test_n4_killed_at_any_effect_each_notice_is_told_once(notifier: Notifier, story: str) -> None:
    effects = every_crash(a_scene(notifier, *STORIES[story]))

    assert "post" in effects


def test_n4_killed_among_several_incidents_of_one_person_each_is_told_once(notifier: Notifier) -> None:
    """Who is told together with whom depends on when it is told; that it is told, once, does not."""

    def scene() -> Scene:
        incidents = some_incidents(notifier, 2)

        def state() -> list[tuple[int, int]]:
            return [(len(notifier.cards(one)), len(notifier.told(one))) for one in incidents]

        return Scene(deliveries(notifier, incidents), state)

    effects = every_crash(scene)

    assert effects.count("post") == 2 + 2, "a card for each, one message for the first, one for those that follow"


def test_n4_killed_while_slack_is_away_everybody_hears_and_each_notice_follows_once(notifier: Notifier) -> None:
    letters: list[int] = []

    def scene() -> Scene:
        (incident,) = some_incidents(notifier, 1)
        deliver = deliveries(notifier, [incident])

        def work(life: Life) -> None:
            notifier.near.door("fail", mode="ok_false", error="invalid_auth")
            try:
                deliver(life)
                letters.append(len(notifier.letters(incident)))
            finally:
                notifier.near.door("fail", mode="none")

        def state() -> tuple[int, int]:
            notifier.tell(incident)
            return len(notifier.cards(incident)), len(notifier.told(incident))

        return Scene(work, state)

    assert "send_email" in every_crash(scene)
    assert min(letters) >= 1
