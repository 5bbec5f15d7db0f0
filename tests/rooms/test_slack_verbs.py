"""Claims about the verbs that open, describe and take back, and about every answer to what is no verb."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.slack.phrases import subject
from deadair.adapters.slack.vocabulary import NAMES, VERBS
from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from infra.local.slack.workspace import Draft, check_draft
from slack_commands.verbs import READS, RUN
from tests.builders import ANA, BEN, FALLBACK
from tests.rooms.slack_rooms import Neighbours, SlackRoom

pytestmark = pytest.mark.stack


def answer(room: SlackRoom, text: str, who: Person = ANA) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(room.command(text, who)["body"])
    return body


def values(body: dict[str, Any]) -> dict[str, str]:
    rows = [block["elements"] for block in body.get("blocks", ()) if block["type"] == "actions"]
    return {element["text"]["text"]: element["value"] for row in rows for element in row}


def test_every_verb_is_run_and_explained() -> None:
    help_ = subject("help")
    named = [name for verbs in help_["groups"].values() for name in verbs]

    assert RUN.keys() == VERBS.keys() == help_["verbs"].keys() == help_["more"].keys()
    assert sorted(named) == sorted(VERBS)
    assert RUN.keys() >= READS


def test_help_fits_on_a_screen_and_says_first_what_is_needed_first(room: SlackRoom) -> None:
    lines = room.say("help").split("\n")

    assert len(lines) <= 16
    assert [line.split()[1] for line in lines[1:5]] == ["ack", "note", "mitigate", "resolve"]
    for verb in VERBS:
        assert room.say(f"help {verb}").startswith(f"`/incident {verb}")
    assert "no verb dance" in room.say("help dance")


# Opening


def test_an_incident_is_opened_by_hand_and_the_next_goes_to_the_same(room: SlackRoom, neighbours: Neighbours) -> None:
    said = answer(room, "declare hubspot-salesforce sev2 no leads since noon & counting")
    number = int(values(said)["Acknowledge"].split()[1])
    incident = neighbours.store.get(number)

    assert f"{incident.id} is open: SEV2" in said["text"]
    assert (incident.severity, incident.owner.name) == (Severity.SEV2, ANA.name)
    assert "no leads since noon & counting" in neighbours.store.timeline(number)[0].text
    again = answer(room, "new HubSpot → Salesforce: they are gone")
    assert f"{incident.id} is open already" in again["text"]
    assert values(again) == {"Add it as a note": f"note {number} they are gone", "Show": f"show {number}"}
    room.say(f"false-alarm {number} opened by mistake")


@pytest.mark.parametrize("typed", ["open the pod bay doors", "open", "open sev1 everything"])
def test_what_names_no_integration_opens_nothing_and_offers_yours(room: SlackRoom, typed: str) -> None:
    said = answer(room, typed)

    assert "Which integration? Nothing changed." in said["text"]
    offered = [value for name, value in values(said).items() if name != "None of these"]
    assert offered
    assert all(value.startswith("open hubspot-salesforce") for value in offered)


def test_what_belongs_to_no_integration_is_opened_for_whoever_stands_in(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    offered = values(answer(room, "open the wiki is gone"))["None of these"]
    assert offered == "open none the wiki is gone"
    said = answer(room, offered)
    number = int(values(said)["Acknowledge"].split()[1])

    assert f"It belongs to {FALLBACK.name}" in said["text"]
    assert neighbours.store.get(number).owner == FALLBACK
    assert "Say what does not work." in room.say("open none")
    room.say(f"false-alarm {number} opened by mistake")


def test_a_severity_that_is_none_opens_nothing(room: SlackRoom, neighbours: Neighbours) -> None:
    before = {one.number for one in neighbours.store.open_incidents()}

    assert "Severity is 1-4" in room.say("open hubspot-salesforce sev9 no leads")
    assert {one.number for one in neighbours.store.open_incidents()} == before


# What is known of it


def test_who_suffers_is_said_and_corrected(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number

    assert "nobody said who or what is affected" in room.say(f"{number} affected")
    assert "affected is now “1200 contacts”" in room.say(f"affected {number} 1200 contacts")
    assert "affected is now “all newsletters”" in room.say(f"impact INC-{number} all newsletters")
    assert neighbours.store.get(number).affected == "all newsletters"


def test_a_link_is_kept_with_what_it_is(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number

    assert "has no links yet" in room.say(f"link {number}")
    assert "which is no address. Nothing changed." in room.say(f"link {number} the dashboard")
    room.say(f"link {number} <https://status.example/7?a=b&amp;c> the vendor's page")
    room.say(f"link {number} <https://tickets.example/8|Ticket 8>")

    kept = [(link.url, link.label) for link in neighbours.store.get(number).links]
    assert kept == [("https://status.example/7?a=b&c", "the vendor's page"), ("https://tickets.example/8", "Ticket 8")]
    assert "|the vendor's page>" in room.say(f"link {number}")


def test_a_change_stands_beside_those_of_the_integration(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(integration="changes-here")

    assert "as a change at" in room.say(f"change {incident.number} new API key in HubSpot --at 10m ago")

    (change,) = ChangeStore(neighbours.dynamodb, neighbours.incidents).latest("changes-here", 5)
    assert change.text == "new API key in HubSpot"


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("investigating", Status.ACKNOWLEDGED),
        ("mitigated", Status.MITIGATED),
        ("Monitoring:", Status.MITIGATED),
        ("resolved", Status.RESOLVED),
    ],
)
def test_a_stage_is_the_step_that_leads_there(
    room: SlackRoom, neighbours: Neighbours, stage: str, status: Status
) -> None:
    incident = neighbours.add()

    room.say(f"status {incident.number} {stage} we moved the job")

    assert neighbours.store.get(incident.number).status is status


def test_identified_is_a_note_and_no_stage_shows_the_incident(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    number = incident.number

    assert "Added to" in room.say(f"status {number} identified the key --at 10m ago")
    assert neighbours.store.timeline(number)[-1].text == "Identified. the key"
    assert room.say(f"status {number}") == room.say(f"show {number}")
    assert "“dancing” is no stage. Nothing changed." in room.say(f"status {number} dancing")
    assert "only a note can have its own time" in room.say(f"status {number} resolved it --at 10:00")
    assert neighbours.store.get(number).is_open


# Taking back


@pytest.mark.parametrize(
    ("step", "fact"),
    [
        ("ack", Fact.ACKNOWLEDGED),
        ("mitigate moved the job", Fact.MITIGATED),
        ("resolve new key", Fact.RESOLVED),
        ("false-alarm a test", Fact.FALSE_ALARM),
        ("assign ben", Fact.ASSIGNED),
        ("sev 1 leads are lost", Fact.SEVERITY_SET),
        ("cause rate limit", Fact.CAUSE_NAMED),
        ("check 1", Fact.CHECKED),
        ("snooze 30m vendor", Fact.SNOOZED),
        ("affected 12 records", Fact.AFFECTED),
        ("link https://a.example it", Fact.LINKED),
        ("change a key", Fact.CHANGE_NOTED),
        ("note saw it", Fact.NOTED),
        ("milestone started 2026-11-02T11:00Z logs", Fact.MILESTONE_SET),
    ],
)
def test_every_step_carries_the_button_that_takes_it_back(
    room: SlackRoom, neighbours: Neighbours, step: str, fact: Fact
) -> None:
    # Whatever ended goes on only where nothing else of its integration is open.
    incident = neighbours.add(cause=FailureClass.AUTH, integration=f"undone-{fact.name.lower()}")

    said = answer(room, f"{incident.number} {step}")
    undo = values(said)["Undo"]
    before = neighbours.store.get(incident.number)
    assert fact in {entry.fact for entry in neighbours.store.timeline(incident.number)}
    assert "Taken back" in room.say(undo)

    after = neighbours.store.get(incident.number)
    assert fact not in {entry.fact for entry in neighbours.store.timeline(incident.number)}
    assert stated(after) == stated(incident)
    assert before.version < after.version


def test_a_merge_a_split_a_reopening_and_the_end_of_a_snooze_are_taken_back(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    alarms = {name: AlarmOnIncident(name, AlarmState.ALARM, at, at) for name in ("errors", "latency")}
    one, other = (neighbours.add(alarms=alarms, integration=f"joined-{name}") for name in ("one", "two"))

    for before, step in (
        ([], f"merge {one.number} into {other.number}"),
        ([], f"split {other.number} latency"),
        ([f"resolve {one.number} new key"], f"reopen {one.number} it is back"),
        ([f"reopen {one.number} again", f"snooze {one.number} 30m vendor"], f"unsnooze {one.number}"),
    ):
        for typed in before:
            room.say(typed)
        known = [stated(neighbours.store.get(number)) for number in (one.number, other.number)]
        told = answer(room, step)
        assert "Undo" in values(told), told["text"]
        assert "Taken back" in room.say(values(told)["Undo"]), step
        assert [stated(neighbours.store.get(number)) for number in (one.number, other.number)] == known, step


def stated(incident: Incident) -> tuple[Any, ...]:
    return (
        incident.status,
        incident.owner,
        incident.severity,
        incident.cause,
        incident.checks,
        incident.snooze,
        incident.affected,
        incident.links,
        incident.milestones,
        incident.ending,
        incident.fix,
    )


def test_undo_alone_takes_back_the_last_step_wherever_it_was(room: SlackRoom, neighbours: Neighbours) -> None:
    owner = Person("Una Doe", "", "U0UNA")
    first, second = (neighbours.add(owner=owner, integration=f"una-{name}") for name in ("one", "two"))
    room.say(f"ack {first.number}", owner)
    room.say(f"resolve {second.number} done", owner)

    assert "You took no step in the last 24 hours" in room.say("undo", Person("Nil Doe", "", "U0NIL"))
    assert second.id in room.say("undo", owner)
    assert neighbours.store.get(second.number).is_open
    assert neighbours.store.get(first.number).status is Status.ACKNOWLEDGED
    assert "Nothing changed." in room.say(f"undo {first.number}", BEN)


def test_an_answer_of_a_postmortem_is_taken_back(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    room.say(f"resolve {incident.number} new key")
    neighbours.draft(incident)

    said = answer(room, f"pm {incident.number} broke the key was revoked")
    assert "Taken back" in room.say(values(said)["Undo"])
    postmortem = neighbours.store.postmortem(incident.number)
    assert postmortem is not None
    assert postmortem.answers == {}


# Reading


def test_a_list_is_narrowed_by_words_in_any_order(room: SlackRoom, neighbours: Neighbours) -> None:
    owner = Person("Lia List", "", "U0LIA")
    open_one = neighbours.add(owner=owner)
    over = neighbours.add(owner=owner)
    room.say(f"resolve {over.number} done", owner)

    assert over.id not in room.say("list mine", owner)
    listed = room.say("list all mine hubspot --since 5200w", owner)
    assert "*2 of yours found*" in listed
    assert listed.index(open_one.id) < listed.index(over.id)
    assert "Nothing of yours was found" in room.say("list mine --since 1m", owner)
    assert "cannot read the length “soon”. Nothing changed." in room.say("list --since soon")
    assert "No integration is called zzz" in room.say("list zzz")


def test_what_there_is_not_yet_is_said_and_nothing_is_invented(room: SlackRoom) -> None:
    assert "No ownership review is under way." in room.say("attest")
    assert "HubSpot → Salesforce" in room.say("attest all")
    assert "Nothing was begun." in room.say("drill hubspot silence")
    settings = room.say("settings")
    assert "*Times are read in" in settings
    assert "deadair people hours ana.lima@example.com" in settings


# What is no verb


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--at 10:42", "`--at` stands alone. Nothing changed."),
        ("--since", "`--since` stands alone. Nothing changed."),
        ("999999", "There is no INC-999999. Nothing changed."),
        ("INC-999999:", "There is no INC-999999. Nothing changed."),
        (":fire:", "No verb `:fire:`. Nothing changed."),
        ("🔥", "No verb `🔥`. Nothing changed."),
        ("👩‍🚀👩‍🚀", "Nothing changed."),
        ("<https://status.example/incidents/7>", "Did you mean `/incident link https://status.example/incidents/7`?"),
        ("<@U0BEN|ben>", "Did you mean `/incident assign @ben`?"),
        ("<@U0BEN|ben> 42 please", "Did you mean `/incident assign 42 @ben please`?"),
        ("ack 999999 <@U0BEN|ben>", "`ack` says that you have it yourself. Nothing changed."),
        ("the key was rotated", "Did you mean `/incident note the key was rotated`?"),
        ("42 rotated the key", "Did you mean `/incident note 42 rotated the key`?"),
        ("障害は復旧しました", "Did you mean `/incident note 障害は復旧しました`?"),
        ("تم إصلاح المشكلة", "Did you mean `/incident note تم إصلاح المشكلة`?"),
        ("“", "Nothing changed."),
        ("…", "Nothing changed."),
        ("/", "Nothing changed."),
        ("sev", "Severity is 1-4"),
        ("merge", "Into which incident? Nothing changed."),
    ],
)
def test_every_input_has_an_answer_that_says_what_was_understood(room: SlackRoom, typed: str, said: str) -> None:
    body = answer(room, typed)

    assert said in body["text"]
    assert "/incident" in body["text"]
    check_draft(Draft(body["text"], body.get("blocks"), None, None), 4000)


def test_an_address_of_our_own_page_shows_that_incident(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    page = f"https://deadair.example/incidents/INC-{incident.number}"

    assert room.say(f"<{page}/postmortem?x=1#top>") == room.say(f"show {incident.number}")


@pytest.mark.parametrize("verb", ["", "note", "resolve", "search", "open", "assign", "pm", "link"])
def test_three_thousand_characters_are_answered(room: SlackRoom, verb: str) -> None:
    owner = Person("Long Winded", "", "U0LONG")
    body = answer(room, f"{verb} {'very long ' * 300}", owner)

    assert body["text"]
    check_draft(Draft(body["text"], body.get("blocks"), None, None), 4000)


def test_no_alias_hides_another_verb() -> None:
    assert len(NAMES) == sum(1 + len(shape.aliases) for shape in VERBS.values())
