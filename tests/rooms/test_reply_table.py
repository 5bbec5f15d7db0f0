"""Claims about what people read: each answer that was promised, in its exact words, and its buttons work."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from deadair.usecases.keep_people import Desk, keep_hours
from tests.builders import ANA, BEN
from tests.rooms.kept_room import KeptRoom, kept_room
from tests.rooms.notifier_room import Notifier, healthy, notifier
from tests.rooms.slack_rooms import CHANNEL, Neighbours, SlackRoom

__all__ = ["healthy", "kept_room", "notifier"]
pytestmark = pytest.mark.stack
NOBODY = Person("Sam Stranger", "", "U0SAM")


def answer(room: SlackRoom, text: str, who: Person = ANA) -> dict[str, Any]:
    """The whole answer, as Slack gets it."""
    body: dict[str, Any] = json.loads(room.command(text, who)["body"])
    assert body["response_type"] == "ephemeral"
    return body


def buttons(body: dict[str, Any]) -> dict[str, str]:
    """Label and value of each button."""
    rows = [block for block in body.get("blocks", ()) if block["type"] == "actions"]
    return {element["text"]["text"]: element["value"] for row in rows for element in row["elements"]}


def pressed(near: Neighbours, who: Person, typed: str, label: str) -> str:
    """What somebody reads who types a command and presses a button of its answer, in the local Slack."""
    near.door("command", user=who.slack_id, channel=CHANNEL, text=typed)
    told = near.last_told(who.slack_id)
    ids = {e["text"]["text"]: e["action_id"] for b in told["blocks"] if b["type"] == "actions" for e in b["elements"]}
    near.door("click", user=who.slack_id, channel=CHANNEL, ts=told["ts"], action_id=ids[label])
    return str(near.last_told(who.slack_id)["text"])


def notes(near: Neighbours, incident: Incident) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


def an_owner(number: int) -> Person:
    """Somebody whom nothing else belongs to."""
    return Person(f"Owner {number}", "", f"U0OWNER{number}")


def test_the_bare_command_is_a_menu_of_what_is_yours(room: SlackRoom, neighbours: Neighbours) -> None:
    owner = an_owner(1)
    incidents = [neighbours.add(owner=owner) for _ in range(7)]

    body = answer(room, "", owner)

    rows = [[e["text"]["text"] for e in b["elements"]] for b in body["blocks"] if b["type"] == "actions"]
    assert rows == [*[["Acknowledge", "Add note", "Resolve"]] * 5, ["Open one", "Help"]]
    assert all(incident.id in body["text"] for incident in incidents[-5:])
    assert "and 2 more: `/incident list mine`" in body["text"]
    assert buttons(answer(room, "", an_owner(2))) == {"Open one": "open", "Help": "help"}


def test_an_update_with_a_time_is_echoed_with_its_zone(room: SlackRoom, neighbours: Neighbours) -> None:
    people = PeopleStore(neighbours.dynamodb, neighbours.incidents)
    registry = RegistryStore(neighbours.dynamodb, neighbours.registry)
    keep_hours(Desk(people, registry), ANA.email, "Europe/Berlin", frozenset(range(5)), ((540, 1020),))
    incident = neighbours.add()
    then = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(minutes=20)
    try:
        typed = f"update {incident.id} rotated HubSpot key --at {then:%H:%M}"
        body = answer(room, typed)
    finally:
        keep_hours(Desk(people, registry), ANA.email, "UTC", frozenset(range(5)), ())

    day = "" if then.date() == datetime.now(ZoneInfo("Europe/Berlin")).date() else f"{then:%Y-%m-%d} "
    first, quoted = body["text"].split("\n")
    assert first == f"Added to {incident.id} at {day}{then:%H:%M %Z}."
    assert quoted == "“rotated HubSpot key”"
    assert list(buttons(body)) == ["Undo"]
    noted = next(e for e in neighbours.store.timeline(incident.number) if e.fact is Fact.NOTED)
    assert noted.occurred_at == then.replace(second=0, microsecond=0).astimezone(UTC)


def test_its_undo_button_takes_the_note_back_and_again_lets_it_stand(neighbours: Neighbours, room: SlackRoom) -> None:
    incident = neighbours.add()

    said = pressed(neighbours, ANA, f"update {incident.number} rotated HubSpot key", "Undo")

    assert said == f"{incident.id}: Taken back: rotated HubSpot key"
    assert notes(neighbours, incident) == []
    told = neighbours.last_told(ANA.slack_id)
    neighbours.door("click", user=ANA.slack_id, channel=CHANNEL, ts=told["ts"], action_id="run:0")
    assert "Done again: rotated HubSpot key" in neighbours.last_told(ANA.slack_id)["text"]


def test_resolve_with_two_open_asks_which(room: SlackRoom, neighbours: Neighbours) -> None:
    owner = an_owner(3)
    incidents = [neighbours.add(owner=owner) for _ in range(2)]

    body = answer(room, "resolve", owner)

    assert body["text"] == "You have 2 open incidents. Which one?"
    assert set(buttons(body).values()) == {f"resolve {incident.number}" for incident in incidents}


def test_a_mistyped_verb_is_offered_with_a_button_that_runs_it(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    body = answer(room, f"reslove {incident.number}")

    meant = f"`/incident resolve {incident.number}`"
    assert body["text"].startswith(f"No verb `reslove`. Did you mean {meant}?")
    assert buttons(body) == {"Run it": f"resolve {incident.number}"}
    assert neighbours.store.get(incident.number).is_open
    assert f"{incident.id} is resolved" in pressed(neighbours, ANA, f"reslove {incident.number}", "Run it")
    assert not neighbours.store.get(incident.number).is_open


def test_a_severity_that_is_none(room: SlackRoom) -> None:
    said = answer(room, "sev 9")["text"]

    first, following = said.split("\n")
    assert first == "Severity is 1-4 (1 = customer data or consent at risk). Nothing changed."
    assert following == "`/incident sev 2 …`"


def test_resolve_without_a_fix_leaves_the_postmortem_incomplete(
    room: SlackRoom, neighbours: Neighbours, notifier: Notifier, healthy: None
) -> None:
    incident = neighbours.add()

    said = answer(room, f"resolve {incident.number}")["text"]

    assert neighbours.store.get(incident.number).status is Status.RESOLVED
    assert f"What fixed it? `/incident pm {incident.number} fix …`" in said
    neighbours.draft(incident, answered=2)
    assert f"*Postmortem of {incident.id}: incomplete (2 of 5)*" in answer(room, f"pm {incident.number}")["text"]
    assert notifier.tell(incident) == []
    assert "incomplete (2 of 5)" in json.dumps(notifier.cards(incident))


def test_somebody_else_is_told_whose_it_is_and_what_they_can_do(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(integration_name="HubSpot sync")

    said = answer(room, f"resolve {incident.number} it works", NOBODY)["text"]

    take = f"`/incident assign {incident.number} me &lt;reason&gt;`"
    expected = f"{incident.id} belongs to @Ana Lima (HubSpot sync). You can `note`, or take it with {take}."
    assert said.split("\n") == [expected, "Nothing changed."]
    assert neighbours.store.get(incident.number) == incident
    assert "Added to" in answer(room, f"note {incident.number} I see it, too", NOBODY)["text"]
    assert "is yours now" in answer(room, f"assign {incident.number} me Ana is asleep", NOBODY)["text"]


def test_an_owner_who_is_gone_is_named_with_who_has_it_instead(room: SlackRoom, neighbours: Neighbours) -> None:
    gone = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    note = "The owner is gone."
    incident = neighbours.add(integration_name="HubSpot sync", owner=BEN, owner_note=note, inactive_since=gone)

    said = answer(room, f"resolve {incident.number}", NOBODY)["text"]

    who = "`/incident who hubspot-salesforce`"
    expected = f"HubSpot sync has no active owner since 3 Nov. Escalated to @Ben Okafor. {who}"
    assert said.split("\n") == [expected, "Nothing changed."]


def test_consent_is_not_lowered_without_an_admin(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(consent=True)

    said = answer(room, f"sev {incident.number} 3 only the backlog")["text"]

    expected = "Opt-out/consent incidents stay at SEV1-2. Ask an admin with `--override reason` (audited)."
    assert said.startswith(f"{expected} Nothing changed.\n")
    assert f"`/incident sev {incident.number} 3 --override …`" in said
    assert neighbours.store.get(incident.number) == incident


def test_a_step_that_somebody_else_has_taken_says_so_and_shows_it(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    resolved = datetime.now(UTC) - timedelta(seconds=20)
    after = neighbours.store.get(incident.number).resolve(BEN.name, "new key", resolved)
    neighbours.store.save(incident, replace(after, version=2))

    body = answer(room, f"resolve {incident.number}")

    first = body["text"].split("\n")[0]
    assert first in {f"@Ben Okafor resolved this {s} s ago. Nothing changed." for s in range(20, 30)}
    assert buttons(body) == {"Show": f"show {incident.number}"}
    assert incident.id in pressed(neighbours, ANA, f"resolve {incident.number}", "Show")


def test_while_the_store_is_away_it_is_saved_and_told_later(kept_room: KeptRoom) -> None:
    incident = kept_room.near.add()
    with kept_room.away():
        said = kept_room.type(ANA.slack_id, f"update {incident.number} rotated HubSpot key").split("\n")[0]

    ref = re.sub(r".*\(ref ([0-9a-f]{4})\).*", r"\1", said)
    assert said == f"Saved to the queue, not yet applied (ref {ref}). You will get a message when it is."
    assert kept_room.deliver() == []
    assert f"Added to {incident.id} at " in kept_room.seen(ANA.slack_id)[-1]
