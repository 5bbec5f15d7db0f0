"""What the watchdog needs to know about its surroundings, and the numbers and the rhythm that they need of it."""

from dataclasses import dataclass

from deadair.domain.watchdog import AGE_METRIC, DRILL_METRIC, EVERY
from deadair.settings import Settings

__all__ = ["AGE_METRIC", "DRILL_METRIC", "EVERY", "WatchdogSettings"]


@dataclass(frozen=True, kw_only=True)
class WatchdogSettings(Settings):
    """`drill_alarm` is the alarm that it lets speak; `ping_url` is called after a good round, empty: nobody is."""

    incidents_table: str
    drill_alarm: str
    ping_url: str = ""
