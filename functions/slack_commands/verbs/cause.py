"""`cause`: what broke, said by a person. It goes before every guess, and the guess is counted against it."""

from deadair.adapters.slack.mrkdwn import Mrkdwn, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.redaction import redact
from deadair.domain.severity import FailureClass
from deadair.usecases.name_cause import name_cause
from deadair.usecases.steadily import steadily
from slack_commands import reading
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

SHOWN = 300


def run(context: Context) -> Reply:
    """`cause auth the token was revoked`; without a class, what it is held to be and what it can be."""
    found, text = reading.failure_class(context.command.text)
    if found is None:
        return on_incident(context, _current)
    return on_incident(context, lambda ctx, number: _name(ctx, number, found, text))


def _name(context: Context, number: int, failure_class: FailureClass, text: str) -> Reply:
    incident = steadily(lambda: name_cause(context.store, number, context.actor, failure_class, text, now=context.now))
    told = one_line(redact(text), SHOWN)
    key = "answers.cause.done_text" if told else "answers.cause.done"
    checks = say("answers.cause.checks", command=context.typed("check", incident.id)) if incident.is_open else ""
    text_told = say(key, id=incident.id, cause=_words(failure_class), text=told, checks=checks)
    return after_step(context, incident, text_told)


def _current(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    said = one_line(context.command.text, 60)
    key = "answers.cause.unknown" if said else "answers.cause.current"
    known = ", ".join(name.value for name in FailureClass)
    command = context.typed("cause", number, "auth", "…")
    return Reply(
        say(key, id=incident.id, said=said, cause=_words(incident.failure_class), known=known, command=command)
    )


def _words(failure_class: FailureClass) -> Mrkdwn:
    return Mrkdwn(plain(f"words.class.{failure_class.value}"))
