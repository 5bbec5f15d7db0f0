"""The alarms of an account, as they are found: whoever made them, and for whatever purpose.

Knows DescribeAlarms and ListTagsForResource. For operators: it reads every alarm. Refuses to say whose an alarm is.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.cloudwatch.tags import GONE, TAG

PAGE = 100
BREACHING = "breaching"


@dataclass(frozen=True, slots=True)
class FoundAlarm:
    """One alarm. `metric` is its metric's name or its expression; a composite alarm has neither."""

    name: str
    arn: str
    description: str = ""
    metric: str = ""
    namespace: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    breaches_by_absence: bool = False
    composite: bool = False


def all_alarms(client: Any, told: Callable[[int], None]) -> Iterator[FoundAlarm]:
    """Every alarm of the client's account and region. `told` hears of each page how many came."""
    pages = client.get_paginator("describe_alarms").paginate(
        AlarmTypes=["MetricAlarm", "CompositeAlarm"], PaginationConfig={"PageSize": PAGE}
    )
    for page in pages:
        found = [_metric_alarm(alarm) for alarm in page.get("MetricAlarms", ())]
        found += [_composite_alarm(alarm) for alarm in page.get("CompositeAlarms", ())]
        told(len(found))
        yield from found


def tags_of(
    client: Any, arns: Iterable[str], per_second: float, *, sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, str]]:
    """The tag `Integration` of each alarm (empty: none), one question after another, not faster than `per_second`."""
    for arn in arns:
        begun = time.monotonic()
        yield arn, _tag(client, arn)
        sleep(max(0.0, 1 / per_second - (time.monotonic() - begun)))


def _tag(client: Any, arn: str) -> str:
    try:
        tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return ""
        raise
    return next((tag["Value"] for tag in tags if tag["Key"] == TAG), "")


def _metric_alarm(alarm: dict[str, Any]) -> FoundAlarm:
    queries = alarm.get("Metrics", [])
    stats = [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
    expression = next((query["Expression"] for query in queries if query.get("Expression")), "")
    named = [alarm, *stats]
    return FoundAlarm(
        name=alarm["AlarmName"],
        arn=alarm["AlarmArn"],
        description=alarm.get("AlarmDescription") or "",
        metric=next((m["MetricName"] for m in named if m.get("MetricName")), expression),
        namespace=next((m["Namespace"] for m in named if m.get("Namespace")), ""),
        dimensions={d["Name"]: d["Value"] for m in reversed(named) for d in m.get("Dimensions", ())},
        breaches_by_absence=alarm.get("TreatMissingData") == BREACHING,
    )


def _composite_alarm(alarm: dict[str, Any]) -> FoundAlarm:
    return FoundAlarm(alarm["AlarmName"], alarm["AlarmArn"], alarm.get("AlarmDescription") or "", composite=True)
