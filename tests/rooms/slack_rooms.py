"""The two Slack rooms with everything real around them: tables, SSM and queue on the local AWS, the local Slack.

The tables are this session's own, without a stream, so that no deployed room works beside the ones under test.
"""

import base64
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import ModuleType
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from slack_sdk import WebClient

from deadair.adapters import aws
from deadair.adapters.dynamodb.incidents import IncidentStore, entry_item, incident_item
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.adapters.slack.signature import sign
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.timeline import Entry, Fact, Source
from infra.local.slack.server import Handle, start
from infra.target import Target
from tests.builders import ANA, BEN, FALLBACK, an_incident
from tests.local_slack import doors
from tests.stack import a_table_like

SECRET, TOKEN = "a-signing-secret", "xoxb-a-bot-token"
CHANNEL = "C0INCIDENTS"
SLACK_PATH = "/deadair/test-rooms/slack"
PEOPLE = [{"slack_id": p.slack_id, "name": p.name, "email": p.email} for p in (ANA, BEN)]
ROW = {
    "slug": "hubspot-salesforce",
    "name": "HubSpot → Salesforce",
    "owner": {"name": ANA.name, "email": ANA.email, "slack_id": ANA.slack_id},
    "deputy": {"name": BEN.name, "email": BEN.email, "slack_id": BEN.slack_id},
    "escalation": "Lee Park",
    "runbook": "https://runbooks.example/hubspot",
}
numbers = count(1001)


class Door(ThreadingHTTPServer):
    """A small API Gateway: what the local Slack sends becomes an event for the room's handler."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Gateway)
        self.handler: Callable[[dict[str, Any], Any], dict[str, Any]] = _nobody
        self.url = f"http://localhost:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self._thread.join()
        self.server_close()


def _nobody(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"statusCode": 503, "body": ""}


class _Gateway(BaseHTTPRequestHandler):
    server: Door

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = {"rawPath": self.path, "headers": dict(self.headers), "body": body.decode(), "isBase64Encoded": False}
        answer = self.server.handler(event, None)
        self.send_response(answer["statusCode"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer["body"].encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@dataclass
class Neighbours:
    """What both rooms stand on."""

    target: Target
    incidents: str
    registry: str
    slack: Handle
    door_to_room: Door
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def dynamodb(self) -> Any:
        return self.target.client("dynamodb")

    @property
    def store(self) -> IncidentStore:
        return IncidentStore(self.dynamodb, self.incidents)

    @property
    def notices(self) -> NoticeStore:
        return NoticeStore(self.dynamodb, self.incidents)

    @property
    def web(self) -> WebClient:
        """A client of the local Slack."""
        return WebClient(TOKEN, base_url=f"{self.slack.url}/api/")

    def add(self, **more: Any) -> Incident:
        """An incident of its own in the table, with the entry of its opening."""
        incident = an_incident(next(numbers), **more)
        opening = Entry(
            incident.id,
            "opened",
            Fact.OPENED,
            incident.opened_at,
            incident.opened_at,
            "Deadair",
            Source.ALARM,
            "Opened.",
        )
        writes = [incident_item(incident), entry_item(incident.number, opening)]
        commit(self.dynamodb, [put_new(self.incidents, item) for item in writes])
        return incident

    def draft(self, incident: Incident, answered: int = 0, suggested: dict[str, str] | None = None) -> Postmortem:
        """A postmortem with its first answers."""
        answers = dict.fromkeys(list(QUESTIONS)[:answered], "known")
        draft = Postmortem(incident=incident.id, answers=answers, suggested=suggested or {})
        self.store.save_postmortem(incident.number, None, draft)
        return draft

    def messages(self, incident: Incident) -> list[dict[str, Any]]:
        """Everything in Slack that names the incident and is not deleted."""
        told = doors.state(self.slack.url, naming=incident.id)["messages"]
        return [m for m in told if not m["deleted"]]

    def slack_message(self, incident: Incident, value: str) -> str:
        """The ts of a message in the channel with a Resolve button that carries `value`."""
        resolve = {
            "type": "button",
            "action_id": "resolve",
            "value": value,
            "text": {"type": "plain_text", "text": "R"},
        }
        blocks = [{"type": "actions", "elements": [resolve]}]
        return str(self.web.chat_postMessage(channel=CHANNEL, text=incident.id, blocks=blocks)["ts"])

    def last_told(self, user: str) -> dict[str, Any]:
        """The newest message that only one person sees."""
        return doors.last(self.slack.url, user)

    def state(self) -> dict[str, Any]:
        """Everything that the local Slack knows."""
        return doors.state(self.slack.url)

    def door(self, door: str, **order: Any) -> dict[str, Any]:
        """Use one of the local Slack's doors."""
        return doors.use(self.slack.url, door, order)


