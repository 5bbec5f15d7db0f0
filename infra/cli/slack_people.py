"""Asking a stack's Slack about people: its address and its token, as the stack's own rooms have them."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from deadair.adapters.registry_file.model import Row
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.ssm.secrets import Secrets
from deadair.usecases.check_people import Asked, check_people
from infra.cli.choice import chosen, output
from infra.config import stage_named
from infra.local.errors import NoStack
from infra.target import Target

if TYPE_CHECKING:
    from deadair.usecases.must_be_there import Workspace

SLACK = "https://slack.com/api/"
PREFIX = "Deadair-"


def ask(context: typer.Context, rows: Sequence[Row]) -> Asked:
    """What Slack says of the rows' people. Without a stack there is no Slack, which is said and no finding."""
    # What went wrong is said in our words; slack_sdk would say it a second time.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    try:
        target = chosen(context)
    except NoStack:
        people = {person.email for row in rows for person in (row.owner, row.deputy, row.escalation) if person}
        return Asked([], len(people), 0, "no stack runs here, and none is named.")
    return check_people(rows, _client(target))


def workspace_of(target: Target) -> "Workspace":
    """Where a stack's people are looked up, by what its rooms keep of them, else by its Slack."""
    from deadair.adapters.dynamodb.members import MemberStore
    from deadair.usecases.must_be_there import Workspace

    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    store = MemberStore(target.client("dynamodb"), output(target, "IncidentsTable"))
    return Workspace(store, lambda: _client(target))


def _client(target: Target) -> SlackClient:
    stage = stage_named(target.stack.removeprefix(PREFIX))
    secrets = Secrets(target.client("ssm"), stage.slack_secrets, "bot-token")
    return SlackClient(f"{target.slack}/api/" if target.is_local else SLACK, lambda: secrets.get("bot-token"))
