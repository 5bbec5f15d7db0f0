"""Alarms about Deadair itself: they go to the operators and open nothing; the watchdog's drill goes its own way.

Knows the stack's name, with which CloudFormation begins the names of its alarms, and the drill's. Refuses to know what
the end of the line makes of a drill.
"""

from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.domain.alarm import Transition
from deadair.domain.watchdog import is_of_ourselves, round_of


@dataclass(frozen=True, slots=True)
class OwnAlarms:
    """Wired once per process. Without names no alarm is about us."""

    stack: str = ""
    drill: str = ""
    store: WatchdogStore | None = None

    def takes(self, transition: Transition, message_id: str, now: datetime) -> bool:
        """Whether it was the drill: then it is on its way, and no news that the ledger accounts for.

        Raises Unavailable or botocore's errors.
        """
        if self.store is None or not self.drill or transition.alarm.name != self.drill:
            return False
        self.store.enter(round_of(transition.alarm, transition.state.value, transition.stamp), now)
        self.store.forget_message(message_id)
        return True

    def refuses(self, transition: Transition) -> str:
        """Why an alarm opens nothing, as one word for counting; empty when it is not about Deadair."""
        return "about_deadair" if is_of_ourselves(transition.alarm.name, self.stack) else ""


NO_OWN_ALARMS = OwnAlarms()
