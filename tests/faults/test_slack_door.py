"""Claims about Slack's door: what Slack did not sign is nothing, what it sends twice is done once; it never waits."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from slack_commands.routes import respond
from tests.builders import ANA
from tests.rooms.kept_room import a_deaf_host
from tests.rooms.slack_rooms import TOKEN, Neighbours, SlackRoom, a_process, neighbours, room

__all__ = ["neighbours", "room"]
pytestmark = pytest.mark.stack
# Slack shows "operation timed out" after this.
PATIENCE_S = 3.0


def notes(near: Neighbours, incident: Incident) -> list[str]:
    return [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]


def alarms(*names: str) -> dict[str, AlarmOnIncident]:
    at = datetime.now(UTC) - timedelta(minutes=5)
    return {f"key-{name}": AlarmOnIncident(name, AlarmState.ALARM, at, at) for name in names}


@pytest.mark.parametrize("path", ["commands", "interactions", "events", "options"])
@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another"},
        {"skew_s": -302},
        {"skew_s": 310},
        {"headers": {"X-Slack-Signature": "absent"}},
        {"headers": {"X-Slack-Request-Timestamp": "absent"}},
        {"headers": {"X-Slack-Request-Timestamp": "1.5"}},
        {"headers": {"X-Slack-Signature": "v0=é"}},
        {"headers": {"x-slack-signature": "v0=0"}},
    ],
)
def test_fault_28_what_slack_did_not_sign_gets_a_bare_401(room: SlackRoom, path: str, forged: dict[str, Any]) -> None:
    response = room.post(path, b"command=%2Fincident&user_id=U0ANA&text=list", **forged)
    assert (response["statusCode"], response["body"]) == (401, "")


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"headers": None, "body": None},
        {"headers": {"x-slack-signature": 1, "x-slack-request-timestamp": []}, "body": 7},
        {"headers": {}, "body": "é%%%", "isBase64Encoded": True},
    ],
)
def test_fault_28_an_event_of_any_shape_gets_a_401_and_no_exception(room: SlackRoom, event: Any) -> None:
    assert room.handler(event, None)["statusCode"] == 401


@pytest.mark.parametrize(
    ("fields", "status", "named"),
    [
        ({"team_id": "T0OTHER"}, 403, "workspace"),
        ({"command": ""}, 400, "`command`"),
        ({"user_id": ""}, 400, "`user_id`"),
        ({"response_url": "https://attacker.example/x"}, 400, "`response_url`"),
        ({"response_url": "https://hooks.slack.com@attacker.example/"}, 400, "`response_url`"),
        ({"response_url": "http://hooks.slack.com/commands/1"}, 400, "`response_url`"),
        ({"response_url": "https://[::1"}, 400, "`response_url`"),
    ],
)
def test_fault_28_a_signed_request_that_cannot_be_ours_is_refused_in_words(
    room: SlackRoom, fields: dict[str, str], status: int, named: str
) -> None:
    response = room.command("list", fields=fields)
    assert response["statusCode"] == status
    assert named in response["body"]


@pytest.mark.parametrize("payload", ["[1]", "null", "7", '"x"', "{", "", "[" * 5000])
def test_fault_28_a_payload_that_is_no_object_is_refused(room: SlackRoom, payload: str) -> None:
    assert room.post("interactions", urlencode({"payload": payload}).encode())["statusCode"] == 400
    assert room.post("events", payload.encode())["statusCode"] == 400


def test_fault_27_a_request_that_arrives_twice_acts_once_and_is_answered_the_same(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    typed = f"note {incident.number} once"
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: room.command(f"note {incident.number} once", trigger="t-1")["body"], range(4))
        )
    last = room.command(f"note {incident.number} once", trigger="t-1")["body"]
    assert notes(neighbours, incident) == ["once"]
    assert {answer for answer in answers if "Still working" not in answer} == {last}
    room.command(typed, trigger="t-2")
    assert notes(neighbours, incident) == ["once", "once"]


def test_fault_27_the_cards_buttons_act_once(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    for _ in range(2):
        assert room.press("ack", f"{incident.number}:1:open")["statusCode"] == 200
    for _ in range(2):
        room.press("mitigate", f"{incident.number}:2:acknowledged")
    now = neighbours.store.get(incident.number)
    assert (now.status, now.version) == (Status.MITIGATED, 3)


def test_fault_27_a_press_that_is_replayed_after_its_step_was_taken_back_takes_no_step(
    room: SlackRoom, neighbours: Neighbours
) -> None:
    incident = neighbours.add()
    pressed = f"{incident.number}:1:open"
    room.press("ack", pressed, trigger="p-1")
    room.say(f"undo {incident.number}")

    room.press("ack", pressed, trigger="p-1")
    assert neighbours.store.get(incident.number).status is Status.OPEN
    room.press("ack", pressed, trigger="p-2")
    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED


STEPS: dict[str, dict[str, Any]] = {
    "ack {n} on it": {},
    "resolve {n} new key": {},
    "affected {n} 12 records": {},
    "link {n} https://a.example x": {},
    "change {n} a key": {},
    "status {n} identified x": {},
    "undo {n}": {},
    "sev {n} 1 worse": {},
    "cause {n} auth x": {},
    "check {n} 1": {"cause": FailureClass.AUTH},
    "check {n} 1 undo": {"cause": FailureClass.AUTH},
    "snooze {n} 30m x": {},
    "unsnooze {n}": {},
    "false-alarm {n} x": {},
    "milestone {n} started 2026-01-01T10:00Z x": {},
    "split {n} a": {"alarms": alarms("a", "b")},
}


@pytest.mark.parametrize("typed", STEPS)
def test_fault_27_a_step_that_slack_delivers_twice_is_taken_once_and_answered_the_same(
    room: SlackRoom, neighbours: Neighbours, typed: str
) -> None:
    incident = neighbours.add(**STEPS[typed])
    command = typed.format(n=incident.number)

    first = room.command(command, trigger=f"t-{incident.number}")["body"]
    state, told = neighbours.store.get(incident.number), neighbours.store.timeline(incident.number)
    again = room.command(command, trigger=f"t-{incident.number}")["body"]

    assert again == first
    assert (neighbours.store.get(incident.number), neighbours.store.timeline(incident.number)) == (state, told)


@pytest.mark.parametrize("retry", [{}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}])
def test_fault_27_the_very_request_again_does_nothing_again(
    room: SlackRoom, neighbours: Neighbours, retry: dict[str, str]
) -> None:
    """A retry of Slack's, and a copy that somebody caught: the same bytes, the same signature."""
    incident = neighbours.add()
    form = {
        "team_id": "T0DEADAIR",
        "user_id": ANA.slack_id,
        "command": "/incident",
        "trigger_id": f"t{incident.number}",
    }
    body = urlencode(form | {"text": f"note {incident.number} once"}).encode()

    first = room.post("commands", body)
    again = room.post("commands", body, headers=retry)

    assert (first["statusCode"], again["body"]) == (200, first["body"])
    assert notes(neighbours, incident) == ["once"]


