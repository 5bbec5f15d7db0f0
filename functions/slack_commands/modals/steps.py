"""The modals of single steps. What was typed becomes the verb's command, so that both ways are one.

Knows which verb each modal is. Refuses to take a step itself.
"""

from dataclasses import replace

from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.phrases import plain
from deadair.adapters.slack.views import steps as views
from deadair.domain.incident import Incident
from deadair.domain.permission import Act, check
from deadair.domain.typed_time import leading_time
from deadair.usecases.snooze import longest
from slack_commands.context import Context, Reply
from slack_commands.modals.clock import FULL, zone_words
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.verbs import RUN


def note(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for a note; words that were typed already stand in it."""
    check(incident, context.actor, Act.NOTE)
    return views.note_modal(incident, zone_words(context), carried, context.command.text)


def resolve(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for what fixed it."""
    check(incident, context.actor, Act.WORK)
    return views.resolve_modal(incident, carried)


def assign(_context: Context, incident: Incident, carried: Carried) -> View:
    """The form for handing over: whoever may not give it away may take it."""
    return views.assign_modal(incident, carried)


def snooze(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for holding notices."""
    check(incident, context.actor, Act.WORK)
    return views.snooze_modal(incident, longest(incident), carried)


def false_alarm(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for why it was none."""
    check(incident, context.actor, Act.WORK)
    return views.false_alarm_modal(incident, carried)


def reopen(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for why it is not over."""
    check(incident, context.actor, Act.WORK)
    return views.reopen_modal(incident, carried)


def take_note(context: Context, sent: Sent) -> Reply:
    """As `note 42 text --at time`."""
    at = sent.text("at")
    if at and leading_time(at, context.now, context.zone)[0] is None:
        full = context.now.astimezone(context.zone).strftime(FULL)
        raise Wrong({"at": plain("modals.note.at_odd", full=full)})
    return _run(context, sent, "note", sent.text("text"), flags={"at": at} if at else {})


def take_resolve(context: Context, sent: Sent) -> Reply:
    """As `resolve 42 what fixed it`."""
    return _run(context, sent, "resolve", sent.text("fix"))


def take_assign(context: Context, sent: Sent) -> Reply:
    """As `assign 42 @ana why`, or `assign 42 me why`."""
    who, why = sent.text("who"), sent.text("reason")
    if not who:
        raise Wrong({"who": plain("modals.assign.nobody")})
    if who == context.actor.person.slack_id:
        return _run(context, sent, "assign", f"me {why}")
    return _run(context, sent, "assign", f"@{who} {why}", mentions=(Mention(who, ""),))


def take_snooze(context: Context, sent: Sent) -> Reply:
    """As `snooze 42 30m, why`: a reason may begin with a length of its own."""
    return _run(context, sent, "snooze", f"{sent.text('length')}, {sent.text('reason')}")


def take_false_alarm(context: Context, sent: Sent) -> Reply:
    """As `false-alarm 42 why`."""
    return _run(context, sent, "false-alarm", sent.text("reason"))


def take_reopen(context: Context, sent: Sent) -> Reply:
    """As `reopen 42 why`."""
    return _run(context, sent, "reopen", sent.text("reason"))


def _run(
    context: Context,
    sent: Sent,
    verb: str,
    text: str,
    *,
    flags: dict[str, str] | None = None,
    mentions: tuple[Mention, ...] = (),
) -> Reply:
    command = Command(verb, str(sent.number), text, flags or {}, mentions, said=verb)
    return RUN[verb](replace(context, command=command))
