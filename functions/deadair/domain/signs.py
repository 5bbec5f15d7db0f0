"""What a signal is a sign of: in a few words, and whether it is of something that has not happened yet.

Refuses to know alarms and incidents.
"""

from deadair.domain.alarm import Signal

SIGNS: dict[Signal, str] = {
    Signal.SILENCE: "silence",
    Signal.ERROR_RATE: "errors",
    Signal.LATENCY: "slow",
    Signal.FRESHNESS: "stale data",
    Signal.QUOTA: "near its limit",
    Signal.CREDENTIAL: "credential about to end",
    Signal.VERSION: "API version about to end",
    Signal.UNKNOWN: "alarm",
}
# What has not happened yet, and comes nearer day by day.
AHEAD = frozenset({Signal.CREDENTIAL, Signal.VERSION})
