"""What every use of the page needs at hand: the workspace, the views, the way to the app, and who may be where.

Knows no payload and no answer.
"""

from __future__ import annotations

from infra.local.slack.app_link import AppLink
from infra.local.slack.channels import CHANNELS, Channel
from infra.local.slack.people import Person
from infra.local.slack.refusals import Refusal
from infra.local.slack.scopes import Grant
from infra.local.slack.views import Views
from infra.local.slack.workspace import Workspace

MOST_WARNINGS = 100
VERIFICATION_WORD = "local-verification-token"  # Slack's old, deprecated token: no secret, nobody may trust it


class Desk:
    """The things in reach. *url* is the address of this workspace."""

    def __init__(self, workspace: Workspace, views: Views, link: AppLink, grant: Grant, url: str) -> None:
        self.workspace = workspace
        self.views = views
        self.link = link
        self.grant = grant
        self.token = VERIFICATION_WORD
        self.url = url
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        """Note something that Slack would swallow, for `/_local/state`."""
        self.warnings = [*self.warnings[1 - MOST_WARNINGS :], text]

    def who_and_where(self, user: str, channel_id: str) -> tuple[Person, Channel]:
        """Return the person and the conversation; raise Refusal when either is unknown or the person is not in it."""
        person = self.workspace.person(user)
        channel = self.workspace.channel(channel_id or CHANNELS[0].id)
        if channel.person and channel.person != person.id:
            raise Refusal("channel_not_found")
        return person, channel
