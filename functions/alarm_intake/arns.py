"""The parts of an alarm's ARN, and the partition that a region lies in.

Refuses to fail: what is no ARN has no parts.
"""

from deadair.domain.alarm import AlarmIdentity

ARN_PARTS = 7
ALARM_MARK = "alarm"


def arn_part(arn: str, place: int) -> str:
    """One part of `arn:partition:service:region:account:kind:name`; empty when it is none."""
    parts = arn.split(":", ARN_PARTS - 1)
    return parts[place] if len(parts) == ARN_PARTS and parts[0] == "arn" else ""


def alarm_named(text: str, beside: AlarmIdentity) -> AlarmIdentity | None:
    """The alarm of an ARN, or of a bare name: that lies where the one beside it lies. None: it is no alarm."""
    if not text.startswith("arn:"):
        return AlarmIdentity(beside.partition, beside.account, beside.region, text) if text else None
    partition, _, region, account, kind, name = (arn_part(text, place) for place in range(1, ARN_PARTS))
    return AlarmIdentity(partition, account, region, name) if kind == ALARM_MARK and name else None


def partition_of(region: str) -> str:
    """The partition that a region lies in."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso": "aws-iso"}
    return next((name for prefix, name in prefixes.items() if region.startswith(prefix)), "aws")
