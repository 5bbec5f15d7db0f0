"""Claims about the notifier: one card, one message to the owner, whatever is repeated, late, broken or at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deadair.domain.alarm import DEADAIR, AlarmState
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from deadair.domain.timeline import Actor, Fact, Source
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.assign import assign
from deadair.usecases.note import note
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.step import entry_of
from tests.builders import ANA, BEN, an_actor, an_alarm, at
from tests.rooms.notifier_room import Notifier, a_minute_passes, healthy, notifier

__all__ = ["healthy", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]

DEPUTY = an_actor(BEN, stands_in_for="hubspot-salesforce")


def now() -> datetime:
    return datetime.now(UTC)


def test_an_incident_gets_one_card_and_its_owner_one_message(notifier: Notifier) -> None:
    incident = notifier.near.add()
    assert notifier.tell(incident) == []
    (card,), (told,) = notifier.cards(incident), notifier.told(incident)
    assert "Nobody has it yet" in json.dumps(card)
    assert "Ben Okafor → Lee Park" in json.dumps(card, ensure_ascii=False)
    assert f"{incident.id} is yours" in told["text"]
    assert told["text"].count("<@") == card["text"].count("<@") == 0


def test_the_same_fact_again_costs_slack_nothing(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    assert notifier.during(lambda: notifier.tell(incident, incident)) == {}


def test_the_card_follows_the_state_in_place_and_nothing_louder(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    ts = notifier.cards(incident)[0]["ts"]
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    # The card, and the owner's own message: its button would promise what has been done. One line in the thread.
    once = {"chat.update": 2, "chat.postMessage": 1}
    assert notifier.during(lambda: notifier.tell(incident)) == once
    resolve(notifier.near.store, incident.number, DEPUTY, "rotated the token", now=now())
    assert notifier.during(lambda: notifier.tell(incident)) == once
    (card,) = notifier.cards(incident)
    assert card["ts"] == ts
    assert "*Resolved* by Ben Okafor" in json.dumps(card)
    assert "rotated the token" in json.dumps(card)
    assert len(notifier.told(incident)) == 1
    still = "(Still in ALARM: hubspot-salesforce-silence.)"
    said = ["Ana Lima · Acknowledged.", f"Ben Okafor · Resolved: rotated the token {still}"]
    assert notifier.thread(incident) == said


def test_a_change_that_the_card_does_not_show_is_only_a_line_under_it(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    note(notifier.near.store, incident.number, an_actor(), "a line in the timeline", now=now())
    assert notifier.during(lambda: notifier.tell(incident)) == {"chat.postMessage": 1}
    assert notifier.thread(incident) == ["Ana Lima · a line in the timeline"]


def test_facts_in_any_order_end_in_the_same_card(notifier: Notifier) -> None:
    incident = notifier.near.add()
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    resolve(notifier.near.store, incident.number, an_actor(), "x", now=now())
    calls = notifier.during(lambda: [notifier.tell(incident) for _ in range(3)])
    assert calls == {"chat.postMessage": 2}, "what is over calls nobody: a card and the lines under it"
    assert len(notifier.cards(incident)) == 1


def test_many_deliveries_at_once_lead_to_one_card_with_the_last_state(notifier: Notifier) -> None:
    incident = notifier.near.add()

    def turn(i: int) -> list[str]:
        acknowledge(notifier.near.store, incident.number, an_actor(), now=now()) if i == 3 else None
        return notifier.tell(incident)

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(turn, range(6))) == [[]] * 6
    assert len(notifier.cards(incident)) == len(notifier.told(incident)) == 1
    assert "Ana Lima, since" in json.dumps(notifier.cards(incident)), "the last state is shown"


def test_a_new_owner_is_told_once_and_who_takes_it_is_not(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    assign(notifier.near.store, incident.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    notifier.tell(incident)
    ana, ben = notifier.told(incident)
    assert ana["channel"] != ben["channel"]
    assert "Ana Lima gave this incident to you" in json.dumps(ben)
    assert f"You handed {incident.id} to Ben Okafor." in ana["text"]
    assert '"ack"' not in json.dumps(ana["blocks"]), "a button would promise what is not theirs to do"
    assign(notifier.near.store, incident.number, an_actor(), ANA, now=now(), reason="I know it")
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 2
    (_, ben) = notifier.told(incident)
    assert f"Ana Lima took {incident.id}." in ben["text"]
    assign(notifier.near.store, incident.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 3
    assert notifier.during(lambda: notifier.tell(incident)) == {}


def test_somebody_of_the_same_name_who_gave_it_away_keeps_nothing_from_the_new_owner(notifier: Notifier) -> None:
    namesake = Person(ANA.name, "ana.lima.2@example.com", "U0ANATWO")
    people = [{"slack_id": namesake.slack_id, "name": namesake.name, "email": namesake.email}]
    notifier.near.door("people", people=people)
    incident = notifier.near.add()
    notifier.tell(incident)

    assign(notifier.near.store, incident.number, an_actor(), namesake, now=now())
    notifier.tell(incident)

    assert "gave this incident to you" in json.dumps(notifier.told(incident)[-1])


def test_a_handover_while_notices_are_held_says_so_to_the_one_and_tells_the_other_later(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    held = notifier.becomes(incident, snooze=Hold(now() + timedelta(minutes=30), "the vendor works on it", "Ana Lima"))
    notifier.tell(incident)
    assign(notifier.near.store, held.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    (ana,) = notifier.told(incident)
    assert f"You handed {incident.id} to Ben Okafor." in ana["text"]
    notifier.becomes(incident, snooze=None)
    notifier.tell(incident)
    (_, ben) = notifier.told(incident)
    assert "Ana Lima gave this incident to you" in json.dumps(ben)


def test_an_incident_among_others_that_is_handed_on_says_so_there(notifier: Notifier) -> None:
    first, second = notifier.near.add(), notifier.near.add()
    notifier.tell(first)
    notifier.tell(second)
    assign(notifier.near.store, second.number, an_actor(), BEN, now=now())
    notifier.tell(second)
    among = [m for m in notifier.told(second) if "more incident" in m["text"]]
    assert "Handed to Ben Okafor" in json.dumps(among)
    assert len(notifier.told(second)) == 2


def test_an_owner_without_slack_costs_no_card(notifier: Notifier) -> None:
    incident = notifier.near.add(owner=Person("Paper Only", "paper@example.com"))
    assert notifier.tell(incident) == []
    assert "Paper Only" in json.dumps(notifier.cards(incident))
    assert notifier.told(incident) == []


def test_the_postmortem_is_asked_for_once_and_counts_in_place(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    store, number = notifier.near.store, incident.number
    resolve(store, number, an_actor(), "x", now=now())
    notifier.tell(incident)
    notifier.near.draft(incident, answered=2)
    notifier.tell(incident)
    answer_postmortem(store, number, an_actor(), {"how_detected": "by the silence alarm"}, now=now())
    notifier.tell(incident)
    (_, prompt) = notifier.told(incident)
    assert "3 of 5 answered" in prompt["text"]
    assert "incomplete (3 of 5)" in json.dumps(notifier.cards(incident))
    answer_postmortem(store, number, an_actor(), {"what_fixed": "a", "what_earlier": "b"}, now=now())
    publish_postmortem(store, number, an_actor(), now=now())
    notifier.tell(incident)
    assert "is published" in notifier.told(incident)[1]["text"]
    assert len(notifier.told(incident)) == 2


# Told once


def texts(messages: list[dict[str, object]]) -> str:
    return json.dumps(messages, ensure_ascii=False)


def recovered(incident: Incident, minutes: float = 5) -> dict[str, object]:
    return {"alarms": incident.with_transition(an_alarm(AlarmState.OK, minutes)).alarms}


def rings(incident: Incident, minutes: float = 6) -> dict[str, object]:
    return {"alarms": incident.with_transition(an_alarm(AlarmState.ALARM, minutes)).alarms}


def test_incidents_within_a_minute_are_told_together_after_the_first(notifier: Notifier) -> None:
    first, *others = (notifier.near.add() for _ in range(5))
    for incident in (first, *others):
        assert notifier.tell(incident) == []
    (alone,) = notifier.told(first)
    assert f"{first.id} is yours" in alone["text"]
    (together,) = {message["ts"]: message for other in others for message in notifier.told(other)}.values()
    assert "4 more incidents are yours" in together["text"]
    assert all(other.id in together["text"] for other in others)
    assert [len(notifier.cards(incident)) for incident in (first, *others)] == [1] * 5


def test_a_message_about_several_follows_each_of_them(notifier: Notifier) -> None:
    first, second, third = (notifier.near.add() for _ in range(3))
    notifier.tell(first, second, third)
    acknowledge(notifier.near.store, second.number, an_actor(), now=now())
    assert notifier.tell(second) == []
    (message,) = notifier.told(second)
    assert texts([message]).count("Ana Lima has it") == 1
    assert notifier.during(lambda: notifier.tell(second, third)) == {}


def test_a_minute_later_the_next_one_is_told_alone_again(notifier: Notifier) -> None:
    notifier.tell(notifier.near.add(), notifier.near.add())
    a_minute_passes(notifier.near)
    later = notifier.near.add()
    notifier.tell(later)
    assert f"{later.id} is yours" in notifier.told(later)[0]["text"]


def test_whoever_the_escalation_reaches_is_told_why_and_once(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    told = Told(BEN, Rung.DEPUTY, now(), "Ana Lima (owner) is away until 24 Nov")
    notifier.becomes(incident, escalation=Escalation((told,)))
    notifier.tell(incident)
    notifier.tell(incident)
    ana, ben = notifier.told(incident)
    assert ana["channel"] != ben["channel"]
    assert "You are told as deputy" in texts([ben])
    assert "Ana Lima (owner) is away until 24 Nov" in texts([ben])
    assert "Told so far: Ben Okafor" in texts(notifier.cards(incident))
    acknowledge(notifier.near.store, incident.number, an_actor(BEN), now=now())
    notifier.tell(incident)
    assert "Ben Okafor has it since" in texts(notifier.told(incident))
    assert len(notifier.told(incident)) == 2


def test_nobody_is_told_of_an_incident_that_was_taken_meanwhile(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    told = Told(BEN, Rung.DEPUTY, now())
    taken = {"status": Status.ACKNOWLEDGED, "acknowledged_at": now(), "acknowledged_by": "Ana Lima"}
    notifier.becomes(incident, escalation=Escalation((told,)), **taken)
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 1


def test_whoever_has_it_is_asked_once_and_the_question_closes_with_an_answer(notifier: Notifier) -> None:
    incident = notifier.near.add()
    acknowledge(notifier.near.store, incident.number, an_actor(), now=now())
    notifier.tell(incident)
    notifier.becomes(incident, escalation=Escalation(asked_at=now()))
    notifier.tell(incident)
    notifier.tell(incident)
    _, asked = notifier.told(incident)
    assert f"How does it go with {incident.id}" in asked["text"]
    note(notifier.near.store, incident.number, an_actor(), "still looking", now=now() + timedelta(seconds=1))
    notifier.tell(incident)
    assert "answered, thank you" in texts(notifier.told(incident)[1:])
    assert len(notifier.told(incident)) == 2


def test_a_recovery_is_asked_about_once_however_often_the_alarms_come_and_go(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    notifier.becomes(incident, **recovered(incident, 5))
    notifier.tell(incident)
    _, asked = notifier.told(incident)
    assert "Does it work again?" in texts([asked])
    assert "Resolve" in texts([asked])
    for minutes in (7, 9, 11):
        incident = notifier.becomes(incident, **rings(incident, minutes))
        notifier.tell(incident)
        assert "nothing to confirm yet" in texts(notifier.told(incident)[1:])
        incident = notifier.becomes(incident, **recovered(incident, minutes + 1))
        notifier.tell(incident)
    _, question = notifier.told(incident)
    assert question["ts"] == asked["ts"]
    assert "Does it work again?" in texts([question])


def test_what_was_over_before_anybody_could_be_called_asks_only_whether_it_works(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.becomes(incident, **recovered(incident))
    notifier.tell(incident)
    (only,) = notifier.told(incident)
    assert "Does it work again?" in texts([only])


def test_fault_17_old_news_of_what_has_recovered_call_nobody(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.becomes(incident, opened_at=at(60 * 24 * 3), **recovered(incident))
    notifier.tell(incident)
    assert notifier.told(incident) == []
    assert len(notifier.cards(incident)) == 1


def test_fault_10_that_the_evidence_stopped_is_told_once(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    blind = incident.with_transition(an_alarm(AlarmState.INSUFFICIENT_DATA, 5))
    notifier.becomes(incident, alarms=blind.alarms)
    notifier.tell(incident)
    notifier.becomes(incident, touched_at=now())
    notifier.tell(incident)
    _, stopped = notifier.told(incident)
    assert "The evidence stopped" in texts([stopped])
    assert "The evidence stopped" in texts(notifier.cards(incident))


# Holds


def test_fault_08_nothing_is_shown_while_notices_are_held_and_all_of_it_afterwards(notifier: Notifier) -> None:
    hold = Hold(now() + timedelta(hours=1), "vendor maintenance", "Ben Okafor")
    incident = notifier.near.add(maintenance=hold)
    assert notifier.during(lambda: notifier.tell(incident)) == {}
    notifier.becomes(incident, maintenance=None)
    notifier.tell(incident)
    notifier.tell(incident)
    (told,) = notifier.told(incident)
    assert "were held until now" in texts([told])
    assert len(notifier.cards(incident)) == 1


def test_a_card_that_is_there_says_that_notices_are_held_and_nobody_is_told(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    snoozed = Hold(now() + timedelta(hours=1), "waiting for the vendor", "Ana Lima")
    told = Told(BEN, Rung.DEPUTY, now())
    notifier.becomes(incident, snooze=snoozed, escalation=Escalation((told,)))
    notifier.tell(incident)
    assert "Notices are held until" in texts(notifier.cards(incident))
    assert "waiting for the vendor (Ana Lima)" in texts(notifier.cards(incident))
    assert len(notifier.told(incident)) == 1


def test_what_is_still_broken_when_a_snooze_ends_speaks_up_once(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    notifier.becomes(incident, snooze=Hold(now() + timedelta(hours=1), "later", "Ben Okafor"))
    notifier.tell(incident)
    notifier.becomes(incident, snooze=None)
    notifier.tell(incident)
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 2
    assert "still broken" in texts(notifier.told(incident)[1:])


def test_what_recovered_while_held_says_nothing_loud(notifier: Notifier) -> None:
    incident = notifier.near.add(maintenance=Hold(now() + timedelta(hours=1), "vendor", "Ben Okafor"))
    notifier.tell(incident)
    notifier.becomes(incident, **recovered(incident))
    assert notifier.during(lambda: notifier.tell(incident)) == {}


def test_an_incident_that_comes_back_tells_its_owner_again(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    resolve(notifier.near.store, incident.number, an_actor(), "x", now=now())
    notifier.tell(incident)
    notifier.becomes(incident, status=Status.OPEN, resolved_at=None, resolved_by="", reopened=1)
    notifier.tell(incident)
    notifier.tell(incident)
    _, again = notifier.told(incident)
    assert "It is back" in texts([again])


def test_a_merged_incident_says_where_it_went(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    over = replace(incident, status=Status.RESOLVED, resolved_at=now())
    notifier.becomes(incident, status=over.status, resolved_at=over.resolved_at, merged_into=7)
    notifier.tell(incident)
    assert "Merged into" in texts(notifier.cards(incident))
    assert "Merged into" in texts(notifier.told(incident))


def test_an_owner_without_slack_gets_an_e_mail_once(notifier: Notifier) -> None:
    incident = notifier.near.add(owner=Person("Paper Only", "paper@example.com"))
    notifier.tell(incident)
    acknowledge(notifier.near.store, incident.number, DEPUTY, now=now())
    notifier.tell(incident)
    (letter,) = notifier.letters(incident)
    assert letter["To"] == ["paper@example.com"]
    assert "This incident is yours." in letter["BodyText"]
    assert f"https://deadair.example/incidents/{incident.id}" in letter["BodyText"]


def test_fault_06_an_incident_that_ends_by_itself_and_comes_back_flapping_is_told_once(notifier: Notifier) -> None:
    incident = notifier.near.add()
    notifier.tell(incident)
    for minutes in range(1, 12):
        incident = incident.with_transition(an_alarm(AlarmState.ALARM, minutes))
    assert incident.flapping
    notifier.becomes(incident, alarms=incident.alarms, status=Status.RESOLVED, resolved_at=now())
    ended = entry_of(incident, Actor(Person(DEADAIR), Source.SYSTEM), Fact.RESOLVED, "", now=now())
    before = notifier.near.store.get(incident.number)
    notifier.near.store.save(before, replace(before, version=before.version + 1), ended)
    notifier.tell(incident)
    notifier.becomes(incident, status=Status.OPEN, resolved_at=None, reopened=1)
    notifier.tell(incident)
    assert len(notifier.told(incident)) == 1
    assert "come and go" in texts(notifier.cards(incident))


def test_the_gravest_is_told_alone_whatever_else_comes(notifier: Notifier) -> None:
    notifier.tell(notifier.near.add(), notifier.near.add())
    grave = notifier.near.add(tier=Severity.SEV1, likely=FailureClass.AUTH)
    notifier.tell(grave)
    assert f"{grave.id} is yours" in notifier.told(grave)[0]["text"]


def test_what_was_recorded_afterwards_is_told_to_nobody_until_it_is_opened_again(notifier: Notifier) -> None:
    over = {"status": Status.RESOLVED, "resolved_at": at(9), "recorded_afterwards": True, "fix": "New key."}
    incident = notifier.near.add(**over)
    notifier.near.draft(incident, answered=0)

    assert notifier.tell(incident) == []
    assert notifier.near.messages(incident) == []
    assert notifier.letters(incident) == []
    reopen(notifier.near.store, incident.number, an_actor(), "It goes on.", now=now())
    notifier.tell(incident)
    assert len(notifier.cards(incident)) == 1
