"""The modal of the five times that an incident is measured by, in the person's own zone.

Knows how a time stands in a field and that only what has happened can be corrected. Refuses to decide what is true.
"""

from datetime import datetime, tzinfo

from deadair.adapters.slack.blocks import context, section
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View, modal, typed
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.steps import REASON, about
from deadair.domain.incident import Incident
from deadair.domain.milestones import REACHED
from deadair.domain.stages import Milestone

MILESTONES = "milestones"
TIME = 40


def milestones_modal(incident: Incident, zone: tzinfo, zone_name: str, carried: Carried) -> View:
    """A field for each time that can be set, and how one knows."""
    can, cannot = settable(incident), [name for name in Milestone if name not in settable(incident)]
    fields = [
        typed(name.value, _name(name), first=shown(incident.when(name), zone), longest=TIME, optional=True)
        for name in can
    ]
    reason = typed(
        "reason",
        plain("modals.milestones.reason"),
        hint=plain("modals.milestones.reason_hint"),
        example=plain("modals.milestones.reason_example"),
        longest=REASON,
    )
    rest = [context(say("modals.milestones.not_yet", names=", ".join(map(_name, cannot))))] if cannot else []
    blocks = [about(incident), section(say("modals.milestones.about", zone=zone_name)), *fields, *rest, reason]
    title = plain("modals.milestones.title", id=incident.id)
    return modal(MILESTONES, title, plain("modals.milestones.submit"), blocks, carried)


def settable(incident: Incident) -> list[Milestone]:
    """The times of what has happened, in their order."""
    return [name for name in Milestone if name not in REACHED or incident.status in REACHED[name][0]]


def shown(at: datetime | None, zone: tzinfo) -> str:
    """A time as it stands in its field; to the minute, which is how people know times."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def _name(milestone: Milestone) -> str:
    return plain(f"modals.milestones.names.{milestone.value}")
