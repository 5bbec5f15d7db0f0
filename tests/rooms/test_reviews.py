"""Claims about a review in Slack: who is asked, who answers, who hears of it, each once, whatever comes twice."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import Severity
from deadair.domain.timeline import Actor, Source
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.ask_review import ask_review
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.resolve import resolve
from deadair.usecases.return_postmortem import return_postmortem
from tests.builders import ANA, BEN
from tests.rooms.notifier_room import Notifier, healthy, notifier
from tests.rooms.slack_forms import Forms
from tests.rooms.slack_rooms import Neighbours, SlackRoom

__all__ = ["healthy", "notifier"]
pytestmark = pytest.mark.stack
WRITER, READER = Actor(ANA, Source.SLACK), Actor(BEN, Source.SLACK)
ANSWERS = dict.fromkeys(QUESTIONS, "Two sentences.")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def written(neighbours: Neighbours) -> Incident:
    """A SEV2 that is over, all five answered by Ana."""
    return written_in(neighbours)


def written_in(near: Neighbours) -> Incident:
    incident = near.add(severity=Severity.SEV2)
    resolve(near.store, incident.number, WRITER, "a new token", now=now())
    near.draft(incident)
    answer_postmortem(near.store, incident.number, WRITER, ANSWERS, now=now())
    return near.store.get(incident.number)


def kept(near: Neighbours, incident: Incident) -> Postmortem:
    found = near.store.postmortem(incident.number)
    assert found is not None
    return found


def to(room: Notifier, incident: Incident, who: Person) -> list[dict[str, Any]]:
    """The direct messages about it that somebody has."""
    channel = room.near.web.conversations_open(users=who.slack_id)["channel"]["id"]
    return [message for message in room.told(incident) if message["channel"] == channel]


def values(message: dict[str, Any]) -> dict[str, str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {one["action_id"]: one["value"] for row in rows for one in row}


def test_a_review_is_asked_and_given_by_words(room: SlackRoom, neighbours: Neighbours, written: Incident) -> None:
    number = written.number

    assert f"`/incident review {number} @…`" in room.say(f"pm {number} publish")
    assert "Asked Ben Okafor to read" in room.say(f"review {number} <@{BEN.slack_id}|ben>")
    assert "Ben Okafor was asked" in room.say(f"review {number}")
    assert "wrote some of it" in room.say(f"approve {number}")
    assert "✓ You approved" in room.say(f"approve {number} well told", BEN)
    assert "Ben Okafor approved" in room.say(f"review {number}")
    assert "is published (version 1)" in room.say(f"publish {number}")
    assert kept(neighbours, written).is_published


def test_nobody_is_asked_to_read_their_own(room: SlackRoom, neighbours: Neighbours, written: Incident) -> None:
    assert "wrote some of it" in room.say(f"review {written.number} me")
    assert kept(neighbours, written).review is None


def test_what_is_still_to_be_done_goes_back_with_its_words(
    room: SlackRoom, neighbours: Neighbours, written: Incident
) -> None:
    room.say(f"review {written.number} <@{BEN.slack_id}|ben>")

    assert "name the vendor" in room.say(f"send-back {written.number} name the vendor", BEN)

    assert "Ben Okafor asks for changes" in room.say(f"review {written.number}")
    assert kept(neighbours, written).review.said == "name the vendor"  # type: ignore[union-attr]


def test_a_button_approves_the_words_that_were_shown_and_no_others(neighbours: Neighbours, written: Incident) -> None:
    ben, words = Forms(neighbours, BEN), kept(neighbours, written).words
    answer_postmortem(neighbours.store, written.number, WRITER, {"what_broke": "Other."}, now=now())

    ben.press(written, "approve", f"{written.number}:{words}")
    assert "was changed since this message" in ben.told()
    assert not kept(neighbours, written).approved

    ben.press(written, "approve", f"{written.number}:{kept(neighbours, written).words}")
    assert "✓ You approved" in ben.told()
    assert kept(neighbours, written).approved


def test_a_form_asks_for_what_should_change(neighbours: Neighbours, written: Incident) -> None:
    ben = Forms(neighbours, BEN)

    ben.press(written, "return", f"{written.number}:1")
    assert ben.send(said="Name the vendor.")["ok"]

    assert kept(neighbours, written).review.said == "Name the vendor."  # type: ignore[union-attr]


def test_a_form_asks_whom_to_ask(neighbours: Neighbours, written: Incident) -> None:
    ana = Forms(neighbours)

    ana.press(written, "review")
    assert ana.send(who=BEN.slack_id)["ok"]

    assert kept(neighbours, written).waits_for == BEN


def test_the_five_questions_and_whom_to_ask_are_one_form(neighbours: Neighbours, written: Incident) -> None:
    ana = Forms(neighbours)

    ana.press(written, "pm")
    assert ana.send(summary="In short.", reviewer=BEN.slack_id)["ok"]

    after = kept(neighbours, written)
    assert (after.extras["summary"], after.waits_for) == ("In short.", BEN)


def test_the_home_of_a_reader_asks_them(neighbours: Neighbours, written: Incident) -> None:
    ask_review(neighbours.store, written.number, WRITER, BEN, now=now())
    ben = Forms(neighbours, BEN)

    ben.use("home")

    assert f"Read the postmortem of {written.id}" in ben.home()


def test_a_reader_is_asked_once_and_the_writer_hears_once(notifier: Notifier) -> None:
    near, store = notifier.near, notifier.near.store
    incident = written_in(near)
    ask_review(store, incident.number, WRITER, BEN, now=now())
    notifier.tell(incident)
    notifier.tell(incident)

    asked = [one for one in to(notifier, incident, BEN) if "asks you to read" in one["text"]]
    assert len(asked) == 1
    assert values(asked[0])["approve"] == f"{incident.number}:{kept(near, incident).words}"

    approve_postmortem(store, incident.number, READER, "Well told.", now=now())
    notifier.tell(incident)
    notifier.tell(incident)

    assert [one["text"] for one in to(notifier, incident, BEN) if "You approved" in one["text"]] != []
    heard = [one for one in to(notifier, incident, ANA) if "approved the postmortem" in one["text"]]
    assert len(heard) == 1
    assert "Well told." in json.dumps(heard[0]["blocks"])

    publish_postmortem(store, incident.number, WRITER, now=now())
    notifier.tell(incident)
    assert "is published" in next(
        one["text"] for one in to(notifier, incident, BEN) if "Thank you for reading" in one["text"]
    )


def test_who_is_asked_again_after_changes_hears_again(notifier: Notifier) -> None:
    near, store = notifier.near, notifier.near.store
    incident = written_in(near)
    ask_review(store, incident.number, WRITER, BEN, now=now())
    notifier.tell(incident)
    return_postmortem(store, incident.number, READER, "Name the vendor <!channel>.", now=now())
    notifier.tell(incident)

    told = [one for one in to(notifier, incident, ANA) if "asks for changes" in one["text"]]
    assert len(told) == 1
    assert "<!channel>" not in json.dumps(told[0]["blocks"])

    answer_postmortem(store, incident.number, WRITER, {"what_broke": "HubSpot."}, now=now())
    ask_review(store, incident.number, WRITER, BEN, now=now())
    notifier.tell(incident)
    assert len([one for one in to(notifier, incident, BEN) if "asks you to read" in one["text"]]) == 1
    assert len(to(notifier, incident, BEN)) == 2


def test_somebody_else_who_is_asked_instead_ends_the_first_asking(notifier: Notifier) -> None:
    near, store = notifier.near, notifier.near.store
    incident = written_in(near)
    zoe = Person("Zoë Okonkwo", "zoe.okonkwo@example.com", "U0ZOE")
    near.door("people", id=zoe.slack_id, name=zoe.name, email=zoe.email)
    ask_review(store, incident.number, WRITER, BEN, now=now())
    notifier.tell(incident)

    ask_review(store, incident.number, WRITER, zoe, now=now())
    notifier.tell(incident)

    assert ["was asked to read" in one["text"] for one in to(notifier, incident, BEN)] == [True]
    assert ["asks you to read" in one["text"] for one in to(notifier, incident, zoe)] == [True]


def test_an_answer_that_somebody_was_asked_anew_about_ends_as_what_it_was_and_names_them(notifier: Notifier) -> None:
    incident = written_in(notifier.near)
    store, number = notifier.near.store, incident.number
    ask_review(store, number, WRITER, BEN, now=now())
    approve_postmortem(store, number, READER, "well told", now=now())
    notifier.tell(incident)
    assert len(to(notifier, incident, ANA)) >= 1

    answer_postmortem(store, number, WRITER, {"what_broke": "Other words."}, now=now())
    ask_review(store, number, WRITER, BEN, now=now())
    notifier.tell(incident)

    answered = [one for one in to(notifier, incident, ANA) if "is asked to read it" in one["text"]]
    assert ["went on since: Ben Okafor is asked to read it" in one["text"] for one in answered] == [True]
    assert not any("?" in one["text"] and "asks for changes" in one["text"] for one in to(notifier, incident, ANA))
