"""Claims about shortcuts, reactions and events: a message is kept once, at its own time; nothing happens twice."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.client import EVENT_TYPE
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.standing_error import Kind
from deadair.domain.timeline import Entry, Fact
from slack_commands.once import digest
from tests.builders import ANA, BEN
from tests.local_slack import doors
from tests.rooms.slack_forms import Forms
from tests.rooms.slack_rooms import CHANNEL, Neighbours, SlackRoom, a_process, neighbours, room
from tests.rooms.slack_shapes import SHAPES

__all__ = ["neighbours", "room"]
pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("room")]
ZOE = Person("Zoe Okonkwo", "zoe@example.com", "U0ZOE")


@pytest.fixture
def ana(neighbours: Neighbours) -> Forms:
    forms = Forms(neighbours)
    forms.use("close")
    return forms


@pytest.fixture
def zoe(neighbours: Neighbours) -> Forms:
    """Somebody who has nothing open."""
    neighbours.door("people", people=[{"slack_id": ZOE.slack_id, "name": ZOE.name, "email": ZOE.email}])
    return Forms(neighbours, ZOE)


def kept(near: Neighbours, incident: Incident) -> list[Entry]:
    return [entry for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


def a_thread(near: Neighbours, incident: Incident) -> str:
    """The ts of a card of that incident, as the notifier posts it."""
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"incident": incident.id, "notice": "card", "version": "1"}}
    return str(near.web.chat_postMessage(channel=CHANNEL, text=incident.id, metadata=metadata)["ts"])


def said(forms: Forms, text: str, thread: str = "") -> str:
    """What somebody writes into the channel, or under a card; its ts."""
    return str(forms.use("message", text=text, **({"thread_ts": thread} if thread else {}))["ts"])


def test_a_message_of_a_thread_is_kept_at_its_own_time_with_its_author_and_address(
    ana: Forms, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ts = said(Forms(neighbours, BEN), "I rotated the key", a_thread(neighbours, incident))

    ana.use("shortcut", callback_id="add_timeline", ts=ts)

    (entry,) = kept(neighbours, incident)
    assert (entry.text, entry.author) == ("I rotated the key", BEN.name)
    assert abs(entry.occurred_at - datetime.fromtimestamp(float(ts), UTC)) < timedelta(milliseconds=2)
    assert f"/archives/{CHANNEL}/p{ts.replace('.', '')}" in entry.details["permalink"]
    assert entry.details["kept_by"] == ANA.name
    assert f"Added to {incident.id}" in ana.told()


def test_a_message_is_kept_once_and_the_second_time_says_so(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(ana, "once", a_thread(neighbours, incident))

    for _ in range(2):
        ana.use("shortcut", callback_id="add_timeline", ts=ts)
    Forms(neighbours, BEN).use("react", ts=ts, name="stopwatch")

    assert len(kept(neighbours, incident)) == 1
    assert f"in the timeline of {incident.id} already" in ana.told()


def test_what_was_kept_can_be_taken_back_and_kept_again(ana: Forms, room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(ana, "wrong thread", a_thread(neighbours, incident))
    ana.use("shortcut", callback_id="add_timeline", ts=ts)

    room.say(f"undo {incident.number}")
    assert kept(neighbours, incident) == []
    ana.use("shortcut", callback_id="add_timeline", ts=ts)

    assert [entry.text for entry in kept(neighbours, incident)] == ["wrong thread"]


def test_a_message_without_an_incident_of_its_own_asks_of_which_it_is(zoe: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(zoe, "the vendor is down")

    zoe.use("shortcut", callback_id="add_timeline", ts=ts)
    assert zoe.modal()["callback_id"] == "keep"
    assert zoe.send(text="the vendor is down")["errors"] == {"incident": "Choose an incident."}
    assert zoe.send(incident=str(incident.number), text="the vendor is down, says its page")["ok"]

    (entry,) = kept(neighbours, incident)
    assert (entry.text, entry.author) == ("the vendor is down, says its page", ZOE.name)


def test_a_long_message_is_cut_and_its_secrets_are_taken_out(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    text = "token xoxb-1234567890-abcdefghijklmnop " + "x" * 3500
    ts = said(ana, text, a_thread(neighbours, incident))

    ana.use("shortcut", callback_id="add_timeline", ts=ts)

    (entry,) = kept(neighbours, incident)
    assert "xoxb-1234567890" not in entry.text
    assert entry.text.endswith("…")
    assert len(entry.text) <= 3000


def test_the_reaction_keeps_the_message_of_a_thread(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(Forms(neighbours, BEN), "it works again", a_thread(neighbours, incident))

    ana.use("react", ts=ts, name="eyes")
    assert kept(neighbours, incident) == []
    ana.use("react", ts=ts, name="stopwatch")

    (entry,) = kept(neighbours, incident)
    assert (entry.text, entry.author, entry.details["kept_by"]) == ("it works again", BEN.name, ANA.name)
    assert f"Added to {incident.id}" in ana.told()


def test_a_reaction_where_nothing_is_clear_asks_only_that_person(zoe: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(zoe, "no leads today")

    zoe.use("react", ts=ts, name="stopwatch")

    asked = doors.last(neighbours.slack.url, ZOE.slack_id)
    assert "Of which incident?" in asked["text"]
    value = f"{incident.number}:{CHANNEL}:{ts}"
    (action,) = [b["action_id"] for block in asked["blocks"] for b in block.get("elements", []) if b["value"] == value]
    zoe.use("click", ts=asked["ts"], action_id=action, value=value)
    assert [entry.text for entry in kept(neighbours, incident)] == ["no leads today"]


def test_another_emoji_can_be_chosen_and_none(ana: Forms, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = said(ana, "here", a_thread(neighbours, incident))
    event: dict[str, Any] = {"type": "reaction_added", "user": ANA.slack_id, "reaction": "pushpin"}
    event |= {"item": {"type": "message", "channel": CHANNEL, "ts": ts}}

    for emoji, count in (("", 0), (":pushpin:", 1)):
        with a_process("slack_commands.handler", dict(neighbours.environment, SLACK_EMOJI=emoji)) as module:
            happens(SlackRoom(module.handler, neighbours), event, f"Ev-{emoji}-{ts}")
        assert len(kept(neighbours, incident)) == count


def happens(room: SlackRoom, event: dict[str, Any], event_id: str, **headers: str) -> int:
    """The status of the answer to an event."""
    body = {"type": "event_callback", "team_id": "T0DEADAIR", "event_id": event_id, "event": event}
    return int(room.post("events", json.dumps(body).encode(), headers=headers)["statusCode"])


def test_an_event_that_comes_again_does_nothing_again(room: SlackRoom, neighbours: Neighbours, ana: Forms) -> None:
    incident = neighbours.add()
    event = {"type": "app_mention", "user": ANA.slack_id, "channel": CHANNEL, "ts": "1.2"}
    event["text"] = f"<@U0BOT> note {incident.number} once"

    for _ in range(3):
        assert happens(room, event, f"Ev{incident.number}", **{"X-Slack-Retry-Num": "1"}) == 200

    assert [entry.text for entry in kept(neighbours, incident)] == ["once"]


def test_a_mention_shows_the_menu_to_that_person_only(ana: Forms, room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    event = {"type": "app_mention", "user": ANA.slack_id, "channel": CHANNEL, "text": "<@U0BOT> hello there?"}

    assert happens(room, event, f"Ev-hello-{incident.number}") == 200

    told = doors.last(neighbours.slack.url, ANA.slack_id)
    assert incident.id in json.dumps(told)


def test_a_mention_where_the_app_may_not_speak_is_answered_directly(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    event = {"type": "app_mention", "user": ANA.slack_id, "channel": "C0NOWHERE", "text": "<@U0BOT>"}

    assert happens(room, event, f"Ev-nowhere-{incident.number}") == 200

    direct = [m for m in neighbours.messages(incident) if m["channel"].startswith("D")]
    assert len(direct) == 1


def test_an_event_that_cannot_be_worked_is_refused_so_that_slack_brings_it_again(
    ana: Forms, room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    ts = said(ana, "later", a_thread(neighbours, incident))
    event: dict[str, Any] = {"type": "reaction_added", "user": ANA.slack_id, "reaction": "stopwatch"}
    event |= {"item": {"type": "message", "channel": CHANNEL, "ts": ts}}
    neighbours.door("fail", mode="500", methods=["conversations.replies"])
    try:
        assert happens(room, event, f"Ev-again-{ts}") == 503
    finally:
        neighbours.door("fail", mode="none")

    assert happens(room, event, f"Ev-again-{ts}") == 200
    assert len(kept(neighbours, incident)) == 1


def test_a_guest_who_marks_a_message_hears_of_no_incident(ana: Forms, room: SlackRoom, neighbours: Neighbours) -> None:
    neighbours.door("people", people=[{"slack_id": "U0GUSGUEST", "name": "Gus Guest", "guest": True}])
    neighbours.add()
    event: dict[str, Any] = {"type": "reaction_added", "user": "U0GUSGUEST", "reaction": "stopwatch"}
    ts = said(ana, "no thread")

    happens(room, event | {"item": {"type": "message", "channel": CHANNEL, "ts": ts}}, f"Ev-guest-{ts}")

    heard = neighbours.last_told("U0GUSGUEST")
    assert "You are a guest of this workspace" in heard["text"]
    assert "INC-" not in json.dumps(heard)


def test_an_event_whose_first_delivery_died_over_it_is_worked_when_slack_brings_it_again(
    room: SlackRoom, neighbours: Neighbours, ana: Forms
) -> None:
    incident = neighbours.add()
    event_id, requests = f"Ev-died-{incident.number}", RequestStore(neighbours.dynamodb, neighbours.incidents)
    event = {"type": "app_mention", "user": ANA.slack_id, "channel": CHANNEL, "ts": "1.2"}
    event["text"] = f"<@U0BOT> note {incident.number} once"
    key = digest(b"event", event_id.encode())

    requests.begin(key, datetime.now(UTC))
    assert happens(room, event, event_id) == 503
    assert kept(neighbours, incident) == []
    requests.release(key)

    assert (happens(room, event, event_id), happens(room, event, event_id)) == (200, 200)
    assert len(kept(neighbours, incident)) == 1


@pytest.mark.parametrize("kind", ["tokens_revoked", "app_uninstalled"])
def test_an_app_that_slack_has_thrown_out_is_said_on_every_page(
    room: SlackRoom, neighbours: Neighbours, kind: str
) -> None:
    errors = StandingErrors(neighbours.dynamodb, neighbours.incidents)
    assert happens(room, {"type": kind, "tokens": {"bot": ["U0BOT"]}}, f"Ev-{kind}") == 200

    (told,) = [error for error in errors.all() if error.kind is Kind.SLACK]
    assert "no card and no notice reaches Slack" in told.text
    errors.clear(told.kind, told.name)


# Any shape


@pytest.mark.parametrize("name", SHAPES)
def test_every_payload_of_slacks_gets_an_answer(room: SlackRoom, name: str) -> None:
    payload = SHAPES[name] | {"team_id": "T0DEADAIR", "team": {"id": "T0DEADAIR"}}
    if payload["type"] in {"event_callback", "url_verification"}:
        answer = room.post("events", json.dumps(payload).encode())
    else:
        answer = room.post("interactions", urlencode({"payload": json.dumps(payload)}).encode())

    assert answer["statusCode"] in {200, 400}


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["42:1:open", "note", "U0ANA"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=10), part, max_size=3),
    max_leaves=8,
)
KINDS = ("block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion")
FIELDS = ("user", "container", "actions", "view", "channel", "message", "response_url", "trigger_id", "callback_id")
PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "type", "action_id", "value", "state", "ts"), ODD))


@given(
    kind=st.sampled_from(KINDS),
    callback=st.sampled_from(["note", "pm", "keep", "open", "add_timeline", "open_incident", "milestones"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), ODD | PARTS | st.lists(PARTS, max_size=2), max_size=6),
    path=st.sampled_from(["interactions", "options"]),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_interaction_of_any_shape_raises(
    room: SlackRoom, kind: str, callback: str, fields: dict[str, Any], path: str
) -> None:
    payload = {"type": kind, "callback_id": callback} | fields | {"team": {"id": "T0DEADAIR"}}
    if isinstance(payload.get("response_url"), str):
        payload["response_url"] = ""

    answer = room.post(path, urlencode({"payload": json.dumps(payload)}).encode())

    assert answer["statusCode"] in {200, 400}


@given(
    kind=st.sampled_from(["app_home_opened", "app_mention", "reaction_added", "message", ""]),
    event=st.dictionaries(st.sampled_from(["user", "item", "reaction", "text", "channel", "tab", "thread_ts"]), ODD),
    event_id=ODD,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_event_of_any_shape_raises(room: SlackRoom, kind: str, event: dict[str, Any], event_id: Any) -> None:
    body = {"type": "event_callback", "team_id": "T0DEADAIR", "event_id": event_id, "event": event | {"type": kind}}

    assert room.post("events", json.dumps(body).encode())["statusCode"] in {200, 503}
