"""What a pressed button does: the card's Acknowledge, Resolve and checks, and buttons that run a command.

Knows the values that our own messages carry: number, version and status as they were drawn, or the check. Refuses to
resolve from a card that a person's step has made old: it says who did what meanwhile.
"""

import re
from dataclasses import dataclass, replace

from deadair.adapters.slack.actions import ACKNOWLEDGE, OPEN_PAGE, RESOLVE
from deadair.adapters.slack.blocks import actions, button, section
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from slack_commands.choosing import RUN
from slack_commands.context import Context, Reply
from slack_commands.people import is_me
from slack_commands.racing import what_happened
from slack_commands.verbs import ack, check, resolve

CHECK_VALUE = re.compile(r"([0-9]{1,9}):[0-9]{1,9}:([a-z_.]{1,60})")
VALUE = re.compile(rf"([0-9]{{1,9}}):([0-9]{{1,9}}):({'|'.join(Status)})")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The state that a button was drawn from."""

    number: int
    version: int
    status: str


def drawn(value: str) -> Drawn | None:
    """Read a button's value `42:7:open`; None when it is not ours."""
    found = VALUE.fullmatch(value)
    return Drawn(int(found[1]), int(found[2]), found[3]) if found else None


def is_link(action: str) -> bool:
    """Whether the button only opened a page: Slack tells us, and there is nothing to do."""
    return action == OPEN_PAGE


def is_command(action: str) -> bool:
    """Whether the button's value is a command to run."""
    return action.startswith(f"{RUN}:")


def card_step(context: Context, action: str, value: str) -> Reply:
    """Acknowledge, resolve or tick a check from a card. `context.command` is empty."""
    if action.partition(":")[0] == check.CHECK:
        return _check(context, value)
    seen = drawn(value)
    if seen is None or action not in {ACKNOWLEDGE, RESOLVE}:
        return Reply(say("answers.error.old_button", command=context.typed("list")))
    verb = "ack" if action == ACKNOWLEDGE else "resolve"
    context = replace(context, command=Command(verb, str(seen.number), said=verb))
    return ack.take(context, seen.number) if action == ACKNOWLEDGE else _resolve(context, seen)


def _check(context: Context, value: str) -> Reply:
    found = CHECK_VALUE.fullmatch(value)
    if found is None:
        return Reply(say("answers.error.old_button", command=context.typed("list")))
    context = replace(context, command=Command("check", found[1], said="check"))
    return check.pressed(context, int(found[1]), found[2])


def _resolve(context: Context, seen: Drawn) -> Reply:
    incident = context.store.get(seen.number)
    if incident.is_open and incident.status != seen.status and not _mine(context, incident):
        return _changed(context, incident)
    return resolve.close(context, seen.number, "")


def _mine(context: Context, incident: Incident) -> bool:
    """Whether the last step was this person's own: nobody is told of their own action."""
    return is_me(incident.acknowledged_by, context.actor.person)


def _changed(context: Context, incident: Incident) -> Reply:
    text = say("answers.stale.changed", what=what_happened(context, incident))
    value = f"{incident.number}:{incident.version}:{incident.status.value}"
    again = button(plain("answers.stale.resolve_button", id=incident.id), RESOLVE, value)
    return Reply(text, (section(text), actions(again)))
