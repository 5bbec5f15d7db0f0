"""`resolve`: it does its job again. What fixed it may follow, directly or after `--fix`."""

from deadair.adapters.slack.mrkdwn import duration, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.lengths import lasted as length
from deadair.domain.redaction import redact
from deadair.domain.stages import Status
from deadair.usecases.resolve import resolve
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import is_me
from slack_commands.racing import as_it_is, meanwhile
from slack_commands.running import Offer, after_step, offering, words_of

SHOWN = 300


def run(context: Context) -> Reply:
    """Resolve; a second time by the same person is the same answer."""
    return on_incident(context, lambda ctx, number: close(ctx, number, _fix(ctx)))


def close(context: Context, number: int, fix: str) -> Reply:
    """Resolve one incident."""
    try:
        incident = steadily(lambda: resolve(context.store, number, context.actor, fix, now=context.now))
    except IllegalTransition as refusal:
        incident = as_it_is(context, number, refusal)
        mine = incident.status is Status.RESOLVED and is_me(incident.resolved_by, context.actor.person)
        if not mine:
            return meanwhile(context, incident)
        return done(context, incident) if redact(fix) in {"", incident.fix} else _later_words(context, incident, fix)
    return done(context, incident)


def _later_words(context: Context, incident: Incident, fix: str) -> Reply:
    """It is over already: what is said now is not lost silently."""
    ago = duration((context.now - (incident.resolved_at or context.now)).total_seconds())
    pm = context.typed("pm", incident.number, "fix", one_line(fix, SHOWN))
    text = say("answers.resolve.already", id=incident.id, ago=ago, pm=pm)
    keep = Offer(plain("answers.resolve.keep_button"), words_of("pm", str(incident.number), "fix", fix), primary=True)
    return offering(text, keep, refused=True)


def done(context: Context, incident: Incident) -> Reply:
    """How long it took, and the postmortem."""
    lasted = duration(length(incident, context.now).total_seconds())
    if incident.fix:
        pm, fix = context.typed("pm", incident.number), one_line(incident.fix, SHOWN)
        text = say("answers.resolve.done", id=incident.id, lasted=lasted, fix=fix, pm=pm)
        return after_step(context, incident, text)
    command = context.typed("pm", incident.number, "fix", "…")
    text = say("answers.resolve.done_no_fix", id=incident.id, lasted=lasted, fix_command=command)
    return after_step(context, incident, text)


def _fix(context: Context) -> str:
    """The flag's text, else the text; both when both were given."""
    return " ".join(part for part in (context.command.text, context.command.flags.get("fix", "")) if part)
