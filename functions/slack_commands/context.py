"""What a verb gets to know, and what it gives back.

Knows the parts of an answer. Refuses to know HTTP and buttons.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.blocks import Block, fallback
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, code
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor
from slack_commands.people import Directory

if TYPE_CHECKING:
    from deadair.adapters.search import KnowledgeIndex

SLASH = "/incident"
# Opens the modal of that name about an incident, where there is one. False: Slack does not, so say what to type.
Ask = Callable[[str, int | None], bool]


def no_modal(_name: str, _number: int | None) -> bool:
    """Where there is no way to open one."""
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """One command of one person at one moment. `slash` is the command's name as this workspace has it.

    `ask` opens a modal for the words that are missing; the answer is then `OPENED`. `here` is the incident in whose
    thread it was said.
    """

    store: IncidentStore
    registry: RegistryStore
    directory: Directory
    knowledge: "Callable[[], KnowledgeIndex]"
    links: Links
    actor: Actor
    command: Command
    now: datetime
    zone_of: Callable[[], tzinfo]
    slash: str = SLASH
    ask: Ask = no_modal
    here: int | None = None
    # When it was said, of what waited in the queue since then.
    said_at: datetime | None = None
    # Whether there is a queue for what cannot be worked now.
    keeps: bool = False
    # Who gets what belongs to no integration.
    fallback: Person | None = None

    @property
    def zone(self) -> tzinfo:
        """The clock that the person reads; looked up once, and only for whoever asks."""
        return self.zone_of()

    @property
    def heard_at(self) -> datetime:
        """The moment from which the person counts: `10m ago`, `for 30m`."""
        return self.said_at or self.now

    def typed(self, *words: object) -> Mrkdwn:
        """A command to type next, as code."""
        return code(" ".join([self.slash, *(str(word) for word in words)]))


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the person who asked sees; nothing when it is empty.

    `refused`: nothing changed. Where the words came from a modal, it stays open and says so.
    """

    text: str
    blocks: tuple[Block, ...] = field(default=())
    refused: bool = False

    def body(self) -> dict[str, Any]:
        """As Slack takes it."""
        if not self.text:
            return {}
        body: dict[str, Any] = {"response_type": "ephemeral", "text": fallback(self.text)}
        return body | ({"blocks": list(self.blocks)} if self.blocks else {})


# A modal is open: it says everything.
OPENED = Reply("")
