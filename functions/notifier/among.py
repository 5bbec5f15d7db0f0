"""The one message that tells a person of several incidents which became theirs within a minute, kept up to date.

Knows that it is the notice of the incident that came first. Refuses to decide which incidents are told in it: see
`crowd`.
"""

from dataclasses import dataclass

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.notices import crowd_notice
from deadair.domain.incident import Incident
from notifier.crowd import CROWD, Crowds
from notifier.drawing import Marks, Pen
from notifier.showing import Sheet, show
from notifier.telling import key_of


@dataclass(frozen=True, slots=True)
class Among:
    """Draws it."""

    store: IncidentStore
    pen: Pen
    slack: SlackClient
    crowds: Crowds
    links: Links

    def show(self, incident: Incident, first: int, told: Marks) -> Marks:
        """Draw the message of the incident `first` with this one in it; returns this one's marks."""
        members = self.store.get_many(self.crowds.members(first))
        progress = self.pen.notices.progress(first, CROWD)
        self.pen.draw(first, CROWD, _version(members), progress, lambda before: self._made(first, told, before))
        return told | {"state": state_of(incident)}

    def _made(self, first: int, told: Marks, before: Progress) -> tuple[int, Marks]:
        now = self.store.get_many(self.crowds.members(first))
        worst_first = sorted(now.values(), key=lambda one: (one.severity, one.number))
        reader = told.get("person")
        others = {one.number for one in worst_first if reader and key_of(one.owner) != reader}
        message = crowd_notice(worst_first, self.links, others)
        since = min(one.opened_at for one in now.values())
        sheet = Sheet({"notice": CROWD, "first": str(first)}, _version(now), message, since)
        return sheet.version, show(self.slack, told["channel"], sheet, before)


def state_of(incident: Incident) -> str:
    """What a line among others shows of an incident."""
    return f"{incident.status.value}|{incident.acknowledged_by}|{incident.severity.value}"


def _version(members: dict[int, Incident]) -> int:
    return len(members) + sum(incident.version for incident in members.values())
