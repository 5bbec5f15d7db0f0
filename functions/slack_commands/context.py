"""What a verb gets to know, and what it gives back.

Knows the parts of an answer. Refuses to know HTTP and buttons.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.blocks import Block, fallback
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, code
from deadair.domain.timeline import Actor

if TYPE_CHECKING:
    from deadair.adapters.search import KnowledgeIndex

SLASH = "/incident"


@dataclass(frozen=True, slots=True)
class Context:
    """One command of one person at one moment. `slash` is the command's name as this workspace has it."""

    store: IncidentStore
    registry: RegistryStore
    knowledge: "Callable[[], KnowledgeIndex]"
    links: Links
    actor: Actor
    command: Command
    now: datetime
    slash: str = SLASH

    def typed(self, *words: object) -> Mrkdwn:
        """A command to type next, as code."""
        return code(" ".join([self.slash, *(str(word) for word in words)]))


@dataclass(frozen=True, slots=True)
class Reply:
    """What only the person who asked sees."""

    text: str
    blocks: tuple[Block, ...] = field(default=())

    def body(self) -> dict[str, Any]:
        """As Slack takes it."""
        body: dict[str, Any] = {"response_type": "ephemeral", "text": fallback(self.text)}
        return body | ({"blocks": list(self.blocks)} if self.blocks else {})
