"""The loop that judges the alarms of the embedded AWS and posts the events that EventBridge would deliver.

On AWS none of this exists: CloudWatch judges each alarm every minute (every 10 s for short periods) and sends the
event itself. MiniStack judges only when a datapoint arrives, mixes the dimensions of a metric, knows neither missing
data nor metric math, and sends no event; `adjust_alarms` therefore switches its judgement off. SNS actions are
published by MiniStack when the state is set, as on AWS, so nothing here publishes to a topic. State changes that
others make (`set-alarm-state`, composite alarms) are noticed at the next round and get their event too; of two
changes within one round only the last is seen. Which alarms a round judges, `watchlist` says.
"""

import json
import logging
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import alarm_events, metric_math
from infra.local.alarm_rules import State, Verdict, reason
from infra.local.judging import judged, periods_of, rule_of, window_of
from infra.local.options import REGION
from infra.local.requests import LOOKS
from infra.local.watchlist import Watchlist
from infra.target import Clients, local_clients

_LOG = logging.getLogger("deadair.evaluator")
_QUERIES_PER_CALL = 400
_NAMES_PER_CALL = 100
# What one round may cost in CPU time, and its first guess of how many alarms that is.
_ROUND_S, _FIRST_BATCH, _SMALLEST_BATCH = 0.3, 200, 25
# CloudWatch looks every ten seconds, and so without patience, at alarms with periods under a minute.
_MINUTE_S = 60
_APART = timedelta(milliseconds=1)
_EVENTS_PER_CALL = 10
Json = dict[str, Any]
Clock = Callable[[], datetime]


