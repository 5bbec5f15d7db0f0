"""Claims about the Slack room: who is let in, what each verb does and answers, and that nothing happens twice."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, PostmortemStatus
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from tests.builders import ANA, BEN
from tests.rooms.slack_rooms import CHANNEL, Neighbours, SlackRoom, a_process

pytestmark = pytest.mark.stack
CHIYO = Person("Chiyo Tanaka", "chiyo@example.com", "U0CHIYO")
NOBODY = Person("stranger", "", "U0STRANGER")


def notes(near: Neighbours, incident: Incident) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


# The door


def test_slacks_checks_are_answered(room: SlackRoom) -> None:
    assert room.post("commands", b"ssl_check=1&token=x")["statusCode"] == 200
    hello = room.post("events", json.dumps({"type": "url_verification", "challenge": "c-1"}).encode())
    assert json.loads(hello["body"]) == {"challenge": "c-1"}
    event = {"type": "event_callback", "team_id": "T0DEADAIR", "event": {"type": "message"}}
    assert room.post("events", json.dumps(event).encode(), headers={"X-Slack-Retry-Num": "1"})["statusCode"] == 200


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "user": {"id": "U0ANA", "team_id": "T0DEADAIR"}, "actions": []},
        {"type": "view_closed", "team": {"id": "T0DEADAIR"}, "user": {"id": "U0ANA"}},
        {"type": "block_actions", "team": {"id": "T0DEADAIR"}, "user": "U0ANA", "actions": ["x"]},
        {
            "type": "block_actions",
            "team": {"id": "T0DEADAIR"},
            "user": {"id": "U0ANA"},
            "actions": [{"action_id": "open", "value": "42:1:open"}],
        },
    ],
)
def test_an_interaction_that_asks_for_nothing_is_taken(room: SlackRoom, payload: dict[str, Any]) -> None:
    response = room.post("interactions", urlencode({"payload": json.dumps(payload)}).encode())
    assert (response["statusCode"], response["body"]) == (200, "")


def test_importing_the_room_brings_in_nothing_slow() -> None:
    slow = ["slack_sdk", "pydantic", "jinja2", "apsw", "aws_lambda_powertools.event_handler", "markdown_it", "nh3"]
    code = f"import sys, slack_commands.handler; print([m for m in {slow!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="functions")
    assert done.stdout.strip() == "[]"


# The verbs


def test_ack_takes_the_incident_once_and_answers_the_same_again(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    first = room.say(f"ack {incident.number}")
    assert f"You have {incident.id}" in first
    assert room.say(f"ACK #{incident.number}") == first
    now = neighbours.store.get(incident.number)
    assert (now.status, now.acknowledged_by, now.version) == (Status.ACKNOWLEDGED, ANA.name, 2)
    assert "@Ana Lima acknowledged this 0 s ago. Nothing changed." in room.say(f"ack {incident.number}", BEN)


def test_words_behind_ack_stand_on_the_timeline_and_go_with_it_when_it_is_taken_back(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()

    assert "Your words are on the timeline." in room.say(f"ack {incident.number} looking at the key")
    assert neighbours.store.timeline(incident.number)[-1].text == "Acknowledged: looking at the key"
    room.say(f"undo {incident.number}")

    assert neighbours.store.get(incident.number).status is Status.OPEN


def test_words_behind_a_second_ack_are_a_note(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"ack {incident.number}")

    assert "Your words are on the timeline." in room.say(f"ack {incident.number} it is the key")

    assert neighbours.store.timeline(incident.number)[-1].text == "it is the key"


def test_a_person_outside_the_registry_takes_an_incident_under_their_slack_name(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    room.say(f"assign {incident.number} me nobody is at it", NOBODY)
    room.say(f"ack {incident.number}", NOBODY)
    assert neighbours.store.get(incident.number).acknowledged_by == "stranger"


def test_note_goes_into_the_timeline_at_its_time(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    assert "10:42 UTC" in room.say(f"note {incident.number} rotated the key —at 10:42")
    assert "Added to" in room.say(f"note {incident.number} --at 10m ago looked at the logs")
    entries = [e for e in neighbours.store.timeline(incident.number) if e.fact is Fact.NOTED]
    assert sorted(e.text for e in entries) == ["looked at the logs", "rotated the key"]
    assert {e.occurred_at.strftime("%H:%M") for e in entries if e.text == "rotated the key"} == {"10:42"}
    assert "cannot read the time “soon”. Nothing changed." in room.say(f"note {incident.number} x --at soon")


@pytest.mark.parametrize("verb", ["ack", "mitigate", "resolve"])
def test_a_step_with_a_time_is_refused_instead_of_recorded_at_another(
    room: SlackRoom, neighbours: Neighbours, verb: str
) -> None:
    incident = neighbours.add()

    assert f"`/incident note {incident.number} … --at 10:42`" in room.say(f"{verb} {incident.number} it --at 09:00")
    assert neighbours.store.get(incident.number).status is Status.OPEN


def test_a_note_is_stored_plain_and_shown_escaped(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    said = room.say(f"note {incident.number} <!channel> &lt;b&gt; \x1b[31m\u202e “ok”")
    assert notes(neighbours, incident) == ['@channel <b> [31m "ok"']
    assert "<!channel" not in said
    assert "@channel" not in said
    assert "&lt;b&gt;" in said


def test_notes_of_many_at_once_are_all_kept(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda i: room.say(f"note {incident.number} n{i}"), range(6)))
    saved = [text for text in said if "Added" in text]
    assert len(notes(neighbours, incident)) == len(saved) >= 3
    assert all("Nothing of yours changed" in text for text in said if text not in saved)


def test_the_whole_way_from_ack_to_a_published_postmortem(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number
    room.say(f"ack {number}")
    assert "is mitigated" in room.say(f"mitigate {number} paused the sync")
    assert "@Ana Lima mitigated this 0 s ago. Nothing changed." in room.say(f"mitigate {number}", BEN)
    assert "no postmortem yet" in room.say(f"pm {number}")
    said = room.say(f"resolve {number} rotated the token")
    assert "*Fix:* rotated the token" in said
    assert room.say(f"resolve {number} rotated the token") == said
    later = room.say(f"resolve {number} and restarted the sync")
    assert f"These words are not kept yet; they belong into its postmortem: `/incident pm {number} fix and" in later
    assert "@Ana Lima resolved this" in room.say(f"resolve {number}", BEN)
    assert "being drafted" in room.say(f"pm {number}")
    assert f"`/incident pm {number} fix and restarted the sync`" in room.say(f"pm {number} fix and restarted the sync")
    neighbours.draft(incident)
    assert "incomplete (0 of 5)" in room.say(f"pm {number}")
    for count, word in enumerate(("broke", "started", "detected", "fix", "earlier"), start=1):
        assert "0 of 5" not in room.say(f"pm {number} publish") or count == 1
        assert f"{count} of 5 answered" in room.say(f"pm {number} {word} because <b>")
    published = room.say(f"pm {number} publish")
    assert "is published (version 1)" in published
    assert f"https://deadair.example/postmortems/{incident.id}" in published
    postmortem = neighbours.store.postmortem(number)
    assert postmortem is not None
    assert (postmortem.status, postmortem.version) == (PostmortemStatus.PUBLISHED, 1)
    assert postmortem.answers == dict.fromkeys(QUESTIONS, "because <b>")
    assert "is published:" in room.say(f"pm {number}")


def test_accept_takes_what_the_data_suggest_and_keeps_what_people_said(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number
    room.say(f"resolve {number}")
    neighbours.draft(
        incident, answered=1, suggested={"what_broke": "never taken", "when_started": "at noon, crm\\_sync"}
    )
    assert "Perhaps: at noon, crm_sync" in room.say(f"pm {number}"), "Slack knows no escapes"
    assert "2 of 5 answered" in room.say(f"pm {number} accept")
    assert "nothing left to take over. Nothing changed." in room.say(f"pm {number} accept")
    postmortem = neighbours.store.postmortem(number)
    assert postmortem is not None
    assert postmortem.answers == {"what_broke": "known", "when_started": "at noon, crm\\_sync"}


def test_reopen_takes_a_resolved_incident_back(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"resolve {incident.number}")
    assert "is open again" in room.say(f"reopen {incident.number} it failed again")
    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED


def test_assign_gives_it_to_one_person(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number
    assert "belongs to Ana Lima. To hand it over" in room.say(f"assign {number}")
    assert "now belongs to Ben Okafor" in room.say(f"assign {number} <@U0BEN|ben>")
    assert neighbours.store.get(number).owner == BEN
    assert "belongs to Ben Okafor already. Nothing changed." in room.say(f"owner {number} ben")
    assert "is yours now" in room.say(f"assign {number} me")
    assert "do not know zoe" in room.say(f"assign {number} zoe")
    assert "Nothing changed." in room.say(f"assign {number} <@U0GONE|whoever>")
    assert neighbours.store.get(number).owner == ANA


def test_reading_verbs_read(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"note {incident.number} looked at the logs")
    assert "Nobody has it yet" in room.say(f"show {incident.number}")
    assert room.say(str(incident.number)) == room.say(f"show {incident.number}")
    assert "looked at the logs" in room.say(f"timeline {incident.number}")
    assert incident.id in room.say("list")
    assert incident.id in room.say("list mine")
    assert "Owner: Ana Lima (ana.lima@example.com)" in room.say("who hubspot")
    assert "Lee Park" in room.say(f"who {incident.number}")
    assert "*Yours*" in room.say("who")
    assert "No integration is called zzz" in room.say("who zzz")
    assert "note 42" in room.say("help")
    assert "10m ago" in room.say("help note")
    assert "no verb dance" in room.say("help dance")


def test_a_search_that_cannot_be_had_is_said(room: SlackRoom) -> None:
    said = room.say("search hubspot 401")
    assert "cannot be reached" in said or "No postmortem found" in said
    assert "What are you looking for?" in room.say("search")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ack 999999", "There is no INC-999999. Nothing changed."),
        ("note 999999 x", "If the number belongs to your text"),
        ("reslove 999999", "Did you mean `/incident resolve 999999`? Nothing changed."),
        ("xyzzy", "No verb `xyzzy`. Nothing changed."),
    ],
)
def test_every_error_says_what_was_understood_and_that_nothing_changed(room: SlackRoom, typed: str, said: str) -> None:
    answer = room.say(typed)
    assert said in answer
    assert "/incident" in answer


def test_the_commands_own_name_is_used_in_answers(room: SlackRoom) -> None:
    assert "`/inc help`" in room.say("xyzzy", fields={"command": "/inc"})


# Which incident


def test_without_a_number_the_only_open_one_is_meant(room: SlackRoom, neighbours: Neighbours) -> None:
    assert "Which one?" in room.say("ack", CHIYO) or "Nothing is open" in room.say("ack", CHIYO)
    incident = neighbours.add(owner=CHIYO)
    assert f"You have {incident.id}" in room.say("ack", CHIYO)
    second = neighbours.add(owner=CHIYO)
    response = room.command("note saw it & <@U0BEN|ben> too", CHIYO)
    buttons = json.loads(response["body"])["blocks"][-1]["elements"]
    assert {b["value"].split()[1] for b in buttons} == {str(incident.number), str(second.number)}
    chosen = next(b for b in buttons if str(second.number) in b["value"])
    for _ in range(2):
        assert room.press(chosen["action_id"], chosen["value"], CHIYO)["statusCode"] == 200
    assert notes(neighbours, second) == ["saw it & @ben too"]


def test_an_older_incident_of_the_person_counts_however_many_came_since(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    dev = Person("Dev Patel", "", "U0DEV")
    older = neighbours.add(owner=dev)
    for _ in range(26):
        neighbours.add(owner=BEN)
    neighbours.add(owner=dev)

    assert room.say("resolve", dev) == "You have 2 open incidents. Which one?"
    assert neighbours.store.get(older.number).is_open


def test_last_is_the_newest(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    assert incident.id in room.say("show last")


def test_the_bare_command_shows_what_is_yours_with_buttons(room: SlackRoom, neighbours: Neighbours) -> None:
    owner = Person("Dee Ray", "", "U0DEE")
    assert "Nothing open is yours." in room.say("", owner)
    incident = neighbours.add(owner=owner)
    body = json.loads(room.command("", owner)["body"])
    assert incident.id in body["text"]
    assert [b["action_id"] for b in body["blocks"][2]["elements"]] == ["ack", "note", "resolve"]


# Buttons


def test_a_stale_button_says_who_did_what_and_changes_nothing(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"resolve {incident.number} new key", BEN)
    card = neighbours.slack_message(incident, f"{incident.number}:1:open")
    neighbours.door("click", user="U0ANA", channel=CHANNEL, ts=card, action_id="resolve")
    said = neighbours.last_told("U0ANA")
    assert said["text"].startswith("@Ben Okafor resolved this ")
    assert neighbours.store.get(incident.number).fix == "new key"
    neighbours.door("click", user="U0ANA", channel=CHANNEL, ts=said["ts"], action_id="run:0")
    assert incident.id in neighbours.last_told("U0ANA")["text"]


def test_an_alarm_that_came_meanwhile_makes_no_button_stale(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(version=4)
    room.press("mitigate", f"{incident.number}:1:open")
    assert neighbours.store.get(incident.number).status is Status.MITIGATED


@pytest.mark.parametrize("value", ["", "42", "x:1:open", "42:1:gone", "9" * 40 + ":1:open", "42:1:open:more"])
def test_a_button_that_is_not_ours_changes_nothing(room: SlackRoom, value: str) -> None:
    assert room.press("ack", value)["statusCode"] == 200
    assert room.press("dance", "42:1:open")["statusCode"] == 200


def test_did_you_mean_runs_the_command_and_is_replaced(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    neighbours.door("command", user="U0ANA", channel=CHANNEL, text=f"acknowlege {incident.number}")
    offer = neighbours.last_told("U0ANA")
    neighbours.door("click", user="U0ANA", channel=CHANNEL, ts=offer["ts"], action_id="run:0")
    after = neighbours.last_told("U0ANA")
    assert after["ts"] == offer["ts"]
    assert f"You have {incident.id}" in after["text"]


# The store is away


def test_a_store_that_is_away_is_said_with_a_reference(room: SlackRoom, neighbours: Neighbours) -> None:
    away = dict(neighbours.environment, INCIDENTS_TABLE="no-such-table")
    with a_process("slack_commands.handler", away) as module:
        lost = SlackRoom(module.handler, neighbours)
        assert "cannot reach its store just now (ref" in lost.say("show 42")
        assert "Nothing changed. In a minute: `/incident note 42 saw it`" in lost.say("note 42 saw it")
