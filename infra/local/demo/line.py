"""The line of the story: an integration of the registry, its traffic, and the alarm that its row raises.

Knows the traffic's doors and how to look at an alarm. Makes no alarm, sets none, writes no metric.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.demo.witness import Json, NotSeenError
from infra.local.traffic.client import TrafficClient, TrafficRefused
from infra.target import Target


class Line:
    """One integration as the story sees it. What the traffic refuses raises NotSeenError."""

    def __init__(self, target: Target, slug: str) -> None:
        self._slug, self._cloudwatch = slug, target.client("cloudwatch")
        self._traffic = TrafficClient(target.extra.get("traffic", ""))

    def make_whole(self) -> None:
        """Mend what an earlier telling left broken."""
        with _unseen():
            broken = [one["slug"] for one in self._traffic.traffic()["integrations"] if one["how"]]
            if self._slug in broken:
                self._traffic.mend(self._slug)

    def foretell(self) -> Json:
        """The alarm that will notice silence; from here on the line is played."""
        with _unseen():
            alarm: Json = self._traffic.plan(self._slug, "silence")["alarms"][0]
        return alarm

    def fall_silent(self) -> None:
        """Nothing comes any more, as if for an hour already."""
        with _unseen():
            self._traffic.break_(self._slug, "silence")

    def mend(self) -> None:
        """Records come again."""
        with _unseen():
            self._traffic.mend(self._slug)

    def state(self, alarm: str) -> str:
        """OK, ALARM or INSUFFICIENT_DATA; empty while there is no such alarm."""
        found = self._cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        return str(found[0]["StateValue"]) if found else ""


@contextmanager
def _unseen() -> Iterator[None]:
    """What the traffic refuses is not seen."""
    try:
        yield
    except TrafficRefused as refusal:
        raise NotSeenError(f"{refusal.message} {refusal.remedy}".strip()) from refusal
