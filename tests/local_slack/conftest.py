"""A local Slack on a free port with a tiny app behind it, and builders for what is sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from infra.local.slack.server import Handle, start
from tests.local_slack import doors
from tests.local_slack.an_app import SECRET, TOKEN, AnApp

PEOPLE = (
    {"slack_id": "U0ANA", "name": "Ana Lima", "email": "ana.lima@example.com", "tz": "Europe/Lisbon"},
    {"slack_id": "U0BEN", "name": "Ben Okafor", "email": "ben.okafor@example.com"},
)


@dataclass
class Running:
    """The running local Slack, a client of it, and the app behind it."""

    handle: Handle
    client: WebClient
    app: AnApp

    def door(self, door: str, **order: Any) -> dict[str, Any]:
        """Use one of the doors under /_local/."""
        return doors.use(self.handle.url, door, order)

    def state(self) -> dict[str, Any]:
        """Return everything that it knows."""
        return doors.state(self.handle.url)

    def last(self, user: str | None = None) -> dict[str, Any]:
        """Return the newest message that only *user* sees, or the newest that everybody sees."""
        return doors.last(self.handle.url, user)


def run(state_dir: Path, app: AnApp, **choices: Any) -> Running:
    """Start a local Slack on a free port."""
    handle = start(
        "127.0.0.1",
        0,
        state_dir=state_dir,
        signing_secret=SECRET,
        bot_token=TOKEN,
        web_url=app.url,
        people=PEOPLE,
        **choices,
    )
    return Running(handle, WebClient(TOKEN, base_url=f"{handle.url}/api/"), app)


def refused_door(slack: Running, door: str, **order: Any) -> str:
    """Return Slack's word for why a door does not do it."""
    with pytest.raises(HTTPError) as caught:
        slack.door(door, **order)
    with caught.value as refusal:
        return str(json.loads(refusal.read())["error"])


def refused(slack: Running, method: str, **arguments: Any) -> SlackResponse:
    """Return Slack's answer to a call that it refuses."""
    with pytest.raises(SlackApiError) as caught:
        slack.client.api_call(method, json=arguments)
    answer: SlackResponse = caught.value.response
    return answer


@pytest.fixture
def app() -> Iterator[AnApp]:
    """Give a tiny app."""
    running = AnApp()
    yield running
    running.close()


@pytest.fixture
def slack(tmp_path: Path, app: AnApp) -> Iterator[Running]:
    """Give a running local Slack with that app behind it."""
    running = run(tmp_path, app)
    yield running
    running.handle.stop()
