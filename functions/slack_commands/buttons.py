"""What a pressed button does: the steps of a card, what stands under More, checks, and buttons that run a command.

Knows which press takes a step at once and which asks for words first. Refuses to act on what is over meanwhile: it
says who did what.
"""

from collections.abc import Callable
from dataclasses import replace

from deadair.adapters.slack import actions
from deadair.adapters.slack.actions import Choice, Drawn, checked, chosen, drawn, words_shown
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from slack_commands.context import OPENED, Context, Reply
from slack_commands.racing import meanwhile
from slack_commands.running import RUN as COMMAND
from slack_commands.verbs import RUN, approve, check
from slack_commands.verbs import action as action_verb

# The verb that does the same as a modal, and its words.
TYPED: dict[str, tuple[str, ...]] = {
    "note": ("note", "…"),
    "resolve": ("resolve", "…"),
    "assign": ("assign", "@…"),
    "snooze": ("snooze", "30m", "…"),
    "false_alarm": ("false-alarm", "…"),
    "reopen": ("reopen", "…"),
    "action": ("action", "what is to be done", "@who", "by 12 Dec"),
    "milestones": ("milestone", "started", "10:42", "…"),
    "pm": ("pm",),
    "review": ("review", "@…"),
    "return": ("return", "…"),
}
AT_ONCE = {actions.ACKNOWLEDGE: "ack", actions.MITIGATE: "mitigate"}
# What has no sense any more once an incident is over, or before it is.
WHILE_OPEN = frozenset({"resolve", "assign", "snooze", "false_alarm"})
WHEN_OVER: dict[str, frozenset[Status]] = {
    "reopen": frozenset({Status.RESOLVED, Status.MITIGATED}),
    "pm": frozenset({Status.RESOLVED}),
    "review": frozenset({Status.RESOLVED}),
}


def is_link(action: str, value: str) -> bool:
    """Whether the button only opened a page: Slack tells us, and there is nothing to do."""
    return action in {actions.OPEN_PAGE, actions.SEARCH} or value.startswith(f"{Choice.OPEN_PAGE}:")


def is_command(action: str) -> bool:
    """Whether the button's value is a command to run."""
    return action.startswith(f"{COMMAND}:")


def card_step(context: Context, action: str, value: str) -> Reply:
    """Take the step, or ask for the words that it needs. `context.command` is empty."""
    if action == actions.OPEN_ONE:
        return asked(context, "open", ("open", "…"))
    if action == actions.ACTION_DONE or action.partition(":")[0] == actions.CHECK:
        return _item_done(context, value) if action == actions.ACTION_DONE else _check(context, value)
    if action in {actions.APPROVE, actions.SEND_BACK}:
        return _reviewed(context, action, value)
    more = chosen(value) if action == actions.MORE else None
    name, seen = (more[0].value, more[1]) if more else (action, drawn(value))
    if seen is None:
        return _old(context)
    if name in AT_ONCE:
        return _run(context, AT_ONCE[name], seen)
    return _ask(context, name, seen) if name in TYPED else _old(context)


def asked(context: Context, name: str, typed: tuple[object, ...], number: int | None = None) -> Reply:
    """A modal for the words, or the command to type where Slack opens none."""
    if context.ask(name, number):
        return OPENED
    return Reply(say("modals.typed_instead", command=context.typed(*typed)), refused=True)


def _ask(context: Context, name: str, seen: Drawn) -> Reply:
    verb, *words = TYPED[name]
    context = replace(context, command=Command(verb, str(seen.number), said=verb))
    incident = context.store.get(seen.number)
    if incident.merged_into is not None and name in WHILE_OPEN | WHEN_OVER.keys():
        into = incident.merged_into
        raise IllegalTransition(f"{incident.id} was merged into INC-{into}.", field="status", remedy=f"show {into}")
    if not _applies(name, incident):
        return meanwhile(context, incident)
    return asked(context, name, (verb, seen.number, *words), seen.number)


def _applies(name: str, incident: Incident) -> bool:
    if name in WHILE_OPEN:
        return incident.is_open
    return incident.status in WHEN_OVER.get(name, frozenset(Status))


def _run(context: Context, verb: str, seen: Drawn) -> Reply:
    run: Callable[[Context], Reply] = RUN[verb]
    return run(replace(context, command=Command(verb, str(seen.number), said=verb)))


def _reviewed(context: Context, action: str, value: str) -> Reply:
    """A reader's answer: an approval is of the words that the message showed."""
    found = words_shown(value)
    if found is None:
        return _old(context)
    number, words = found
    context = replace(context, command=Command(action, str(number), said=action))
    if action == actions.APPROVE:
        return approve.approve_words(context, number, words)
    return asked(context, action, (action, number, "…"), number)


def _check(context: Context, value: str) -> Reply:
    found = checked(value)
    if found is None:
        return _old(context)
    context = replace(context, command=Command("check", str(found[0]), said="check"))
    return check.pressed(context, *found)


def _item_done(context: Context, value: str) -> Reply:
    found = actions.action_named(value)
    if found is None:
        return _old(context)
    context = replace(context, command=Command("action", str(found[0]), said="action"))
    return action_verb.pressed(context, *found)


def _old(context: Context) -> Reply:
    return Reply(say("answers.error.old_button", command=context.typed("list")), refused=True)
