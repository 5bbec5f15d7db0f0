"""What the doors stand on: the room's neighbours, and what the work of one request gets to know of them.

Knows how they hang together. Refuses to know HTTP and verbs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack import hooks
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.links import Links
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.ownership import Person
from slack_commands.context import SLASH, Context
from slack_commands.people import Directory, actor_of, zone_of
from slack_commands.redrawing import Homes
from slack_commands.settings import SlackSettings
from slack_commands.showing import Asking, show

if TYPE_CHECKING:
    from deadair.adapters.search import KnowledgeIndex
    from deadair.adapters.slack.prompt_slack import PromptSlack


@dataclass(frozen=True, slots=True)
class Room:
    """The room's neighbours, wired once."""

    settings: SlackSettings
    store: IncidentStore
    requests: RequestStore
    registry: RegistryStore
    directory: Directory
    secrets: Secrets
    knowledge: "Callable[[], KnowledgeIndex]"
    direct: Callable[[], Callable[[str, dict[str, Any]], None]]
    slack: "Callable[[], PromptSlack]"
    errors: StandingErrors
    # Where an answer to a response address goes; and when the request was sent, of what waited in the queue since.
    post: Callable[[str, dict[str, Any]], bool] = hooks.post
    said_at: datetime | None = None
    homes: Homes = field(default_factory=Homes)

    def context(self, command: Command, user: str, name: str, now: datetime, slash: str = SLASH) -> Context:
        """What a verb gets to know."""
        actor = actor_of(self.directory, user, name, now, _insists(command))
        return Context(
            store=self.store,
            registry=self.registry,
            directory=self.directory,
            knowledge=self.knowledge,
            links=Links(self.settings.web_url),
            actor=actor,
            command=command,
            now=now,
            zone_of=cache(lambda: zone_of(self.directory, actor.person, now)),
            slash=slash,
            said_at=self.said_at,
            keeps=bool(self.settings.kept_queue),
            fallback=_person(self.settings.fallback_owner),
        )

    def asking(self, context: Context, carried: Carried, trigger: str) -> Context:
        """The same, where Slack opens modals for a trigger; `carried` says where their answers go."""
        return replace(context, ask=lambda name, number: show(self, context, name, number, Asking(carried, trigger)))

    def stepped(self, context: Context, ref: str) -> None:
        """Somebody took a step elsewhere than on their Home."""
        if self.said_at is None:
            self.homes.after_step(context.actor.person.slack_id, self.settings.slack_team, context.now, ref)

    def is_another_team(self, team: str) -> bool:
        """Whether a request comes from another workspace than the configured one."""
        return bool(self.settings.slack_team) and team != self.settings.slack_team


def _person(told: str) -> Person | None:
    """Who stands in where there is no integration; None where nobody was named."""
    return Person(**json.loads(told)) if told else None


def _insists(command: Command) -> str:
    """Why somebody acts on what is not theirs: behind `--override`, or in the rest of the line."""
    said = command.flags.get("override")
    return "" if said is None else said or command.text
