"""`check`: the first checks of the likely cause, and which of them somebody has made."""

from dataclasses import replace

from deadair.adapters.dynamodb.dossiers import Dossier, read_dossier
from deadair.adapters.slack.blocks import actions, button, section
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.checks import KNOWN, Check
from deadair.domain.first_checks import first_checks
from deadair.domain.incident import Incident
from deadair.usecases.steadily import steadily
from deadair.usecases.tick import tick
from slack_commands import reading
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

CHECK = "check"
TEXT = 300
# No class has more checks; a greater number alone names an incident.
MOST = 9
UNDO = frozenset({"undo", "no", "not", "off", "open", "untick"})


def run(context: Context) -> Reply:
    """`check` shows the list, `check 2` ticks the second, `check 2 undo` takes the tick away."""
    place, rest = reading.place(context.command.text)
    if place is not None and place > MOST and not rest and not context.command.ref:
        return _check(replace(context, command=replace(context.command, text="")), place)
    return on_incident(context, _check)


def _check(context: Context, number: int) -> Reply:
    place, rest = reading.place(context.command.text)
    dossier = _dossier(context, number)
    checks = first_checks(dossier.incident, dossier.diagnosed)
    if place is None:
        return _listed(context, dossier, checks)
    if not 0 < place <= len(checks):
        told = {"id": dossier.incident.id, "count": len(checks), "said": place}
        return Reply(say("answers.check.unknown", command=_list_of(context, dossier.incident), **told))
    return _take(context, dossier, checks[place - 1], done=rest.casefold().strip(" .!") not in UNDO)


def pressed(context: Context, number: int, check_id: str) -> Reply:
    """A pressed check: ticked, however old the card is and whatever its list is now."""
    dossier = _dossier(context, number)
    found = KNOWN.get(check_id)
    if found is None:
        return _listed(context, dossier, first_checks(dossier.incident, dossier.diagnosed))
    return _take(context, dossier, found, done=True)


def _dossier(context: Context, number: int) -> Dossier:
    return read_dossier(context.store.client, context.store.table, number)


def _take(context: Context, dossier: Dossier, check: Check, *, done: bool) -> Reply:
    """Tick a check, or take its tick away. What is so already stays as it is, with the name beside it."""
    incident, before = dossier.incident, dossier.incident.checks.get(check.id)
    text = one_line(check.text, TEXT)
    if done and before is not None:
        return Reply(say("answers.check.already", by=before.by, text=text))
    if not done and before is None:
        return Reply(say("answers.check.open", text=text))
    after = steadily(lambda: tick(context.store, incident.number, context.actor, check.id, done=done, now=context.now))
    left = sum(one.id not in after.checks for one in first_checks(after, dossier.diagnosed))
    key = "undone" if not done else "done" if left else "last"
    told = say(f"answers.check.{key}", id=incident.id, text=text, left=left, list=_list_of(context, incident))
    return after_step(context, after, told)


def _list_of(context: Context, incident: Incident) -> Mrkdwn:
    """How the list is asked for. The name, because a number alone would be a place in it."""
    return context.typed("check", incident.id)


def _listed(context: Context, dossier: Dossier, checks: tuple[Check, ...]) -> Reply:
    incident = dossier.incident
    title = say("answers.check.title", id=incident.id, command=context.typed("check", incident.number, "1"))
    text = lines_of([title, *(_line(dossier, place, check) for place, check in enumerate(checks, 1))])
    buttons = [
        button(
            plain("answers.check.button", place=place),
            f"{CHECK}:{check.id}",
            f"{incident.number}:{incident.version}:{check.id}",
        )
        for place, check in enumerate(checks, 1)
        if check.id not in incident.checks
    ]
    return Reply(text, (section(text), *([actions(*buttons)] if buttons else [])))


def _line(dossier: Dossier, place: int, check: Check) -> Mrkdwn:
    made = dossier.incident.checks.get(check.id)
    key = "answers.check.line_done" if made else "answers.check.line"
    return say(key, place=place, text=one_line(check.text, TEXT), by=made.by if made else "")
