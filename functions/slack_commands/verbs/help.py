"""`help`: every verb in one line each, or one verb in a little more."""

from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of
from deadair.adapters.slack.phrases import say, subject
from deadair.adapters.slack.vocabulary import NAMES
from slack_commands.context import Context, Reply


def run(context: Context) -> Reply:
    """The list, or one verb's page. An unknown word gets the list."""
    said = context.command.text.casefold().split()[:1]
    verb = NAMES.get(said[0], "") if said else ""
    if verb:
        return Reply(lines_of([_say(context, f"help.verbs.{verb}"), _say(context, f"help.more.{verb}")]))
    lines = [_say(context, f"help.verbs.{name}") for name in subject("help")["verbs"]]
    unknown = [say("help.unknown", said=said[0][:40])] if said else []
    return Reply(lines_of([*unknown, _say(context, "help.intro"), *lines, _say(context, "help.outro")]))


def _say(context: Context, key: str) -> Mrkdwn:
    return say(key, name=context.slash)
