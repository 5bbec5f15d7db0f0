"""Alarms in CloudWatch, read and written. Knows how fast it takes them, and what its refusals mean.

CloudWatch takes three PutMetricAlarm and three DeleteAlarms a second of an account, answers ten ListTagsForResource,
and holds 5,000 alarms. Refuses to know rows, and which alarms should be there.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.cloudwatch.tags import GONE
from deadair.domain.errors import Unavailable

logger = logging.getLogger(__name__)

AT_ONCE = 100
KINDS = ["MetricAlarm", "CompositeAlarm"]
THROTTLED = frozenset({"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"})
FULL = frozenset({"LimitExceeded", "LimitExceededFault"})
REFUSED = frozenset({"ValidationError", "InvalidParameterValue", "InvalidParameterCombination", "MissingParameter"})
# A call that is throttled waits up to so long, twice as long each time, and is given up after so many times.
FIRST_WAIT_S, LONGEST_WAIT_S, TRIES = 0.5, 20.0, 8
Found = dict[str, Any]


class Taken(StrEnum):
    """What CloudWatch said to an alarm."""

    DONE = "done"
    FULL = "full"
    REFUSED = "refused"


class Alarms:
    """`client` is a low-level CloudWatch client. `sleep` and `ticks` are those of `time`; `rate` is writes a second."""

    def __init__(
        self,
        client: Any,
        *,
        rate: float,
        sleep: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._sleep = client, sleep
        self._writes = _Pace(rate, sleep, ticks)
        # Leaves room for the intake, which asks for the tags of strangers.
        self._tag_reads = _Pace(2 * rate, sleep, ticks)

    def named(self, names: Iterable[str]) -> dict[str, Found]:
        """The alarms of these names that there are, metric math and composite ones too."""
        found: dict[str, Found] = {}
        rest = iter(dict.fromkeys(names))
        while some := list(islice(rest, AT_ONCE)):
            answer = self._patiently(
                self._client.describe_alarms, AlarmNames=some, AlarmTypes=KINDS, MaxRecords=AT_ONCE
            )
            found |= _by_name(answer)
        return found

    def beginning(self, prefix: str) -> Iterator[dict[str, Found]]:
        """Every alarm whose name begins so, a page at a time."""
        more: dict[str, str] = {}
        while True:
            answer = self._patiently(
                self._client.describe_alarms, AlarmNamePrefix=prefix, AlarmTypes=KINDS, MaxRecords=AT_ONCE, **more
            )
            yield _by_name(answer)
            if not answer.get("NextToken"):
                return
            more = {"NextToken": answer["NextToken"]}

    def put(self, definition: Mapping[str, Any]) -> Taken:
        """Make the alarm, or make it so. One that is there keeps its state and its tags."""
        try:
            self._write(self._client.put_metric_alarm, **definition)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in FULL:
                return Taken.FULL
            if code not in REFUSED:
                raise
            said = error.response["Error"].get("Message", "")
            logger.error("CloudWatch refuses an alarm", extra={"alarm": definition["AlarmName"], "said": said[:500]})  # noqa: TRY400
            return Taken.REFUSED
        return Taken.DONE

    def delete(self, names: Sequence[str]) -> None:
        """Delete alarms; one that is gone already does no harm."""
        for start in range(0, len(names), AT_ONCE):
            self._delete(list(names[start : start + AT_ONCE]))

    def _delete(self, names: list[str]) -> None:
        try:
            self._write(self._client.delete_alarms, AlarmNames=names)
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            # Somebody else was there first. References differ in whether the others are gone then: each goes alone.
            for name in names if len(names) > 1 else ():
                self._delete([name])

    def tags(self, arn: str) -> dict[str, str]:
        """The tags of an alarm."""
        self._tag_reads.wait()
        answer = self._patiently(self._client.list_tags_for_resource, ResourceARN=arn)
        return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Set these tags and leave the others."""
        self._write(self._client.tag_resource, ResourceARN=arn, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])

    def _write(self, call: Callable[..., Any], **request: Any) -> None:
        self._writes.wait()
        self._patiently(call, **request)

    def _patiently(self, call: Callable[..., Any], **request: Any) -> Any:
        """The call's answer, however often it is throttled first. Raises Unavailable when that does not end."""
        for attempt in range(TRIES):
            try:
                return call(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] not in THROTTLED:
                    raise
                most = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt)
                self._sleep(random.uniform(most / 2, most))  # noqa: S311 - jitter, no secret
        raise Unavailable("CloudWatch takes no more calls for now.")


class _Pace:
    """Not more than so many turns a second."""

    def __init__(self, rate: float, sleep: Callable[[float], None], ticks: Callable[[], float]) -> None:
        self._gap_s, self._sleep, self._ticks = 1 / rate, sleep, ticks
        self._next = 0.0

    def wait(self) -> None:
        """Until it is our turn."""
        if (wait := self._next - self._ticks()) > 0:
            self._sleep(wait)
        self._next = self._ticks() + self._gap_s


def _by_name(answer: Mapping[str, Any]) -> dict[str, Found]:
    alarms = [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]
    return {alarm["AlarmName"]: alarm for alarm in alarms}
