"""Whether an alarm was kept quiet where it comes from: by a mute rule, or by the suppressor of a composite alarm.

Knows CloudWatch's fields for both. Refuses to ignore such an alarm, and to fail.
"""

from datetime import datetime, timedelta
from typing import Any

from alarm_intake.times import read_instant
from deadair.domain.alarm import shown
from deadair.domain.holding import Hold

MUTED, SUPPRESSED = "muted in CloudWatch", "suppressed in CloudWatch"
NAME_LIMIT = 60
# For how long the alarm's own configuration suppresses it, in seconds; a suppressor that is in ALARM says no end.
LASTS = {"WaitPeriod": "actionsSuppressorWaitPeriod", "ExtensionPeriod": "actionsSuppressorExtensionPeriod"}
LONGEST_S = 7 * 86400


def quiet_of(detail: dict[str, Any], at: datetime) -> Hold | None:
    """What kept the alarm quiet at `at`, until when and by whom; None: nothing."""
    mute = detail.get("muteDetail")
    if isinstance(mute, dict):
        return Hold(read_instant(mute.get("muteWindowEnd")), MUTED, _name(mute.get("mutedByArn")))
    state, configured = _dict(detail.get("state")), _dict(detail.get("configuration"))
    kind = state.get("actionsSuppressedBy")
    if not isinstance(kind, str) or not kind:
        return None
    seconds = _seconds(configured.get(LASTS.get(kind, "")))
    return Hold(
        at + timedelta(seconds=seconds) if seconds else None,
        SUPPRESSED,
        _name(configured.get("actionsSuppressor")) or _name(kind),
    )


def words(hold: Hold) -> str:
    """The same in a few words."""
    by = f" by {hold.by}" if hold.by else ""
    return f"{hold.why}{by}{f' until {hold.until:%Y-%m-%d %H:%M} UTC' if hold.until else ''}"


def _seconds(value: Any) -> int | None:
    told = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_S
    return value if told else None


def _name(value: Any) -> str:
    """The last part of an ARN, or the name as it is."""
    return shown(value.rpartition(":")[2], limit=NAME_LIMIT) if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
