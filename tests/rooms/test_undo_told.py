"""Claims about what Slack shows after a step is taken back: the card and the question as they are now, in place."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from deadair.domain.incident import Incident
from deadair.usecases.assign import assign
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.resolve import resolve
from deadair.usecases.undo import undo
from tests.builders import ANA, BEN, an_actor
from tests.rooms.notifier_room import Notifier, healthy, notifier

__all__ = ["healthy", "notifier"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("healthy")]


def now() -> datetime:
    return datetime.now(UTC)


def alone(notifier: Notifier) -> Incident:
    """An incident of an integration of its own: no other claim has left one open, which would forbid to go back."""
    return notifier.near.add(integration=f"taken-back-{uuid4().hex[:8]}")


def test_a_resolution_that_is_taken_back_brings_the_card_back_and_lets_the_postmortem_wait(notifier: Notifier) -> None:
    incident, store = alone(notifier), notifier.near.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=now())
    notifier.near.draft(incident, answered=2)
    notifier.tell(incident)
    undo(store, incident.number, an_actor(), now=now())
    assert notifier.tell(incident) == []

    (card,) = notifier.cards(incident)
    prompt = next(message for message in notifier.told(incident) if "2 of 5" in message["text"])
    assert "Nobody has it yet" in json.dumps(card)
    assert "is open again. This waits until it is resolved." in json.dumps(prompt)


def test_whoever_resolved_by_mistake_and_took_it_back_is_asked_no_questions(notifier: Notifier) -> None:
    incident, store = alone(notifier), notifier.near.store
    notifier.tell(incident)
    resolve(store, incident.number, an_actor(), "Rotated.", now=now())
    notifier.near.draft(incident)
    undo(store, incident.number, an_actor(), now=now())
    assert notifier.tell(incident) == []

    assert not [message for message in notifier.told(incident) if "of 5 answered" in message["text"]]


def test_whoever_takes_it_while_it_is_open_again_is_not_asked_the_five_questions(notifier: Notifier) -> None:
    incident, store = alone(notifier), notifier.near.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=now())
    notifier.near.draft(incident)
    notifier.tell(incident)
    undo(store, incident.number, an_actor(), now=now())
    assign(store, incident.number, an_actor(BEN), BEN, reason="Ana sleeps.", now=now())
    assert notifier.tell(incident) == []

    (prompt,) = [
        message for message in notifier.told(incident) if message["metadata"]["event_payload"]["notice"] == "postmortem"
    ]
    assert f"Ben Okafor took {incident.id}." in prompt["text"]


def test_an_owner_who_gave_it_back_by_undoing_reads_who_has_it(notifier: Notifier) -> None:
    incident, store = alone(notifier), notifier.near.store
    notifier.tell(incident)
    assign(store, incident.number, an_actor(), BEN, now=now())
    notifier.tell(incident)
    undo(store, incident.number, an_actor(), now=now())
    assert notifier.tell(incident) == []

    assert [message["text"] for message in notifier.told(incident) if "Nothing is left" in message["text"]][-1:] == [
        f"{ANA.name} has {incident.id} now. Nothing is left for you to do."
    ]


def test_what_was_a_false_alarm_after_all_asks_nobody_the_five_questions(notifier: Notifier) -> None:
    incident, store = alone(notifier), notifier.near.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=now())
    notifier.near.draft(incident)
    undo(store, incident.number, an_actor(), now=now())
    false_alarm(store, incident.number, an_actor(), "Only a holiday.", now=now())
    assert notifier.tell(incident) == []

    assert not [message for message in notifier.told(incident) if "of 5 answered" in message["text"]]
    assert "of 5 answered" not in json.dumps(notifier.cards(incident))
