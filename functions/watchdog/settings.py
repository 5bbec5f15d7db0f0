"""What the watchdog needs to know about its surroundings."""

from dataclasses import dataclass

from deadair.settings import Settings


@dataclass(frozen=True, kw_only=True)
class WatchdogSettings(Settings):
    """`drill_alarm` is the alarm that it lets speak; `ping_url` is called after a good round, empty: nobody is."""

    incidents_table: str
    drill_alarm: str
    ping_url: str = ""
