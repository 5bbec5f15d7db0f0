"""The modal of the five times: only those that somebody changed are set.

Knows how the times depend on each other: all are tried on the incident in memory before the first is written.
"""

from datetime import datetime

from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.milestones import milestones_modal, settable, shown
from deadair.domain.errors import Refusal
from deadair.domain.incident import Incident
from deadair.domain.milestones import with_milestone
from deadair.domain.permission import Act, check
from deadair.domain.stages import Milestone
from deadair.domain.typed_time import echo, parse_time
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.steadily import steadily
from slack_commands.context import Context, Reply
from slack_commands.modals.clock import FULL, zone_words
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.running import after_step


def milestones(context: Context, incident: Incident, carried: Carried) -> View:
    """The form with the times as they are held to be."""
    check(incident, context.actor, Act.WORK)
    return milestones_modal(incident, context.zone, zone_words(context), carried)


def take_milestones(context: Context, sent: Sent) -> Reply:
    """Set what was changed, in an order in which each is possible."""
    incident = context.store.get(sent.number)
    wanted = _changed(context, incident, sent)
    if not wanted:
        raise Wrong({"reason": plain("modals.milestones.nothing")})
    for name in _in_order(context, incident, wanted):
        incident = _set(context, sent, name, wanted[name])
    changes = ", ".join(
        plain("modals.milestones.change", name=_name(name), at=echo(at, context.now, context.zone))
        for name, at in wanted.items()
    )
    text = say("modals.milestones.done", id=incident.id, changes=changes)
    # Each time is a step of its own, and a button takes back one.
    return after_step(context, incident, text) if len(wanted) == 1 else Reply(text)


def _set(context: Context, sent: Sent, name: Milestone, at: datetime) -> Incident:
    why, now = sent.text("reason"), context.now
    return steadily(lambda: set_milestone(context.store, sent.number, context.actor, name, at, why, now=now))


def _changed(context: Context, incident: Incident, sent: Sent) -> dict[Milestone, datetime]:
    """The times that differ from those that stood in the form. Raises Wrong for what is no time."""
    found: dict[Milestone, datetime] = {}
    odd: dict[str, str] = {}
    for name in settable(incident):
        said = sent.text(name.value)
        if not said or said == shown(incident.when(name), context.zone):
            continue
        at = parse_time(said, context.now, context.zone)
        if at is None:
            full = context.now.astimezone(context.zone).strftime(FULL)
            odd[name.value] = plain("modals.milestones.at_odd", full=full)
        else:
            found[name] = at
    if odd:
        raise Wrong(odd)
    return found


def _in_order(context: Context, incident: Incident, wanted: dict[Milestone, datetime]) -> list[Milestone]:
    """The order in which they can be set one after the other. Raises Wrong, and then none is set."""
    order: list[Milestone] = []
    while len(order) < len(wanted):
        placed, errors = len(order), dict[str, str]()
        for name in [name for name in wanted if name not in order]:
            try:
                incident = with_milestone(incident, name, wanted[name], now=context.now)
                order.append(name)
            except Refusal as refusal:
                errors[name.value] = f"{refusal.message} {refusal.remedy}"
        if len(order) == placed:
            raise Wrong(errors)
    return order


def _name(milestone: Milestone) -> str:
    return plain(f"modals.milestones.names.{milestone.value}")
