"""`sev`: how bad it is, said by a person. Consent does not go under SEV2 without an override."""

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.severity import Severity
from deadair.usecases.set_severity import set_severity
from deadair.usecases.steadily import steadily
from slack_commands import reading
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

SHOWN = 300


def run(context: Context) -> Reply:
    """`sev 2 why`, `sev 42 2 why`, `sev 42 3 why --override`."""
    severity, reason = reading.level(context.command.text)
    if severity is None:
        example = context.typed(*filter(None, ("sev", context.command.ref, "2", "…")))
        return Reply(say("answers.sev.range", command=example), refused=True)
    override = context.command.flags.get("override")
    why = " ".join(part for part in (reason, override) if part)
    return on_incident(context, lambda ctx, number: _set(ctx, number, severity, why, override=override is not None))


def _set(context: Context, number: int, severity: Severity, why: str, *, override: bool) -> Reply:
    try:
        return _taken(context, number, severity, why, override=override)
    except Invalid as refusal:
        if refusal.field != "severity":
            raise
        command = context.typed("sev", number, severity.value[-1], "--override", "…")
        return Reply(say("answers.sev.consent", command=command), refused=True)


def _taken(context: Context, number: int, severity: Severity, why: str, *, override: bool) -> Reply:
    incident = steadily(
        lambda: set_severity(context.store, number, context.actor, severity, why, override=override, now=context.now)
    )
    return _done(context, incident, why)


def _done(context: Context, incident: Incident, why: str) -> Reply:
    severity = incident.severity.value
    words, reason = say(f"words.severity.{severity}"), one_line(redact(why), SHOWN)
    key = "answers.sev.done" if why else "answers.sev.done_bare"
    return after_step(context, incident, say(key, id=incident.id, severity=severity, words=words, why=reason))
