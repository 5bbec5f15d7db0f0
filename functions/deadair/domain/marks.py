"""What makes an alarm ours: its name, and the mark at the end of its description. Pure.

Refuses to know what an alarm watches.
"""

import re

# The last words of the alarms' names.
QUOTA_WORDS = {"second": "quota-second", "minute": "quota-minute", "hour": "quota-hour", "day": "quota-day"}
WORDS = ("silence", "freshness", "error-rate", "latency", *QUOTA_WORDS.values())
# Between what an alarm says and whose it is.
MADE_BY = " Made by Deadair from "
# Anchored at the end: what stands before is the integration's own name, which may say anything.
_ROW = re.compile(MADE_BY + r"the registry's row (\S+): change the row, not this alarm\. \[[^\[\]]*\]$")


def alarm_name(prefix: str, slug: str, word: str) -> str:
    """The name of an alarm of ours."""
    return f"{prefix}-{slug}-{word}"


def names_of(prefix: str, slug: str) -> tuple[str, ...]:
    """Every name that an alarm of this row can have."""
    return tuple(alarm_name(prefix, slug, word) for word in WORDS)


def marked(said: str, slug: str, prefix: str, hashed: str) -> str:
    """The description of an alarm of ours that says this. `hashed` tells one definition from another."""
    return f"{said}{MADE_BY}the registry's row {slug}: change the row, not this alarm. [{prefix} {hashed}]"


def is_ours(description: str, prefix: str) -> bool:
    """Whether the description of an alarm ends with our mark."""
    head, bracket, mark = description.rpartition(" [")
    return bool(head) and bool(bracket) and mark.startswith(f"{prefix} ") and mark.endswith("]")


def raised_by(name: str, description: str, prefix: str) -> str:
    """The slug of the row that raised an alarm; empty for every alarm that is not ours.

    Who copies an alarm copies its description with our mark; only its name says then that it is theirs.
    """
    found = _ROW.search(description) if is_ours(description, prefix) else None
    return found[1] if found and name in names_of(prefix, found[1]) else ""
