"""How fast Slack takes calls: one message a second in each channel, so many calls a minute of each other method.

Knows Slack's limits (docs.slack.dev, "Rate limits") and that Slack allows short bursts without saying how short: so
nobody waits until Slack has refused once, and from then on all workers take turns until the place has been calm for a
while. Refuses to stop a message because the turns cannot be had.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.paces import Paces, Turn

# Slack counts an edit by its tier; it is counted in the channel as well, so that edits leave it to new messages.
IN_A_CHANNEL = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update"})
# More than Slack asks: what is sent a second apart may arrive closer together, and each refusal costs a call.
MESSAGE_S = 1.2
PER_MINUTE = {2: 20, 3: 50, 4: 100}
FOURTH = frozenset({"users.info", "views.open", "views.publish", "views.push", "views.update"})
# So long after the last turn a place counts as busy.
CALM_S = 60.0

log = logging.getLogger(f"deadair.{__name__}")


def place_of(method: str, arguments: dict[str, Any]) -> str:
    """Where a call is counted: its channel, or the method."""
    return str(arguments.get("channel")) if method in IN_A_CHANNEL else method


def every_s(method: str) -> float:
    """How many seconds lie between two calls at a place."""
    if method in IN_A_CHANNEL:
        return MESSAGE_S
    return 60 / PER_MINUTE[4 if method in FOURTH else 3]


@dataclass(slots=True)
class Pace:
    """What one worker knows of the places. `busy` is until when each counts as busy."""

    paces: Paces
    busy: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        """What other workers have learned meanwhile: once for each batch."""
        self._try(lambda: self.busy.update({place: at + CALM_S for place, at in self.paces.known().items()}))

    def turn(self, method: str, arguments: dict[str, Any], patience_s: float) -> Turn:
        """Whose turn it is at the call's place."""
        place = place_of(method, arguments)
        if self.busy.get(place, 0) <= self.paces.clock():
            return Turn(0)
        turn = self._try(lambda: self.paces.take(place, every_s(method), patience_s)) or Turn(0)
        self.busy[place] = self.paces.clock() + turn.wait_s + CALM_S
        return turn

    def refused(self, method: str, arguments: dict[str, Any], seconds: int) -> None:
        """Slack refused a call and wants everybody to wait."""
        place = place_of(method, arguments)
        self.busy[place] = self.paces.clock() + seconds + CALM_S
        self._try(lambda: self.paces.push(place, seconds))

    def _try(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (BotoCoreError, ClientError) as error:
            log.warning("the turns at Slack cannot be had: %s", type(error).__name__)
            return None


def seconds_of(turn: Turn) -> int:
    """What a caller is told to wait, in whole seconds."""
    return max(1, math.ceil(turn.wait_s))
