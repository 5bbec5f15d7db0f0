"""`help`: what is needed first, one line each, and the names of the rest; or one verb in a little more."""

from deadair.adapters.slack.mrkdwn import Mrkdwn, code, lines_of
from deadair.adapters.slack.phrases import say, subject
from deadair.adapters.slack.tokens import bare
from deadair.adapters.slack.vocabulary import NAMES
from slack_commands.context import Context, Reply

FIRST = "first"


def run(context: Context) -> Reply:
    """The groups, or one verb's page. An unknown word gets the groups."""
    said = context.command.text.casefold().split()[:1]
    verb = NAMES.get(bare(said[0]), "") if said else ""
    if verb:
        return Reply(lines_of([_say(context, f"help.verbs.{verb}"), _say(context, f"help.more.{verb}")]))
    groups: dict[str, list[str]] = subject("help")["groups"]
    first = [_say(context, f"help.verbs.{name}") for name in groups[FIRST]]
    rest = [_named(title, verbs) for title, verbs in groups.items() if title != FIRST]
    unknown = [say("help.unknown", said=said[0][:40])] if said else []
    return Reply(lines_of([*unknown, _say(context, "help.intro"), *first, *rest, _say(context, "help.outro")]))


def _named(title: str, verbs: list[str]) -> Mrkdwn:
    return Mrkdwn(f"*{title}:* {' '.join(code(verb) for verb in verbs)}")


def _say(context: Context, key: str) -> Mrkdwn:
    return say(key, name=context.slash)
