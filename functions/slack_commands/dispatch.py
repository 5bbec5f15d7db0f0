"""From a command to its verb, and from every refusal to an answer that says what to do next.

Knows the table of verbs and the tree of errors. Refuses to know HTTP.
"""

import logging
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.blocks import BUTTON_VALUE, actions, section
from deadair.adapters.slack.mrkdwn import Mrkdwn, code, lines_of, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.vocabulary import VERBS
from deadair.domain.errors import NotAllowed, Refusal, Stale, Unavailable
from slack_commands.choosing import run_button, words_again
from slack_commands.context import Context, Reply
from slack_commands.verbs import READS, RUN, menu

# These are recorded when they are said; leaving a time out silently would make the durations wrong.
NOW_ONLY = frozenset({"ack", "mitigate", "resolve", "reopen", "assign"})

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
    except Stale:
        name = f"INC-{command.ref}" if command.number else plain("answers.error.it")
        return Reply(say("answers.error.lost_race", id=name, command=context.typed("show", command.ref)))
    except Refusal as refusal:
        return _refused(context, refusal)
    except (Unavailable, BotoCoreError, ClientError) as error:
        log.exception(
            "a command could not be worked", extra={"ref": ref, "verb": command.verb, "why": type(error).__name__}
        )
        return _unreachable(context, ref)


def not_begun(context: Context, ref: str) -> Reply:
    """The store cannot be reached and nothing was begun."""
    return Reply(say("answers.error.not_begun", ref=ref, command=_again(context)))


def _unreachable(context: Context, ref: str) -> Reply:
    """The store cannot be reached: after a step it is not certain whether it was saved."""
    if not context.command.verb or context.command.verb in READS:
        return Reply(say("answers.error.unreadable", ref=ref, command=_again(context)))
    look = context.typed("show", context.command.ref) if context.command.ref else context.typed("list")
    return Reply(say("answers.error.unavailable", ref=ref, command=look))


def _again(context: Context) -> Mrkdwn:
    """What was typed, to be typed again."""
    command = context.command
    return context.typed(*(part for part in (command.verb, command.ref, one_line(command.text, 60)) if part))


def _verb(context: Context) -> Reply:
    command = context.command
    if not command.verb:
        return _unknown(context) if command.said else menu.run(context)
    if command.verb in NOW_ONLY and command.asks_for_a_time:
        return Reply(say("answers.error.no_time", command=context.typed("note", command.ref, "…", "--at", "10:42")))
    return RUN[command.verb](context)


def _refused(context: Context, refusal: Refusal) -> Reply:
    """The refusal's own words, that nothing changed, and its remedy: a command where it names a verb."""
    first = refusal.remedy.split(maxsplit=1)[0] if refusal.remedy else ""
    remedy = context.typed(refusal.remedy) if first in VERBS else refusal.remedy
    following = [say("answers.error.next", command=remedy)] if remedy else []
    return Reply(lines_of([say("answers.error.refused", message=refusal.message), *following]))


def _unknown(context: Context) -> Reply:
    """An unknown verb: the nearest one with a button that runs it, or the way to all of them."""
    command = context.command
    said = code(one_line(command.said, 40))
    all_verbs = say("answers.error.all_verbs", help=context.typed("help"))
    if not command.nearest:
        return Reply(lines_of([say("answers.error.unknown_verb", said=said), all_verbs]))
    meant = " ".join(part for part in (command.nearest, command.ref, one_line(command.text, 80)) if part)
    text = lines_of([say("answers.error.did_you_mean", said=said, command=context.typed(meant)), all_verbs])
    words = words_again(command, command.nearest, command.ref)
    if len(words) > BUTTON_VALUE:
        return Reply(text)
    return Reply(text, (section(text), actions(run_button(0, plain("answers.error.run_it"), words, primary=True))))
