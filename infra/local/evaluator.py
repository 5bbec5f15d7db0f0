"""The loop that judges the alarms of the embedded AWS and posts the events that EventBridge would deliver.

On AWS none of this exists: CloudWatch judges each alarm every minute (every 10 s for short periods) and sends the
event itself. MiniStack judges only when a datapoint arrives, mixes the dimensions of a metric, knows neither missing
data nor metric math, and sends no event; `adjust_alarms` therefore switches its judgement off. SNS actions are
published by MiniStack when the state is set, as on AWS, so nothing here publishes to a topic. State changes that
others make (`set-alarm-state`, composite alarms) are noticed at the next round and get their event too; of two
changes within one round only the last is seen.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import alarm_events, metric_math
from infra.local.alarm_rules import Point, Rule, State, Verdict, evaluate, reason
from infra.local.options import REGION
from infra.target import Clients, local_clients

_LOG = logging.getLogger("deadair.evaluator")
_LOOKS = "deadair-looks"
_QUERIES_PER_CALL = 400
_EVENTS_PER_CALL = 10
Json = dict[str, Any]
Clock = Callable[[], datetime]


class Evaluator:
    """Judges every few seconds in a thread of its own. `round` is one pass, for tests and impatient callers."""

    def __init__(self, endpoint: str, every_s: float, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._every_s, self._clock = every_s, clock
        # Looking must not count as a change, or an idle stack would save for ever.
        self._look: Clients = local_clients(endpoint, REGION, _LOOKS)
        self._act: Clients = local_clients(endpoint, REGION)
        self._seen: dict[str, Json] | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._unsupported: set[str] = set()

    def start(self) -> None:
        """Begin. What the alarms say now is taken as known; only changes make events."""
        self._look.get("cloudwatch")
        self._thread = threading.Thread(target=self._run, name="alarm-evaluator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self.round()
            except (BotoCoreError, ClientError) as error:
                # The embedded AWS is stopping or restarting; the next round will tell.
                _LOG.warning("alarms could not be judged: %s", error)

    def round(self) -> int:
        """Judge all alarms once and post the events; returns how many events."""
        now = self._clock()
        alarms = list(self._alarms())
        if self._seen is None:
            self._seen = {alarm["AlarmArn"]: _memory(alarm) for alarm in alarms}
        entries = self._changes_by_others(alarms, now) + self._judge(alarms, now)
        for start in range(0, len(entries), _EVENTS_PER_CALL):
            self._act.get("events").put_events(Entries=entries[start : start + _EVENTS_PER_CALL])
        return len(entries)

    def _alarms(self) -> Iterable[Json]:
        pages = self._look.get("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
            yield from page.get("MetricAlarms", [])
            yield from page.get("CompositeAlarms", [])

    def _judge(self, alarms: list[Json], now: datetime) -> list[Json]:
        judged = [alarm for alarm in alarms if alarm_events.queries_of(alarm)]
        series = self._series(judged, now)
        entries = []
        for alarm in judged:
            rule = _rule(alarm)
            verdict = self._verdict(alarm, rule, series[alarm["AlarmArn"]], now)
            if verdict is not None and verdict.state.value != alarm["StateValue"]:
                entries.append(self._set(alarm, rule, verdict, now))
        return entries

    def _series(self, alarms: list[Json], now: datetime) -> dict[str, dict[str, metric_math.Series]]:
        """The series of every plain metric of every alarm, by alarm and query id."""
        found: dict[str, dict[str, metric_math.Series]] = defaultdict(dict)
        windows: dict[tuple[datetime, datetime], list[tuple[str, Json]]] = defaultdict(list)
        for alarm in alarms:
            moments = _periods(alarm, now)
            until = moments[-1] + timedelta(seconds=alarm_events.period_of(alarm))
            for query in alarm_events.queries_of(alarm):
                if "MetricStat" in query:
                    windows[moments[0], until].append((alarm["AlarmArn"], query))
        for (start, end), wanted in windows.items():
            for first in range(0, len(wanted), _QUERIES_PER_CALL):
                self._read(wanted[first : first + _QUERIES_PER_CALL], start, end, found)
        return found

    def _read(
        self,
        wanted: list[tuple[str, Json]],
        start: datetime,
        end: datetime,
        found: dict[str, dict[str, metric_math.Series]],
    ) -> None:
        queries = [{"Id": f"q{index}", "MetricStat": query["MetricStat"]} for index, (_, query) in enumerate(wanted)]
        answer = self._look.get("cloudwatch").get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end)
        for result in answer["MetricDataResults"]:
            arn, query = wanted[int(result["Id"][1:])]
            moments = (moment.astimezone(UTC) for moment in result["Timestamps"])
            found[arn][query["Id"]] = dict(zip(moments, result["Values"], strict=True))

    def _verdict(self, alarm: Json, rule: Rule, series: dict[str, metric_math.Series], now: datetime) -> Verdict | None:
        moments = _periods(alarm, now)
        try:
            values = _returned(alarm, dict(series), moments)
            points = [Point(moment, values.get(moment)) for moment in moments]
            return evaluate(rule, points, State(alarm["StateValue"]))
        except (metric_math.Unsupported, KeyError) as error:
            if alarm["AlarmArn"] not in self._unsupported:
                self._unsupported.add(alarm["AlarmArn"])
                _LOG.warning("alarm %s is judged on AWS only: %s", alarm["AlarmName"], error)
            return None

    def _set(self, alarm: Json, rule: Rule, verdict: Verdict, now: datetime) -> Json:
        text, data = reason(rule, verdict), alarm_events.reason_data(alarm, rule, verdict, now)
        self._act.get("cloudwatch").set_alarm_state(
            AlarmName=alarm["AlarmName"], StateValue=verdict.state.value, StateReason=text, StateReasonData=data
        )
        assert self._seen is not None  # noqa: S101 - set at the start of the round
        previous = self._seen.get(alarm["AlarmArn"]) or _memory(alarm)
        state = alarm_events.state_of(verdict.state.value, text, data, now)
        self._seen[alarm["AlarmArn"]] = state
        return alarm_events.entry(alarm, previous, state)

    def _changes_by_others(self, alarms: Iterable[Json], now: datetime) -> list[Json]:
        assert self._seen is not None  # noqa: S101 - set at the start of the round
        entries = []
        for alarm in alarms:
            previous = self._seen.setdefault(alarm["AlarmArn"], _memory(alarm))
            if previous["value"] != alarm["StateValue"]:
                state = _memory(alarm) | {"timestamp": alarm_events.stamp(now)}
                self._seen[alarm["AlarmArn"]] = state
                entries.append(alarm_events.entry(alarm, previous, state))
        return entries


def _rule(alarm: Json) -> Rule:
    periods = int(alarm["EvaluationPeriods"])
    return Rule(
        evaluation_periods=periods,
        datapoints_to_alarm=int(alarm.get("DatapointsToAlarm") or periods),
        threshold=float(alarm["Threshold"]),
        comparison=alarm["ComparisonOperator"],
        missing=alarm.get("TreatMissingData") or "missing",
    )


def _periods(alarm: Json, now: datetime) -> list[datetime]:
    """The starts of the complete periods that are looked at, oldest first. Periods are aligned to the epoch."""
    period = alarm_events.period_of(alarm)
    newest = int(now.timestamp()) // period * period - period
    count = _rule(alarm).evaluation_range
    return [datetime.fromtimestamp(newest - period * back, UTC) for back in reversed(range(count))]


def _returned(alarm: Json, series: dict[str, metric_math.Series], moments: list[datetime]) -> metric_math.Series:
    """The series that the alarm watches: its metric, or its expression computed in the order of the queries."""
    queries = alarm_events.queries_of(alarm)
    watched = queries[0]["Id"]
    for query in queries:
        if query.get("Expression"):
            series[query["Id"]] = metric_math.compute(query["Expression"], series, moments)
        if query.get("ReturnData", True):
            watched = query["Id"]
    return series.get(watched, {})


def _memory(alarm: Json) -> Json:
    """What the alarm says now, as the `previousState` of a later event."""
    at = alarm.get("StateUpdatedTimestamp")
    moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime.fromtimestamp(0, UTC)
    return alarm_events.state_of(
        alarm["StateValue"], alarm.get("StateReason", ""), alarm.get("StateReasonData"), moment
    )
