"""Watching a broken integration: its alarms in CloudWatch, its incident in the table. Reads only."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from infra.cli.choice import output

if TYPE_CHECKING:
    from deadair.domain.incident import Incident
    from infra.target import Target

Json = dict[str, Any]
# What is seen, and after how many seconds.
Step = Callable[[str, Json], None] | None

_LOOK_S = 0.2
# The first history of an integration, and a first look at its alarms.
_READY_S, _SEEN_S = 40.0, 60.0


class Watcher:
    """The eyes of an operator on one stack."""

    def __init__(self, target: "Target") -> None:
        from deadair.adapters.dynamodb.incidents import IncidentStore

        self._web = target.web
        self._cloudwatch = target.client("cloudwatch")
        self._incidents = IncidentStore(target.client("dynamodb"), output(target, "IncidentsTable"))

    def ready(self, alarm: str) -> str:
        """Wait until an alarm is OK; returns its state then, empty when it does not exist."""
        self._until(lambda: self._state(alarm) == "OK", _READY_S)
        return self._state(alarm)

    def opened(self, plan: Json, step: Step) -> Json:
        """Watch the first alarm ring and an incident take it up; what was seen, with seconds."""
        name, began, seen = plan["alarms"][0]["name"], time.monotonic(), dict[str, Any]()
        if self._until(lambda: self._state(name) == "ALARM", _SEEN_S):
            self._tell(seen, "alarm", {"name": name, "state": "ALARM"}, began, step)
        if self._until(lambda: self._ringing(plan["slug"], name), _SEEN_S):
            self._tell(seen, "incident", self._about(self._ringing(plan["slug"], name)), began, step)
        return seen

    def recovered(self, plan: Json, step: Step) -> Json:
        """Watch its alarms become OK, and its open incident recover."""
        began, seen = time.monotonic(), dict[str, Any]()
        incident = self._newest(plan["slug"])
        names = [alarm.name for alarm in incident.alarms.values()] if incident else []
        self._until(lambda: not self._in_alarm(names), _SEEN_S)
        ringing = self._in_alarm(names)
        self._tell(seen, "alarms", {"names": [name for name in names if name not in ringing]}, began, step)
        if incident and not ringing and self._until(lambda: self._has_recovered(plan["slug"]), _SEEN_S):
            self._tell(seen, "recovered", self._about(self._newest(plan["slug"])), began, step)
        return seen | {"ringing": ringing}

    def _tell(self, seen: Json, what: str, about: Json, began: float, step: Step) -> None:
        seen[what] = about | {"after_s": round(time.monotonic() - began, 1)}
        if step:
            step(what, seen[what])

    def _until(self, holds: Callable[[], object], patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        while not holds():
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_S)
        return True

    def _state(self, alarm: str) -> str:
        found = self._cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        return str(found[0]["StateValue"]) if found else ""

    def _in_alarm(self, names: list[str]) -> list[str]:
        return [name for name in names if self._state(name) == "ALARM"]

    def _newest(self, slug: str) -> "Incident | None":
        return next((one for one in self._incidents.of_integration(slug, 5) if one.is_open), None)

    def _ringing(self, slug: str, alarm: str) -> "Incident | None":
        found = self._newest(slug)
        rings = found and any(one.name == alarm and one.state == "ALARM" for one in found.alarms.values())
        return found if rings else None

    def _has_recovered(self, slug: str) -> bool:
        found = self._newest(slug)
        return found is None or found.recovered_at is not None

    def _about(self, found: "Incident | None") -> Json:
        if found is None:
            return {}
        return {
            "id": found.id,
            "title": found.title,
            "severity": found.severity.value,
            "owner": found.owner.name,
            "class": found.failure_class.value,
            "finding": found.finding.text if found.finding else "",
            "address": f"{self._web}/incidents/{found.id}",
        }
