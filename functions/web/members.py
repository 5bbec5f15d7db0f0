"""The people of the Slack workspace, as the pages ask about them.

Knows that a page is not kept waiting by a Slack that hangs, and that its client is imported when it is needed. Refuses
to judge what somebody may do.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.ownership import Integration, Person
from deadair.domain.standing_in import is_named
from deadair.usecases.must_be_there import Workspace, must_be_there
from web.settings import WebSettings

if TYPE_CHECKING:
    from deadair.adapters.slack.client import SlackClient

BOT_TOKEN = "bot-token"  # noqa: S105 - a parameter's name
TIMEOUT_S = 1


class Members:
    """`client` gives a client of an AWS service, `rows` the registry's rows, which let a guest in whom they name.

    Without a place of Slack's secrets, nobody is asked about.
    """

    def __init__(
        self, settings: WebSettings, client: Callable[[str], Any], rows: Callable[[], list[Integration]]
    ) -> None:
        self._settings, self._client, self._rows = settings, client, rows

    def why_out(self, person: Person, now: datetime) -> str:
        """Why somebody may not come in: `gone` (deactivated), `guest` (nor may bots); empty for everybody else.

        Whom Slack does not know may, and everybody while it is silent. Of which workspace they are was judged before.
        """
        member = self._workspace.known(person, now) if self._workspace else None
        if member is None or member.unknown:
            return ""
        if member.deactivated:
            return "gone"
        outsider = member.outside(self._settings.slack_team) in {"bot", "guest"}
        return "guest" if outsider and not is_named(person, self._rows()) else ""

    def must_be_there(self, person: Person, now: datetime) -> Person:
        """The person, as Slack knows them. Raises Invalid for somebody who has left."""
        return must_be_there(self._workspace, person, now) if self._workspace else person

    @cached_property
    def kept(self) -> MemberStore:
        """What is kept of them."""
        return MemberStore(self._client("dynamodb"), self._settings.incidents_table)

    @cached_property
    def _workspace(self) -> Workspace | None:
        told = self._settings
        if not told.slack_secrets:
            return None
        return Workspace(self.kept, lambda: self._slack, told.slack_team)

    @cached_property
    def _slack(self) -> "SlackClient":
        from deadair.adapters.slack.client import SlackClient

        secrets = Secrets(self._client("ssm"), self._settings.slack_secrets, BOT_TOKEN)
        token, renew = (lambda: secrets.get(BOT_TOKEN)), (lambda: secrets.anew(BOT_TOKEN))
        return SlackClient(self._settings.slack_api_url, token, TIMEOUT_S, renew=renew)
