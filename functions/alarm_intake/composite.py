"""Which alarms a composite alarm looks at, and which of them set it off.

Knows `triggeringAlarms` of the event, `TriggeringChildren` of the notification, and the rule, which it refuses to
evaluate.
"""

import re
from typing import Any

# A rule has at most 10,240 characters and 100 children on AWS. More than these are not needed to find whose it is.
RULE_READ = 10_240
CHILDREN_KEPT = 10
NAME_LIMIT = 1100
REFERENCE = re.compile(r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|([^()"]*))\s*\)')


def set_off(data: Any, notified: Any = None) -> tuple[str, ...]:
    """The names or ARNs of the children that set it off, those in ALARM first, each once."""
    told = data.get("triggeringAlarms") if isinstance(data, dict) else notified
    lowered = [_lowered(child) for child in told if isinstance(child, dict)] if isinstance(told, list) else []
    named = [child for child in lowered if isinstance(child.get("arn"), str) and 0 < len(child["arn"]) <= NAME_LIMIT]
    ordered = sorted(named, key=lambda child: (_lowered(child.get("state")).get("value") != "ALARM", child["arn"]))
    return tuple(dict.fromkeys(child["arn"] for child in ordered))[:CHILDREN_KEPT]


def in_rule(rule: Any) -> tuple[str, ...]:
    """The names or ARNs of all the alarms in a rule, in its order, each once."""
    if not isinstance(rule, str):
        return ()
    found = (quoted or bare.strip() for quoted, bare in REFERENCE.findall(rule[:RULE_READ]))
    return tuple(dict.fromkeys(name for name in found if 0 < len(name) <= NAME_LIMIT))[:CHILDREN_KEPT]


def _lowered(value: Any) -> dict[str, Any]:
    return {str(key).lower(): inner for key, inner in value.items()} if isinstance(value, dict) else {}