def test_fault_27_a_button_pressed_by_many_at_once_acts_once(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add(cause=FailureClass.AUTH)
    with ThreadPoolExecutor(6) as pool:
        for _ in pool.map(lambda _: room.press("check", f"{incident.number}:1:auth.user"), range(6)):
            pass

    assert neighbours.store.get(incident.number).version == 2


def test_fault_28_nothing_is_read_or_done_for_a_forged_request(neighbours: Neighbours) -> None:
    class Nothing:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"{name} was asked")

    with a_process("slack_commands.handler", neighbours.environment) as module:
        room = replace(module.room(), store=Nothing(), requests=Nothing(), registry=Nothing(), knowledge=Nothing())
        for path in ("commands", "interactions", "events", "options"):
            request = module.request_from(
                {"rawPath": f"/slack/{path}", "headers": {"x-slack-signature": "v0=00"}, "body": "text=list"}
            )
            assert respond(room, request, datetime.now(UTC), "r")["statusCode"] == 401


def test_fault_28_the_answer_never_says_which_part_was_wrong(room: SlackRoom) -> None:
    forgeries: list[dict[str, Any]] = [
        {"secret": "another"},
        {"skew_s": -400},
        {"headers": {"X-Slack-Signature": "absent"}},
        {"headers": {"X-Slack-Request-Timestamp": "soon"}},
    ]
    answers = [room.post("commands", b"command=%2Fincident&text=list", **forged) for forged in forgeries]

    assert all(answer == answers[0] for answer in answers)


