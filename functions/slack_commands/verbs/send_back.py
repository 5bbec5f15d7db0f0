"""`return`: somebody who read the postmortem says what is still to be done."""

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.redaction import redact
from deadair.usecases.return_postmortem import return_postmortem
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import OPENED, Context, Reply

SAID = 300


def run(context: Context) -> Reply:
    """`return 42 name the vendor`; without words a form asks for them."""
    return on_incident(context, _return, past=True)


def _return(context: Context, number: int) -> Reply:
    said = context.command.text
    if not said and context.ask("return", number):
        return OPENED
    done = steadily(lambda: return_postmortem(context.store, number, context.actor, said, now=context.now))
    return Reply(say("answers.review.return_done", id=done.incident, said=one_line(redact(said), SAID)))