class Evaluator:
    """Judges every few seconds in a thread of its own. `round` is one pass, for tests and impatient callers.

    `patience_s` is how long a new alarm may be without data before that alone makes it ring. CloudWatch's own first
    look comes within a minute; here the traffic of a row that was just written needs some seconds to begin. `excused`
    names dimensions whose metrics are not judged now: traffic that was away is sending what it owes.
    """

    def __init__(
        self,
        endpoint: str,
        every_s: float,
        clock: Clock = lambda: datetime.now(UTC),
        patience_s: float = 0.0,
    ) -> None:
        self._endpoint, self._every_s, self._clock, self._patience_s = endpoint, every_s, clock, patience_s
        # Looking must not count as a change, or an idle stack would save for ever.
        self._look: Clients = local_clients(endpoint, REGION, LOOKS.decode())
        self._act: Clients = local_clients(endpoint, REGION)
        self._list = Watchlist()
        self._run_id, self._version = "", 0
        self._said: dict[str, Json] = {}
        self._batch = _FIRST_BATCH
        self.excused: Callable[[], frozenset[str]] = frozenset
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
            except (BotoCoreError, ClientError, OSError) as error:
                # The embedded AWS is stopping or restarting; the next round will tell.
                _LOG.warning("alarms could not be judged: %s", error)

    def round(self) -> int:
        """Judge what is due and post the events; returns how many events."""
        now = self._clock()
        self._learn_changes(now)
        began = time.thread_time()
        alarms = self._described(self._due(now), now)
        entries = self._changes_by_others(alarms, now) + self._judge(alarms, now)
        for start in range(0, len(entries), _EVENTS_PER_CALL):
            self._act.get("events").put_events(Entries=entries[start : start + _EVENTS_PER_CALL])
        self._adapt(len(alarms), time.thread_time() - began)
        return len(entries)

    def _due(self, now: datetime) -> list[str]:
        due, excused = self._list.due(now.timestamp(), self._batch), self.excused()
        waiting = [name for name in due if excused and self._list.watches(name, excused)]
        self._list.again(waiting)
        return [name for name in due if name not in waiting]

    def _adapt(self, judged: int, cost_s: float) -> None:
        """How many alarms the next round may take."""
        if judged >= _SMALLEST_BATCH:
            self._batch = max(_SMALLEST_BATCH, int(judged * _ROUND_S / max(cost_s, 1e-3)))

    def _learn_changes(self, now: datetime) -> None:
        """Ask the embedded AWS what has happened since the last round."""
        order = json.dumps({"run": self._run_id, "version": self._version}).encode()
        request = urllib.request.Request(f"{self._endpoint}/_deadair/changes", data=order)  # noqa: S310 - our own child
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http to 127.0.0.1
            told = json.loads(answer.read())
        if told["all"]:
            self._learn_all(now)
        self._list.changed(told["alarms"])
        for *metric, oldest in told["metrics"]:
            self._list.points_came((metric[0], metric[1], metric[2]), oldest, now.timestamp())
        self._run_id, self._version = told["run"], told["version"]

    def _learn_all(self, now: datetime) -> None:
        """Once, and again should we have missed too much: every alarm, from first to last."""
        gone = set(self._list.known)
        pages = self._look.get("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=_NAMES_PER_CALL):
            for alarm in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]:
                self._list.learn(alarm, now.timestamp())
                gone.discard(alarm["AlarmName"])
        for name in gone:
            self._list.forget(name)

    def _described(self, names: list[str], now: datetime) -> list[Json]:
        """These alarms as they are now; who is gone is forgotten."""
        found: dict[str, Json] = {}
        for start in range(0, len(names), _NAMES_PER_CALL):
            answer = self._look.get("cloudwatch").describe_alarms(
                AlarmNames=names[start : start + _NAMES_PER_CALL],
                AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                MaxRecords=_NAMES_PER_CALL,
            )
            alarms = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
            found |= {alarm["AlarmName"]: alarm for alarm in alarms}
        for name in names:
            if name not in found:
                self._list.forget(name)
                self._said.pop(name, None)
        for alarm in found.values():
            self._list.learn(alarm, now.timestamp(), judged=True)
        return list(found.values())

    def _judge(self, alarms: list[Json], now: datetime) -> list[Json]:
        measured = [alarm for alarm in alarms if alarm_events.queries_of(alarm)]
        series = self._series(measured, now)
        found = ((alarm, self._verdict(alarm, series[alarm["AlarmArn"]], now)) for alarm in measured)
        changes = [(alarm, verdict) for alarm, verdict in found if verdict and self._is_news(alarm, verdict, now)]
        # Each has an instant of its own, as on AWS, and after what others have just set. Who looks back furthest goes
        # first: it has the most to tell.
        changes.sort(key=lambda change: window_of(change[0]), reverse=True)
        return [self._set(alarm, verdict, now + _APART * place) for place, (alarm, verdict) in enumerate(changes, 1)]

    def _is_news(self, alarm: Json, verdict: Verdict, now: datetime) -> bool:
        if verdict.state.value == alarm["StateValue"]:
            return False
        if self._is_too_early(alarm, verdict, now):
            self._list.again([alarm["AlarmName"]])
            return False
        return True

    def _is_too_early(self, alarm: Json, verdict: Verdict, now: datetime) -> bool:
        """Whether a new alarm would ring although its data may just be on their way."""
        new = alarm["StateValue"] == State.INSUFFICIENT_DATA.value and verdict.state is State.ALARM
        patient = rule_of(alarm).missing == "breaching" and alarm_events.period_of(alarm) >= _MINUTE_S
        made_at: datetime = alarm["AlarmConfigurationUpdatedTimestamp"]
        return new and patient and (now - made_at).total_seconds() < self._patience_s

    def _series(self, alarms: list[Json], now: datetime) -> dict[str, dict[str, metric_math.Series]]:
        """The series of every plain metric of every alarm, by alarm and query id."""
        found: dict[str, dict[str, metric_math.Series]] = defaultdict(dict)
        windows: dict[tuple[datetime, datetime], list[tuple[str, Json]]] = defaultdict(list)
        for alarm in alarms:
            moments = periods_of(alarm, now)
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

    def _verdict(self, alarm: Json, series: dict[str, metric_math.Series], now: datetime) -> Verdict | None:
        try:
            return judged(alarm, series, now, State(alarm["StateValue"]))
        except (metric_math.Unsupported, KeyError) as error:
            if alarm["AlarmArn"] not in self._unsupported:
                self._unsupported.add(alarm["AlarmArn"])
                _LOG.warning("alarm %s is judged on AWS only: %s", alarm["AlarmName"], error)
            return None

    def _set(self, alarm: Json, verdict: Verdict, now: datetime) -> Json:
        rule = rule_of(alarm)
        text, data = reason(rule, verdict), alarm_events.reason_data(alarm, rule, verdict, now)
        self._act.get("cloudwatch").set_alarm_state(
            AlarmName=alarm["AlarmName"], StateValue=verdict.state.value, StateReason=text, StateReasonData=data
        )
        previous = self._said.get(alarm["AlarmName"]) or _memory(alarm)
        state = alarm_events.state_of(verdict.state.value, text, data, now)
        self._remember(alarm, state)
        return alarm_events.entry(alarm, previous, state)

    def _changes_by_others(self, alarms: Iterable[Json], now: datetime) -> list[Json]:
        entries = []
        for alarm in alarms:
            before = self._list.known[alarm["AlarmName"]].state
            if before != alarm["StateValue"]:
                previous = self._said.get(alarm["AlarmName"]) or alarm_events.state_of(before, "", None, now)
                state = _memory(alarm) | {"timestamp": alarm_events.stamp(now)}
                self._remember(alarm, state)
                entries.append(alarm_events.entry(alarm, previous, state))
        return entries

    def _remember(self, alarm: Json, state: Json) -> None:
        """What the alarm says from now on, as the `previousState` of a later event."""
        self._said[alarm["AlarmName"]] = state
        self._list.known[alarm["AlarmName"]].state = state["value"]


def _memory(alarm: Json) -> Json:
    """What the alarm says now, as the `previousState` of a later event."""
    at = alarm.get("StateUpdatedTimestamp")
    moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime.fromtimestamp(0, UTC)
    return alarm_events.state_of(
        alarm["StateValue"], alarm.get("StateReason", ""), alarm.get("StateReasonData"), moment
    )
