"""The storm: 10,000 alarms over 200 integrations through the front of the line, and what became of them.

Alarms, recoveries, repetitions and disorder, sent as fast as EventBridge takes them. Counted apart from the product:
what was said is compared with every incident, timeline and message in Slack.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.keys import transition
from deadair.adapters.dynamodb.many import read_many
from deadair.domain.alarm import AlarmIdentity, AlarmState, Transition
from infra.target import Target
from tests.bench.estate import at_rest, drained, put_events, register
from tests.bench.figures import Figure, percentile
from tests.bench.memory import embedded, workers
from tests.builders import an_event_body
from tests.local_slack import doors
from tests.storm import Said, a_storm, expected

COUNT, INTEGRATIONS = 10_000, 200
WARM_COUNT, WARM_INTEGRATIONS = 1_000, 20
# What a message is counted as; every other one of an owner's, alone or with others, is their notice.
KINDS = {"card": "card", "recovered": "question"}
CROWD, INCIDENT = "crowd", re.compile(r"INC-[0-9]+")
LOOK_S, LOOK_AT_SLACK_S = 0.25, 1.0
TOGETHER = 10
MB = 1024 * 1024


def measure(stack: Target, count: int = COUNT, integrations: int = INTEGRATIONS) -> list[Figure]:
    """Send the storm, wait until everybody is told, and count."""
    _warm(stack)
    slugs = register(stack, integrations)
    at_rest(stack)
    before, kept = workers(stack), embedded(stack)
    storm = a_storm(slugs, count, datetime.now(UTC) - timedelta(minutes=15))
    began = time.monotonic()
    sent = send(stack, storm)
    accepted = time.monotonic() - began
    drained(stack, stack.outputs["IntakeQueueUrl"], LOOK_S, patience_s=1200)
    recorded = time.monotonic() - began
    everybody_told(stack, slugs, patience_s=1200)
    told_s = time.monotonic() - began
    at_rest(stack, patience_s=1200)
    time.sleep(2)
    after = workers(stack)
    lost, ages = recorded_of(stack, sent)
    wrong = differences(stack, storm)
    notices = told(stack, slugs)
    return [
        Figure(f"{count} alarms over {integrations} integrations: lost", lost, "messages", "0"),
        Figure("incidents", len(notices), "incidents", f"≤ {integrations}"),
        Figure("incidents that differ from what was said", len(wrong), "incidents", "0"),
        Figure("cards and owner's messages more than one each", repeated(notices), "messages", "0"),
        Figure("cards and owner's messages missing", missing(notices), "messages", "0"),
        Figure("taken by the bus within", accepted, "s"),
        Figure("recorded within", recorded, "s"),
        Figure("everybody told within", told_s, "s", "≤ 300"),
        Figure("recorded per second", count / recorded, "alarms/s"),
        Figure("age when recorded, p50", percentile(ages, 0.5), "s"),
        Figure("age when recorded, oldest", max(ages), "s", "≤ 120"),
        *_memory(before, after),
        Figure("memory of the embedded AWS, which holds the tables, before", kept / MB, "MB"),
        Figure("memory of the embedded AWS, which holds the tables, after", embedded(stack) / MB, "MB"),
    ]


def _warm(stack: Target) -> None:
    """A small storm of its own first: what a process holds after its first work is not what grows with the alarms."""
    slugs = register(stack, WARM_INTEGRATIONS)
    send(stack, a_storm(slugs, WARM_COUNT, datetime.now(UTC) - timedelta(minutes=15)))
    drained(stack, stack.outputs["IntakeQueueUrl"], LOOK_S, patience_s=1200)
    everybody_told(stack, slugs, patience_s=1200)
    at_rest(stack, patience_s=1200)


def _memory(before: dict[int, int], after: dict[int, int]) -> list[Figure]:
    """The processes that worked through the whole storm, and the largest of all in the end."""
    same = before.keys() & after.keys()
    held, holds = sum(before[pid] for pid in same), sum(after[pid] for pid in same)
    return [
        Figure(f"memory of {len(same)} functions' processes before", held / MB, "MB"),
        Figure("memory of the same processes after", holds / MB, "MB"),
        *([Figure("memory of the same processes, after against before", holds / held, "×", "flat")] if held else []),
        Figure(f"largest of {len(after)} functions' processes after", max(after.values()) / MB, "MB"),
    ]


def send(stack: Target, storm: Sequence[Said]) -> dict[Said, datetime]:
    """Put the storm on the bus, in its order. Returns when each change was sent first."""
    sent: dict[Said, datetime] = {}
    for start in range(0, len(storm), TOGETHER):
        portion = storm[start : start + TOGETHER]
        now = datetime.now(UTC)
        put_events(stack, [an_event_body(said.alarm, said.state, said.at, integration="") for said in portion])
        for said in portion:
            sent.setdefault(said, now)
    return sent


def recorded_of(stack: Target, sent: dict[Said, datetime]) -> tuple[int, list[float]]:
    """How many changes have no record, and how old the others were when they were recorded, in seconds."""
    by_key = {(one := _transition(stack, said)).key: (one, at) for said, at in sent.items()}
    wanted = [transition(one) for one, _ in by_key.values()]
    items = read_many(stack.client("dynamodb"), stack.outputs["IncidentsTable"], wanted)
    ages = [
        (datetime.fromisoformat(item["recorded_at"]) - by_key[item["transition"]][1]).total_seconds()
        for item in map(from_item, items)
    ]
    return len(by_key) - len(ages), ages


def _transition(stack: Target, said: Said) -> Transition:
    """The change as far as its key goes."""
    identity = AlarmIdentity("aws", stack.account, stack.region, said.alarm)
    return Transition(identity, AlarmState(said.state), said.at, said.at)


def differences(stack: Target, storm: Sequence[Said]) -> list[str]:
    """The integrations of which the incident, or the timeline, is not what was said."""
    store = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])
    wrong = []
    for slug, wanted in expected(storm).items():
        found = store.of_integration(slug)
        if len(found) != 1:
            wrong.append(f"{slug}: {len(found)} incidents")
            continue
        incident = store.get(found[0].number)
        said = [entry for entry in store.timeline(incident.number) if entry.source.value == "alarm"]
        states = {alarm.name: alarm.state.value for alarm in incident.alarms.values()}
        if (len(said), states) != (wanted.entries, wanted.alarms):
            wrong.append(f"{slug}: {len(said)} entries of {wanted.entries}, {states} for {wanted.alarms}")
    return wrong


def everybody_told(stack: Target, slugs: Sequence[str], *, patience_s: float) -> dict[str, Counter[str]]:
    """Wait until each incident that is recorded by now has its card and its owner heard, or for so long."""
    until, recorded = time.monotonic() + patience_s, incidents_of(stack, slugs)
    while missing(notices := told_of(stack, recorded)) and time.monotonic() < until:
        time.sleep(LOOK_AT_SLACK_S)
    return notices


def incidents_of(stack: Target, slugs: Sequence[str]) -> list[str]:
    """The ids of the incidents of these integrations. A query for each: not to be asked while the clock runs."""
    store = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])
    return [incident.id for slug in slugs for incident in store.of_integration(slug)]


def told(stack: Target, slugs: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each incident has a card, and how often its owner was told of it, alone or with others, by its id."""
    return told_of(stack, incidents_of(stack, slugs))


