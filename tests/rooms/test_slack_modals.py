"""Claims about modals: each opens where it was asked for, does what its verb does, and never loses what was typed."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, PostmortemStatus
from deadair.domain.stages import Ending, Milestone, Status
from deadair.domain.timeline import Fact
from tests.builders import ANA, BEN, FALLBACK
from tests.rooms.slack_forms import Forms, a_button
from tests.rooms.slack_rooms import Neighbours, SlackRoom, neighbours, room

__all__ = ["neighbours", "room"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("room")]


@pytest.fixture
def ana(neighbours: Neighbours) -> Forms:
    forms = Forms(neighbours)
    forms.use("close")
    return forms


def notes(near: Neighbours, incident: Incident) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


def rendered(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_a_note_is_written_through_its_form(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    assert ana.press(incident, "note")["ok"]
    assert ana.modal()["title"]["text"] == f"Note on {incident.id}"
    assert ana.send(text="rotated the key\nand waited")["ok"]

    assert notes(neighbours, incident) == ["rotated the key\nand waited"]
    assert ana.modal() == {}
    assert f"Added to {incident.id}" in ana.told()


def test_a_notes_own_time_is_read_in_the_persons_zone(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.press(incident, "note")

    assert ana.send(text="seen", at="20m ago")["ok"]

    (note,) = [entry for entry in neighbours.store.timeline(incident.number) if entry.fact is Fact.NOTED]
    assert timedelta(minutes=19) < note.recorded_at - note.occurred_at < timedelta(minutes=21)


def test_a_time_that_cannot_be_read_is_said_at_its_field_and_nothing_is_written(
    ana: Forms, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ana.press(incident, "note")

    answer = ana.send(text="seen", at="soonish")

    assert "I cannot read this time" in answer["errors"]["at"]
    assert notes(neighbours, incident) == []
    assert ana.send(text="seen", at="5m ago")["ok"]
    assert notes(neighbours, incident) == ["seen"]


def test_a_form_that_is_sent_twice_is_worked_once(ana: Forms, room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.press(incident, "note")
    caught: list[Any] = []
    handler = room.handler

    def catching(event: Any, context: Any) -> Any:
        caught.append(event)
        return handler(event, context)

    neighbours.door_to_room.handler = catching
    try:
        ana.send(text="once")
    finally:
        neighbours.door_to_room.handler = handler

    again = [room.handler(event, None) for event in caught * 2]

    assert notes(neighbours, incident) == ["once"]
    assert {answer["body"] for answer in again} == {'{"response_action": "clear"}'}


def test_resolving_asks_what_fixed_it_and_shows_what_still_rings(ana: Forms, neighbours: Neighbours) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    incident = neighbours.add(alarms={"k": AlarmOnIncident("hubspot-errors", AlarmState.ALARM, at, at)})

    ana.press(incident, "resolve")
    assert "hubspot-errors" in rendered(ana.modal())
    assert ana.send(fix="a new token")["ok"]

    now = neighbours.store.get(incident.number)
    assert (now.status, now.fix, now.resolved_by) == (Status.RESOLVED, "a new token", ANA.name)
    assert "is resolved" in ana.told()


def test_what_somebody_did_meanwhile_is_said_in_the_form_and_the_typing_stays(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ana.press(incident, "resolve")
    room.say(f"resolve {incident.number} his fix", BEN)

    answer = ana.send(fix="my fix")

    assert "Ben Okafor resolved this" in answer["errors"]["fix"]
    assert "Nothing changed." in answer["errors"]["fix"]
    assert ana.modal()["callback_id"] == "resolve"
    assert neighbours.store.get(incident.number).fix == "his fix"


def test_a_button_of_a_step_that_is_over_says_who_took_it_and_opens_nothing(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    room.say(f"resolve {incident.number} his fix", BEN)

    ana.press(incident, "resolve", f"{incident.number}:1:open")

    assert ana.modal() == {}
    assert "Ben Okafor resolved this" in ana.told()


def test_mitigated_is_one_press(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    ana.press(incident, "mitigate")

    assert neighbours.store.get(incident.number).status is Status.MITIGATED
    assert "mitigated" in ana.told()


def test_handing_over_names_a_person_and_a_reason(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    ana.choose(incident, "assign")
    assert ana.send(who=BEN.slack_id, reason="I am on leave")["ok"]

    now = neighbours.store.get(incident.number)
    assert now.owner.slack_id == BEN.slack_id
    assert "I am on leave" in neighbours.store.timeline(incident.number)[-1].text


def test_nobody_chosen_is_said_at_the_field(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.choose(incident, "assign")

    assert ana.send(reason="x")["errors"] == {"who": "Choose a person."}


def test_notices_are_held_with_a_reason(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    ana.choose(incident, "snooze")
    assert ana.send(length="2h", reason="1 day, says the vendor")["ok"]

    hold = neighbours.store.get(incident.number).snooze
    assert isinstance(hold, Hold)
    assert hold.why == "1 day, says the vendor"
    assert hold.until is not None
    assert hold.until - datetime.now(UTC) <= timedelta(hours=2)


def test_only_lengths_are_offered_for_which_it_may_be_held(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add(consent=True)

    ana.choose(incident, "snooze")

    (length, _reason) = [block["element"] for block in ana.modal()["blocks"] if block["type"] == "input"]
    assert [option["value"] for option in length["options"]] == ["30m", "1h", "2h"]
    ana.use("close")


def test_what_was_no_incident_ends_with_its_reason_and_can_be_reopened(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    ana.choose(incident, "false_alarm")
    assert ana.send(reason="a planned test")["ok"]
    assert neighbours.store.get(incident.number).ending is Ending.FALSE_ALARM
    ana.choose(incident, "reopen")
    assert ana.send(reason="it was real")["ok"]

    assert neighbours.store.get(incident.number).is_open


def test_two_times_that_depend_on_each_other_are_set_together(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    earlier = incident.started_at - timedelta(minutes=30)

    ana.choose(incident, "milestones")
    times = dict.fromkeys(("started", "detected"), f"{earlier:%Y-%m-%dT%H:%MZ}")
    assert ana.send(reason="the status page says so", **times)["ok"]

    now = neighbours.store.get(incident.number)
    assert now.when(Milestone.STARTED) == now.when(Milestone.DETECTED) == earlier.replace(second=0, microsecond=0)


def test_times_that_cannot_be_are_said_at_their_fields_and_none_is_set(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.choose(incident, "milestones")

    odd = ana.send(started="soonish", detected="never", reason="x")["errors"]
    late = ana.send(started="2036-01-01T00:00Z", reason="x")["errors"]
    nothing = ana.send(reason="x")["errors"]

    assert set(odd) == {"started", "detected"}
    assert set(late) == {"started"}
    assert "No time is different" in nothing["reason"]
    assert neighbours.store.get(incident.number).version == incident.version


def resolved(near: Neighbours, **draft: Any) -> Incident:
    """An incident that is over, with a draft of its postmortem."""
    incident = near.add()
    Forms(near).press(incident, "resolve")
    Forms(near).send(fix="a new token")
    near.draft(incident, **draft)
    return incident


def test_the_five_questions_are_saved_as_a_draft(ana: Forms, neighbours: Neighbours) -> None:
    incident = resolved(neighbours, suggested={"what_fixed": "a new token"})

    ana.press(incident, "pm")
    assert ana.send(what_broke="leads did not arrive", keep="keep")["ok"]

    saved = neighbours.store.postmortem(incident.number)
    assert saved
    assert saved.answers == {"what_broke": "leads did not arrive", "what_fixed": "a new token"}
    assert saved.status is PostmortemStatus.DRAFT
    assert "2 of 5 answered" in ana.told()
    assert "undo" in json.dumps(neighbours.last_told(ANA.slack_id)["blocks"])


def test_a_suggestion_that_nobody_changed_or_kept_is_no_answer(ana: Forms, neighbours: Neighbours) -> None:
    incident = resolved(neighbours, suggested=dict.fromkeys(QUESTIONS, "a new token"))
    ana.press(incident, "pm")

    refused = ana.send(publish="publish", what_broke="leads did not arrive")["errors"]

    assert set(refused) == set(QUESTIONS) - {"what_broke"}
    assert "suggestion" in refused["what_fixed"]
    assert ana.send(what_broke="leads did not arrive")["ok"]
    assert neighbours.store.postmortem(incident.number).answers == {"what_broke": "leads did not arrive"}  # type: ignore[union-attr]


def test_publishing_names_what_is_missing_at_its_fields_and_then_publishes(ana: Forms, neighbours: Neighbours) -> None:
    incident = resolved(neighbours, answered=3)
    ana.press(incident, "pm")

    missing = ana.send(publish="publish")["errors"]
    assert set(missing) == set(list(QUESTIONS)[3:])
    assert neighbours.store.postmortem(incident.number).edit == 0  # type: ignore[union-attr]
    assert ana.send(publish="publish", **dict.fromkeys(list(QUESTIONS)[3:], "known now"))["ok"]

    assert neighbours.store.postmortem(incident.number).status is PostmortemStatus.PUBLISHED  # type: ignore[union-attr]
    assert "is published" in ana.told()


def test_answers_that_somebody_saved_meanwhile_are_shown_before_they_are_overwritten(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = resolved(neighbours)
    ana.press(incident, "pm")
    room.say(f"pm {incident.number} broke what Ben saw", BEN)

    ana.send(what_broke="what Ana saw")

    assert neighbours.store.postmortem(incident.number).answers["what_broke"] == "what Ben saw"  # type: ignore[union-attr]
    shown = rendered(ana.modal())
    assert "Saved meanwhile: what Ben saw" in shown
    assert "what Ana saw" in shown
    assert ana.send()["ok"]
    assert neighbours.store.postmortem(incident.number).answers["what_broke"] == "what Ana saw"  # type: ignore[union-attr]


def test_a_postmortem_that_is_not_drafted_yet_says_so(ana: Forms, room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"resolve {incident.number} x")

    ana.press(incident, "pm")

    assert ana.modal() == {}
    assert "not drafted yet" in ana.told()


def test_whoever_may_do_nothing_here_is_offered_no_integration(room: SlackRoom, neighbours: Neighbours) -> None:
    neighbours.door("people", people=[{"slack_id": "U0GUSGUEST", "name": "Gus Guest", "guest": True}])
    asked = {"type": "block_suggestion", "team": {"id": "T0DEADAIR"}, "block_id": "integration", "value": "hub"}

    for user, offered in (("U0GUSGUEST", 0), (ANA.slack_id, 2)):
        body = urlencode({"payload": json.dumps(asked | {"user": {"id": user}})}).encode()
        assert len(json.loads(room.post("options", body)["body"])["options"]) == offered


def test_an_incident_is_opened_from_the_shortcut(ana: Forms, neighbours: Neighbours) -> None:
    ana.use("shortcut", callback_id="open_incident")
    offered = ana.use("options", block_id="integration", action_id="integration", value="hub sales")
    assert [one["value"] for one in offered["options"]] == ["hubspot-salesforce", "-"]
    (none,) = ana.use("options", block_id="integration", action_id="integration", value="marketo")["options"]
    assert none["text"]["text"] == "None of these"

    assert ana.send(text="no leads")["errors"] == {"integration": "Choose an integration."}
    assert ana.send(integration="hubspot-salesforce", text="no leads", severity="SEV2")["ok"]

    shown = rendered(ana.modal())
    assert "is open: HubSpot" in shown or "was open already" in shown
    ana.use("close")
    ana.use("shortcut", callback_id="open_incident")
    assert ana.send(integration="hubspot-salesforce", text="still no leads")["ok"]
    assert "was open already" in rendered(ana.modal())
    ana.use("close")


def test_what_belongs_to_no_integration_is_opened_from_the_form_for_whoever_stands_in(ana: Forms) -> None:
    ana.use("shortcut", callback_id="open_incident")
    assert ana.send(integration="-", text="")["errors"]["text"].startswith("Say what does not work.")
    assert ana.send(integration="-", text="The wiki is gone.")["ok"]

    assert f"It belongs to {FALLBACK.name}" in rendered(ana.modal())
    ana.use("close")


def test_a_button_whose_command_opens_a_form_opens_it_again(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = ana.card(incident, a_button("run:0", f"note {incident.number}"))

    for _ in range(2):
        ana.use("click", ts=ts, action_id="run:0", value=f"note {incident.number}")
        assert ana.modal()["callback_id"] == "note"
        ana.use("close")


@pytest.mark.parametrize(
    ("typed", "name"), [("note {n}", "note"), ("snooze {n}", "snooze"), ("false-alarm {n}", "false_alarm")]
)
def test_a_typed_verb_without_its_words_opens_the_form(
    ana: Forms, neighbours: Neighbours, typed: str, name: str
) -> None:
    incident = neighbours.add()

    ana.use("command", text=typed.format(n=incident.number))

    assert ana.modal()["callback_id"] == name
    ana.use("close")


def test_where_slack_opens_no_form_the_answer_is_the_command_to_type(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ana.use("fail", mode="ok_false", methods=["views.open"], error="fatal_error")
    try:
        ana.press(incident, "note")
    finally:
        ana.use("fail", mode="none")

    assert ana.modal() == {}
    assert f"`/incident note {incident.number} …`" in ana.told()


def test_a_slack_that_hangs_when_a_form_is_opened_is_answered_within_its_three_seconds(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ana.use("fail", mode="hang", methods=["views.open"])
    begun = time.monotonic()
    try:
        answer = room.command(f"note {incident.number}")
    finally:
        ana.use("fail", mode="none")

    assert time.monotonic() - begun < 3
    assert "The note is empty" in answer["body"]


def test_a_form_that_is_not_ours_is_answered(room: SlackRoom) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "launch", "private_metadata": "", "blocks": []}
    payload = {"type": "view_submission", "team": {"id": "T0DEADAIR"}, "user": {"id": "U0ANA"}, "view": view}

    answer = room.post("interactions", urlencode({"payload": json.dumps(payload)}).encode())

    assert json.loads(answer["body"])["response_action"] == "update"
    assert "Nothing changed" in answer["body"]


def test_a_form_never_answers_to_another_address(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    metadata = json.dumps({"state": [incident.number, 1, "open"], "to": "https://attacker.example/x"})
    view = {"id": "V2", "callback_id": "note", "private_metadata": metadata, "blocks": []}
    payload = {"type": "view_submission", "team": {"id": "T0DEADAIR"}, "user": {"id": "U0ANA"}, "view": view}

    room.post("interactions", urlencode({"payload": json.dumps(payload)}).encode())

    assert notes(neighbours, incident) == []
