"""A line without tables: what the recorder does with one integration's news, in memory; and news to do it with."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from deadair.adapters.dynamodb.incident_items import incident_fields
from deadair.adapters.dynamodb.items import entry_fields
from deadair.domain.alarm import AlarmState, Reconfiguration, Signal, Transition
from deadair.domain.early import Arrival
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.line import Line, rule
from deadair.domain.timeline import Entry, in_order
from tests.builders import an_alarm, at, held

NOW = at(60)
NAMES = ("hubspot-salesforce-silence", "hubspot-salesforce-errors", "hubspot-salesforce-ältere")
SIGNALS = tuple(Signal)


@dataclass
class ALine:
    """One integration, its incidents and their timelines."""

    line: Line = field(default_factory=lambda: Line("hubspot-salesforce"))
    heads: dict[int, Incident] = field(default_factory=dict)
    entries: dict[int, list[Entry]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def take(self, *transitions: Transition, now: datetime = NOW) -> None:
        """Take news in, one after the other; what is known already changes nothing."""
        for transition in transitions:
            if transition.key not in self.known:
                self.known.add(transition.key)
                self._record(Arrival(transition, f"m-{transition.key}"), now)

    def _record(self, arrival: Arrival, now: datetime) -> None:
        who = held()
        read = {number: self.heads[number] for number in self.line.candidates(arrival.transition)}
        goes_on = (one for one in read.values() if who.continues(one, arrival.transition))
        head = next(goes_on, read.get(self.line.number or 0))
        ruling = rule(arrival, who, self.line, head, number=len(self.heads) + 1, now=now)
        self.line = ruling.line or self.line
        if ruling.incident:
            self.heads[ruling.incident.number] = ruling.incident
            self.entries.setdefault(ruling.incident.number, []).extend(ruling.entries)

    def said(self) -> str:
        """Everything that anybody can read in the end, byte by byte."""
        heads = [incident_fields(head) for head in self.heads.values()]
        told = [[entry_fields(entry) for entry in in_order(entries)] for entries in self.entries.values()]
        early = [arrival.transition.key for arrival in self.line.early]
        return json.dumps([heads, told, early], default=str)


@st.composite
def news(draw: st.DrawFn, *, most: int = 9, names: tuple[str, ...] = NAMES) -> list[Transition]:
    """Some news of some alarms, each once: equal times, muted, resting and suppressed ones, alarms that are changed."""
    drawn = draw(st.lists(_one(names), max_size=most))
    return list({transition.key: transition for transition in drawn}.values())


@st.composite
def _one(draw: st.DrawFn, names: tuple[str, ...]) -> Transition:
    state = draw(st.sampled_from([AlarmState.ALARM, AlarmState.ALARM, AlarmState.OK, AlarmState.INSUFFICIENT_DATA]))
    minutes = draw(st.sampled_from([0, 1, 2, 2.0001, 3, 5, 50]))
    more: dict[str, Any] = {"reason": draw(st.sampled_from(["Threshold Crossed.", "", "no datapoints"]))}
    if state is AlarmState.ALARM:
        until = draw(st.sampled_from([None, at(5), at(30)]))
        more["quiet"] = draw(st.sampled_from([None, None, Hold(until, "muted in CloudWatch", "night")]))
        more["started_at"] = draw(st.sampled_from([None, at(minutes - 7)]))
    elif state is AlarmState.INSUFFICIENT_DATA:
        more["rests"] = draw(st.booleans())
        more["reconfigured"] = draw(st.sampled_from([None, *Reconfiguration]))
    # A clock that is ahead: another stamp, the same instant.
    skew = timedelta(seconds=draw(st.sampled_from([0, 0, 0, 90])))
    stamp = at(minutes) + skew
    signal = draw(st.sampled_from(SIGNALS))
    return an_alarm(state, minutes, name=draw(st.sampled_from(names)), stamp=stamp, signal=signal, **more)
