"""Claims about the numbers of a real table: they are what the timelines say, told again by other means."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.domain.incident import Incident
from deadair.domain.numbers import By, numbers
from deadair.domain.stages import Milestone
from deadair.domain.timeline import Entry
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.mitigate import mitigate
from deadair.usecases.numbers import read_period
from deadair.usecases.resolve import resolve
from deadair.usecases.set_milestone import set_milestone
from infra.target import Target
from tests.builders import an_actor, at
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
COUNT = 24
NOW = at(2000)


@pytest.fixture(scope="module")
def told(stack: Target) -> IncidentStore:
    """Incidents that took all kinds of time, some with milestones that were corrected, some still open."""
    room = Intake(stack, a_table_like(stack, "IncidentsTable"))
    for place in range(COUNT):
        name = f"{room.name}-{place % 5}-{place}"
        room.take(room.event(minutes=place * 3, name=name), room.event(minutes=place * 3 + 1, name=f"{name}"))
        (incident,) = room.incidents(name)
        _work(room.store, incident, place)
    return room.store


def _work(store: IncidentStore, incident: Incident, place: int) -> None:
    number, actor = incident.number, an_actor()
    if place % 7 == 0:
        return
    acknowledge(store, number, actor, now=at(100 + place * 7 % 31))
    if place % 3 == 0:
        mitigate(store, number, actor, "", now=at(140 + place * 5 % 17))
    if place % 5 == 0:
        return
    resolve(store, number, actor, "done", now=at(200 + place * 11 % 53))
    if place % 4 == 0:
        set_milestone(store, number, actor, Milestone.STARTED, at(-place), "a log says so", now=NOW)
    if place % 6 == 0:
        set_milestone(store, number, actor, Milestone.RESOLVED, at(190), "worked earlier", now=NOW)
        set_milestone(store, number, actor, Milestone.RESOLVED, at(195), "no, a little later", now=NOW)


def by_hand(timeline: list[Entry]) -> dict[str, datetime]:
    """The milestones from nothing but the timeline, in the order in which its entries were written."""
    facts = {"acknowledged": "acknowledged", "mitigated": "mitigated", "resolved": "resolved"}
    alarms = [entry for entry in timeline if entry.details.get("state") == "ALARM"]
    detected = min(entry.occurred_at for entry in alarms)
    since = [datetime.fromisoformat(entry.details["since"]) for entry in alarms if "since" in entry.details]
    found = {"detected": detected, "started": min([detected, *since])}
    for entry in sorted(timeline, key=lambda entry: entry.id):
        kind = entry.fact.value.split(".")[1]
        if kind in facts:
            found.setdefault("acknowledged", entry.occurred_at)
            found[facts[kind]] = entry.occurred_at
        if kind == "milestone_set":
            found[entry.details["milestone"]] = datetime.fromisoformat(entry.details["at"])
    return found


def ranked(values: list[float], share: float) -> float | None:
    return sorted(values)[ceil(len(values) * share) - 1] if values else None


def recomputed(timelines: Iterator[list[Entry]]) -> dict[str, tuple[int, float | None, float | None]]:
    between = {
        "to_detect": ("started", "detected"),
        "to_acknowledge": ("detected", "acknowledged"),
        "to_mitigate": ("started", "mitigated"),
        "to_resolve": ("started", "resolved"),
    }
    lengths: dict[str, list[float]] = {name: [] for name in between}
    for timeline in timelines:
        found = by_hand(timeline)
        for name, (begin, end) in between.items():
            if end in found:
                lengths[name].append((found[end] - found[begin]).total_seconds())
    return {name: (len(many), ranked(many, 0.5), ranked(many, 0.9)) for name, many in lengths.items()}


def seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def test_the_figures_are_those_of_the_timelines(told: IncidentStore) -> None:
    period = read_period(told, at(0), most=1000)
    timelines = (told.timeline(incident.number) for incident in period.incidents)

    figures = numbers(period.incidents, By.INTEGRATION).overall.figures

    assert len(period.incidents) == COUNT
    assert {n: (f.count, seconds(f.median), seconds(f.p90)) for n, f in figures.items()} == recomputed(timelines)
    assert figures["to_mitigate"].count not in {0, COUNT}


def test_a_correction_is_on_the_timeline_with_the_old_time_and_the_reason(told: IncidentStore) -> None:
    period = read_period(told, at(0), most=1000)
    corrections = [e for i in period.incidents for e in told.timeline(i.number) if e.details.get("was")]

    last = next(entry for entry in corrections if "no, a little later" in entry.text)
    assert (last.details["milestone"], last.author) == ("resolved", "Ana Lima")
    assert "2026-11-02 15:10:00 → 2026-11-02 15:15:00 UTC" in last.text


def test_reading_ends_where_the_period_begins_and_says_when_it_was_cut(told: IncidentStore) -> None:
    assert read_period(told, datetime(2030, 1, 1, tzinfo=UTC), most=1000).incidents == ()
    cut = read_period(told, at(0), most=3)
    assert cut.cut
    assert sum(not incident.is_open for incident in cut.incidents) == 3


def test_an_incident_that_opened_before_the_period_is_not_in_it(told: IncidentStore) -> None:
    old: dict[str, Any] = incident_item(told.past_incidents(1).items[0])
    early = at(-9000).isoformat(timespec="milliseconds")
    sort = {"S": f"{early}#000999999"}
    fields = {"pk": {"S": "INC#999999"}, "number": {"N": "999999"}, "opened_at": {"S": early}}
    told.client.put_item(TableName=told.table, Item=old | fields | {"sort_id": sort, "state_sk": sort})

    assert 999999 not in [incident.number for incident in read_period(told, at(0), most=1000).incidents]
    assert 999999 in [incident.number for incident in read_period(told, at(-9001), most=1000).incidents]


def test_setting_the_same_time_again_adds_nothing(told: IncidentStore) -> None:
    (incident, *_) = told.past_incidents(1).items
    at_ = incident.when(Milestone.RESOLVED)
    assert at_ is not None
    before = len(told.timeline(incident.number))

    same = set_milestone(told, incident.number, an_actor(), Milestone.RESOLVED, at_, "as it is", now=NOW)

    assert same == told.get(incident.number)
    assert len(told.timeline(incident.number)) == before
