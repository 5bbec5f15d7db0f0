"""Opening a modal while Slack still lets us: in the request that brought the trigger.

Knows that a trigger lives three seconds. Refuses to fail: where Slack opens nothing, the caller says what to type.
"""

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deadair.adapters.slack.actions import Drawn
from deadair.adapters.slack.carried import Carried
from deadair.domain.errors import Unavailable
from slack_commands.context import Context

if TYPE_CHECKING:
    from deadair.adapters.slack.inputs import View
    from slack_commands.room import Room

log = logging.getLogger(f"deadair.{__name__}")


@dataclass(frozen=True, slots=True)
class Asking:
    """Slack's leave to open one modal, and what that carries beside the incident."""

    carried: Carried
    trigger: str


def show(room: "Room", context: Context, name: str, number: int | None, asking: Asking) -> bool:
    """Open the modal of that name about an incident. Raises Refusals: what cannot be is not asked for."""
    from slack_commands.modals import MODALS, opening

    view = MODALS[name].view
    if not asking.trigger:
        return False
    if view is None or number is None:
        return view is None and opened(room, asking.trigger, opening.opening(context, asking.carried))
    incident = context.store.get(number)
    drawn = Drawn(incident.number, incident.version, incident.status)
    return opened(room, asking.trigger, view(context, incident, replace(asking.carried, drawn=drawn)))


def opened(room: "Room", trigger: str, view: "View") -> bool:
    """Whether Slack opened it."""
    try:
        room.slack().open(trigger, view)
    except Unavailable as failed:
        log.warning("a modal was not opened", extra={"why": str(failed), "modal": view.get("callback_id")})
        return False
    return True