def test_fault_29_a_response_address_that_hangs_holds_nobody_up_and_loses_no_step(neighbours: Neighbours) -> None:
    """How long the step itself takes depends on the machine; what the address adds to it must leave Slack's time."""
    incident, other = neighbours.add(), neighbours.add()
    with (
        a_deaf_host() as deaf,
        a_process("slack_commands.handler", dict(neighbours.environment, SLACK_HOOKS=deaf)) as module,
    ):
        hung = SlackRoom(module.handler, neighbours)

        def took(pressed: Incident, hook: str) -> float:
            begun = time.monotonic()
            assert hung.press("ack", f"{pressed.number}:1:open", hook=hook)["statusCode"] == 200
            return time.monotonic() - begun

        by_itself = took(other, "")
        assert took(incident, f"http://{deaf}/hooks/1") - by_itself < PATIENCE_S

    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED


def test_fault_29_a_response_address_that_is_over_loses_no_step(room: SlackRoom, neighbours: Neighbours) -> None:
    """The card in the channel follows from the state, so that whoever pressed sees it there."""
    incident = neighbours.add()
    over = f"{neighbours.slack.url}/hooks/over"

    assert room.press("ack", f"{incident.number}:1:open", hook=over)["statusCode"] == 200
    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED


def told_directly(near: Neighbours, incident: Incident) -> list[str]:
    """What the bot told Ana in their direct messages about the incident."""
    return [message["text"] for message in near.messages(incident) if message["channel"].startswith("D")]


@pytest.mark.parametrize("press", ["card", "command"])
def test_fault_29_an_answer_that_slack_does_not_take_comes_once_as_a_direct_message(
    room: SlackRoom, neighbours: Neighbours, press: str
) -> None:
    incident = neighbours.add()
    button = ("ack", f"{incident.number}:1:open") if press == "card" else ("run:1", f"ack {incident.number}")

    for _ in range(2):
        room.press(*button, hook=f"{neighbours.slack.url}/hooks/over-{incident.number}", ts=str(incident.number))

    (text,) = told_directly(neighbours, incident)
    assert text.startswith("Slack did not take this answer where you pressed the button:")
    assert f"You have {incident.id}" in text


def test_fault_29_an_answer_that_arrived_is_not_told_again(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()
    ts = neighbours.slack_message(incident, f"{incident.number}:1:open")
    neighbours.door("click", user=ANA.slack_id, ts=ts, action_id="resolve")

    assert told_directly(neighbours, incident) == []


def test_fault_29_where_the_bot_cannot_speak_either_the_log_says_so_and_the_step_stays(
    neighbours: Neighbours, caplog: pytest.LogCaptureFixture
) -> None:
    incident = neighbours.add()
    silent = dict(neighbours.environment, SLACK_API_URL="http://127.0.0.1:9/api/")
    with a_process("slack_commands.handler", silent) as module, caplog.at_level("ERROR"):
        logging.getLogger("deadair").addHandler(caplog.handler)
        answer = SlackRoom(module.handler, neighbours).press(
            "ack", f"{incident.number}:1:open", hook=f"{neighbours.slack.url}/hooks/over-{incident.number}"
        )
        logging.getLogger("deadair").removeHandler(caplog.handler)

    assert answer["statusCode"] == 200
    assert neighbours.store.get(incident.number).status is Status.ACKNOWLEDGED
    assert "an answer did not arrive as a direct message either" in caplog.text
    assert TOKEN not in caplog.text


def test_fault_29_slack_waits_for_no_command_however_many_come_at_once(room: SlackRoom, neighbours: Neighbours) -> None:
    incident = neighbours.add()

    def timed(number: int) -> float:
        begun = time.monotonic()
        room.say(("show {0}", "timeline {0}", "ack {0}", "check {0}")[number % 4].format(incident.number))
        return time.monotonic() - begun

    with ThreadPoolExecutor(4) as pool:
        took = sorted(pool.map(timed, range(60)))
    assert took[-1] < PATIENCE_S
