"""From a command to its verb, and to an answer whatever happens.

Knows the table of verbs and what may go wrong. Refuses to know HTTP.
"""

import logging
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.mrkdwn import Mrkdwn, one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import AlreadyDone, NotAllowed, Refusal, Unavailable
from slack_commands import guesses
from slack_commands.away import StoreAway, may_pass
from slack_commands.context import Context, Reply
from slack_commands.refusing import refused
from slack_commands.times import NOW_ONLY, not_then
from slack_commands.verbs import READS, RUN, menu

log = logging.getLogger(f"deadair.{__name__}")


def answer(context: Context, ref: str, work: Callable[[], Reply] | None = None) -> Reply:
    """What the person sees, whatever happens: what `work` says, by default the command's verb.

    `ref` is a short id under which operators find the log line.
    """
    command = context.command
    barred = context.actor.rights.barred
    try:
        if barred:
            raise NotAllowed(barred)
        return work() if work else _verb(context)
    except Refusal as refusal:
        return refused(context, refusal)
    except AlreadyDone:
        return Reply(say("answers.kept.done", command=_look(context)))
    except (Unavailable, BotoCoreError, ClientError) as error:
        log.exception(
            "a command could not be worked", extra={"ref": ref, "verb": command.verb, "why": type(error).__name__}
        )
        reply = _unreachable(context, ref)
        if context.keeps and (work or command.verb) and command.verb not in READS and may_pass(error):
            raise StoreAway(reply) from error
        return reply


def not_begun(context: Context, ref: str) -> Reply:
    """The store cannot be reached and nothing was begun."""
    return Reply(say("answers.error.not_begun", ref=ref, command=_again(context)), refused=True)


def _unreachable(context: Context, ref: str) -> Reply:
    """The store cannot be reached: after a step it is not certain whether it was saved."""
    if not context.command.verb or context.command.verb in READS:
        return Reply(say("answers.error.unreadable", ref=ref, command=_again(context)), refused=True)
    return Reply(say("answers.error.unavailable", ref=ref, command=_look(context)), refused=True)


def _look(context: Context) -> Mrkdwn:
    """Where to see what became of it."""
    return context.typed("show", context.command.ref) if context.command.ref else context.typed("list")


def _again(context: Context) -> Mrkdwn:
    """What was typed, to be typed again."""
    command = context.command
    return context.typed(*(part for part in (command.verb, command.ref, one_line(command.text, 60)) if part))


def _verb(context: Context) -> Reply:
    command = context.command
    if not command.verb:
        return guesses.unknown(context) if command.said else menu.run(context)
    if command.verb in NOW_ONLY and command.asks_for_a_time:
        return not_then(context)
    return RUN[command.verb](context)
