"""What is answered to words that begin with no verb: what may have been meant, with a button that runs it.

Knows the words of such answers. Refuses to run a guess unasked, except for our own page's address: that is no guess.
"""

from dataclasses import replace

from deadair.adapters.slack.blocks import BUTTON_VALUE
from deadair.adapters.slack.mrkdwn import Mrkdwn, code, lines_of, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.vocabulary import FLAGS
from slack_commands.context import Context, Reply
from slack_commands.running import Offer, offering, words_again
from slack_commands.verbs import show

SAID, MEANT = 40, 80
# Where a flag belongs: shown to whoever typed one alone.
FLAG_OF = {
    "at": "note … --at 10:42",
    "fix": "resolve --fix …",
    "since": "list --since 7d",
    "override": "sev 3 --override …",
}


def unknown(context: Context) -> Reply:
    """The nearest verb with a button that runs it, or the way to all of them."""
    command = context.command
    number = _our_page(context)
    if number:
        return show.run(replace(context, command=replace(command, verb="show", ref=number)))
    if command.said.removeprefix("--") in FLAGS:
        return _flag_alone(context, command.said.removeprefix("--"))
    said, all_verbs = _said(command.said), say("answers.error.all_verbs", help=context.typed("help"))
    if not command.nearest:
        return Reply(lines_of([say("answers.error.unknown_verb", said=said), all_verbs]), refused=True)
    words = words_again(command, command.nearest, command.ref)
    if len(words) > BUTTON_VALUE:
        too_long = say("answers.error.too_long_to_run", verb=code(command.nearest))
        return Reply(lines_of([say("answers.error.unknown_verb", said=said), too_long, all_verbs]), refused=True)
    meant = " ".join(part for part in (command.nearest, command.ref, one_line(command.text, MEANT)) if part)
    text = lines_of([say("answers.error.did_you_mean", said=said, command=context.typed(meant)), all_verbs])
    return offering(text, Offer(plain("answers.error.run_it"), words, primary=True), refused=True)


def _said(word: str) -> Mrkdwn:
    return code(one_line(word, SAID))


def _flag_alone(context: Context, flag: str) -> Reply:
    example = context.typed(FLAG_OF[flag])
    return Reply(say("answers.error.flag_alone", said=code(f"--{flag}"), command=example), refused=True)


def _our_page(context: Context) -> str:
    """The number of the incident whose page's address was pasted; empty for any other text."""
    page = context.links.incident(0).removesuffix("0")
    said = context.command.said
    number = said[len(page) :].split("/")[0].split("?")[0].split("#")[0] if said.startswith(page) else ""
    return number if number.isascii() and number.isdigit() and len(number) <= 9 else ""  # noqa: PLR2004