@pytest.fixture(scope="session")
def neighbours(stack: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Tables, secrets and a local Slack, for the session."""
    name = uuid4().hex[:8]
    incidents, registry = a_table_like(stack, "IncidentsTable"), a_table_like(stack, "RegistryTable")
    dynamodb, ssm = stack.client("dynamodb"), stack.client("ssm")
    dynamodb.put_item(
        TableName=registry,
        Item={"pk": {"S": "REG"}, "sk": {"S": "ROW#hubspot-salesforce"}, "row": {"S": json.dumps(ROW)}},
    )
    for key, value in (("signing-secret", SECRET), ("bot-token", TOKEN)):
        ssm.put_parameter(Name=f"{SLACK_PATH}/{key}", Value=value, Type="SecureString", Overwrite=True)
    to_room = Door()
    slack = start(
        "127.0.0.1",
        0,
        state_dir=tmp_path_factory.mktemp("slack"),
        signing_secret=SECRET,
        bot_token=TOKEN,
        web_url=to_room.url,
        people=PEOPLE,
    )
    found = Neighbours(stack, incidents, registry, slack, to_room)
    found.environment = {
        "AWS_ENDPOINT_URL": str(stack.endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": stack.region,
        "INCIDENTS_TABLE": incidents,
        "REGISTRY_TABLE": registry,
        "KNOWLEDGE_BUCKET": f"no-bucket-{name}",
        "SLACK_SECRETS": SLACK_PATH,
        "WEB_URL": "https://deadair.example",
        "SLACK_TEAM": "T0DEADAIR",
        "ADMINS": ANA.email,
        "FALLBACK_OWNER": json.dumps({"name": FALLBACK.name, "email": FALLBACK.email, "slack_id": FALLBACK.slack_id}),
        "SLACK_API_URL": f"{slack.url}/api/",
        "SLACK_HOOKS": slack.url.removeprefix("http://"),
        "SLACK_CHANNEL": CHANNEL,
    }
    yield found
    slack.stop()
    to_room.close()


def _forget_clients() -> None:
    aws.client.cache_clear()
    aws.prompt_client.cache_clear()


@contextmanager
def a_process(module: str, environment: dict[str, str]) -> Iterator[ModuleType]:
    """The room as a fresh process would have it: its environment, its module, no client of an earlier one."""
    before = sys.modules.pop(module, None)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        # A busy machine is no store that is away; whoever claims something of that sets these back.
        patch.setattr(aws, "PROMPT", aws.CONFIG)
        patch.setattr(aws, "LAST_RESORT", aws.CONFIG)
        _forget_clients()
        imported = __import__(module, fromlist=["handler"])
        for limit in {"WITHIN_S", "UNHURRIED_S"} & vars(imported).keys():
            patch.setattr(imported, limit, 60.0)
        yield imported
    _forget_clients()
    if before is not None:
        sys.modules[module] = before


@dataclass
class SlackRoom:
    """The Slack room, spoken to as Slack does."""

    handler: Any
    near: Neighbours

    def post(
        self,
        path: str,
        body: bytes,
        *,
        secret: str = SECRET,
        skew_s: int = 0,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """A signed request through API Gateway."""
        stamp = str(int(datetime.now(UTC).timestamp()) + skew_s)
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(secret, stamp, body)}
        signed |= headers or {}
        event = {
            "version": "2.0",
            "rawPath": f"/slack/{path}",
            "headers": {name: value for name, value in signed.items() if value != "absent"},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        return self.handler(event, None)

    def command(self, text: str, who: Person = ANA, *, trigger: str = "", fields: dict[str, str] | None = None) -> Any:
        """The whole answer to `/incident text`."""
        form = {
            "team_id": "T0DEADAIR",
            "user_id": who.slack_id,
            "user_name": who.name.split()[0].lower(),
            "command": "/incident",
            "text": text,
            "trigger_id": trigger or uuid4().hex,
        }
        return self.post("commands", urlencode(form | (fields or {})).encode())

    def say(self, text: str, who: Person = ANA, *, fields: dict[str, str] | None = None) -> str:
        """What the person reads."""
        response = self.command(text, who, fields=fields)
        assert response["statusCode"] == 200, response
        body: dict[str, Any] = json.loads(response["body"])
        assert body["response_type"] == "ephemeral"
        return str(body["text"])

    def press(
        self, action: str, value: str, who: Person = ANA, *, hook: str = "", ts: str = "1.1", trigger: str = ""
    ) -> Any:
        """A pressed button."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T0DEADAIR"},
            "user": {"id": who.slack_id, "username": who.name.split()[0].lower()},
            "container": {"type": "message", "message_ts": ts, "channel_id": CHANNEL},
            "actions": [{"action_id": action, "value": value, "type": "button"}],
        } | {name: said for name, said in (("response_url", hook), ("trigger_id", trigger)) if said}
        return self.post("interactions", urlencode({"payload": json.dumps(payload)}).encode())


@pytest.fixture(scope="session")
def room(neighbours: Neighbours) -> Iterator[SlackRoom]:
    """The Slack room in one warm process."""
    with a_process("slack_commands.handler", neighbours.environment) as module:
        neighbours.door_to_room.handler = module.handler
        yield SlackRoom(module.handler, neighbours)
