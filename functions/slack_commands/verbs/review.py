"""`review`: have somebody read the postmortem before it is published; without a person, say how far its review is."""

from deadair.adapters.slack.mrkdwn import lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.postmortem import Postmortem
from deadair.domain.review import REVIEWED
from deadair.usecases.answer_postmortem import drafted
from deadair.usecases.ask_review import ask_review
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import meant

NAMES, SAID = 5, 300


def run(context: Context) -> Reply:
    """`review 42 @ana`, or `review 42` alone."""
    return on_incident(context, _review, past=True)


def _review(context: Context, number: int) -> Reply:
    if not context.command.text and not context.command.mentions:
        return _state(context, number, drafted(context.store, number))
    people = meant(context.directory, context.command, context.actor.person, context.now)
    if len(people) != 1:
        said, command = one_line(context.command.text, 60), context.typed("review", number, "@…")
        names = ", ".join(person.name for person in people[:NAMES])
        return Reply(
            say(f"answers.assign.{'several' if people else 'unknown'}", said=said, names=names, command=command),
            refused=True,
        )
    after = steadily(lambda: ask_review(context.store, number, context.actor, people[0], now=context.now))
    key = "asked" if people[0].slack_id else "asked_no_slack"
    return Reply(say(f"answers.review.{key}", id=after.incident, name=people[0].name))


def _state(context: Context, number: int, postmortem: Postmortem) -> Reply:
    """Where it stands, and what to type."""
    review, asked_of = postmortem.review, postmortem.waits_for
    page = link(context.links.postmortem_preview(number), plain("answers.pm.read"))
    told = {"id": postmortem.incident, "page": page}
    if postmortem.approved and review and review.approved_by:
        publish = context.typed("publish", number)
        return Reply(say("answers.review.approved", name=review.approved_by.name, publish=publish, **told))
    ask = context.typed("review", number, "@…")
    if asked_of:
        return Reply(say("answers.review.waits", name=asked_of.name, ask=ask, **told))
    lines = []
    if review and review.returned_by:
        said = one_line(review.said, SAID)
        lines.append(say("answers.review.returned", id=postmortem.incident, name=review.returned_by.name, said=said))
    needed = context.store.get(number).severity in REVIEWED
    lines.append(say(f"answers.review.{'needed' if needed else 'free'}", ask=ask, **told))
    return Reply(lines_of(lines))
