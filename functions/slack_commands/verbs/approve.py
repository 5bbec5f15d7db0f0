"""`approve`: somebody who did not write the postmortem says that it can be published as it is."""

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.mrkdwn import link
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.review_stage import reader_buttons
from deadair.usecases.answer_postmortem import drafted
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply


def run(context: Context) -> Reply:
    """`approve 42`, `approve 42 well told`."""
    return on_incident(context, _approve, past=True)


def _approve(context: Context, number: int) -> Reply:
    said = context.command.text
    done = steadily(lambda: approve_postmortem(context.store, number, context.actor, said, now=context.now))
    return Reply(say("answers.review.approve_done", id=done.incident))


def approve_words(context: Context, number: int, words: int) -> Reply:
    """Approve the words that a message showed; others are not approved unread. Raises Stale for a lost race."""
    known = drafted(context.store, number)
    if known.words != words:
        page = link(context.links.postmortem_preview(number), plain("answers.pm.read"))
        text = say("answers.review.changed", id=known.incident, page=page)
        again = reader_buttons(context.store.get(number), known, context.links)
        return Reply(text, (section(text), again), refused=True)
    approve_postmortem(context.store, number, context.actor, now=context.now, seen_edit=known.edit)
    return Reply(say("answers.review.approve_done", id=known.incident))