def told_of(stack: Target, incidents: Sequence[str]) -> dict[str, Counter[str]]:
    """The same of these incidents."""
    notices: dict[str, Counter[str]] = {incident: Counter() for incident in incidents}
    for message in doors.state(stack.slack)["messages"]:
        payload: dict[str, Any] = (message.get("metadata") or {}).get("event_payload") or {}
        if not message["deleted"]:
            for incident in _about(message, payload):
                if incident in notices:
                    notices[incident][KINDS.get(str(payload.get("notice")), "owner")] += 1
    return notices


def _about(message: dict[str, Any], payload: dict[str, Any]) -> set[str]:
    """The incidents that a message tells of: one, or those of a person that came together and stand in its text."""
    if payload.get("notice") in {"owner", *KINDS}:
        return {str(payload["incident"])}
    if payload.get("notice") == CROWD:
        return set(INCIDENT.findall(json.dumps(message))) - {f"INC-{payload['first']}"}
    return set()


def repeated(notices: dict[str, Counter[str]]) -> int:
    """Cards and owner's messages beyond the first of their kind."""
    kinds = ("owner", *KINDS.values())
    return sum(max(counted[name] - 1, 0) for counted in notices.values() for name in kinds)


def missing(notices: dict[str, Counter[str]]) -> int:
    """Cards and owner's messages that nobody got. Whose alarms were OK again before anybody was told is only asked."""
    return sum((not told["card"]) + (not told["owner"] and not told["question"]) for told in notices.values())
