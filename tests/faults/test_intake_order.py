"""Claims about order, repetition and batches, through the whole room on a real table."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.incident_items import incident_fields
from deadair.adapters.dynamodb.items import entry_fields
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_event_body, at
from tests.faults.rows import SLUGS, two_rows
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

NAMES = (*(f"{slug}-{kind}" for slug in SLUGS for kind in ("silence", "error-rate")), "all-of-it")
MUTED = {"mutedByArn": "arn:aws:cloudwatch:eu-central-1:210987654321:alarm-mute-rule:night"}


@pytest.fixture(scope="module")
def rows(stack: Target) -> RegistryStore:
    return two_rows(stack)


def body(name: str, state: str, minutes: float, *, muted: bool) -> str:
    """One of the alarms of two rows; or a composite alarm that no row claims, over an alarm that a row does."""
    more: dict[str, Any] = {"muteDetail": MUTED} if muted else {}
    text = an_event_body(name, state, at(minutes), **more)
    if name in NAMES[:-1]:
        return text
    event, below = json.loads(text), f"arn:aws:cloudwatch:eu-central-1:210987654321:alarm:{NAMES[0]}"
    event["detail"]["state"]["reasonData"] = json.dumps({"triggeringAlarms": [{"arn": below}]})
    event["detail"]["configuration"] = {"alarmRule": f"ALARM({NAMES[0]})"}
    return json.dumps(event)


news = st.builds(
    body,
    st.sampled_from(NAMES),
    st.sampled_from(["ALARM", "ALARM", "OK", "INSUFFICIENT_DATA"]),
    st.sampled_from([0, 1, 2, 4, 50]),
    muted=st.sampled_from([False, False, True]),
)


def identity(event: str) -> tuple[str, ...]:
    detail = json.loads(event)["detail"]
    return detail["alarmName"], detail["state"]["value"], detail["state"]["timestamp"]


def split_up(bodies: list[str], cuts: list[int]) -> list[list[str]]:
    """The same in batches of one to ten."""
    batches: list[list[str]] = []
    for i, each in enumerate(bodies):
        if not batches or i in cuts or len(batches[-1]) == 10:
            batches.append([])
        batches[-1].append(each)
    return batches


def left_by(stack: Target, rows: RegistryStore, batches: list[list[str]]) -> str:
    """What anybody can read of it in the end, byte by byte, but the numbers of the incidents."""
    room = Intake(stack, a_table_like(stack, "IncidentsTable"))
    for batch in batches:
        records = [room.record(each) for each in batch]
        assert room.consumer(registry=rows).consume(records, at(60)) == []
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances
    told = {}
    for slug in (*SLUGS, *(item["integration"] for item in room.items() if item["sk"] == "HEAD" and "alarms" in item)):
        heads = room.store.of_integration(slug)
        assert len(heads) <= 1
        told[slug] = [
            [incident_fields(head), [entry_fields(entry) for entry in room.store.timeline(head.number)]]
            for head in heads
        ]
        for head in heads:
            told[slug] = json.loads(
                json.dumps(told[slug], default=str)
                .replace(head.id, "INC-n")
                .replace(head.sort_id, "sort-id")
                .replace(f'"number": {head.number}', '"number": 0')
            )
    return json.dumps(told, sort_keys=True, indent=1)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_n3_the_room_leaves_the_same_whatever_the_order_the_batches_and_the_repetition(
    stack: Target, rows: RegistryStore, data: Any
) -> None:
    told = list({identity(event): event for event in data.draw(st.lists(news, min_size=2, max_size=9))}.values())
    again = data.draw(st.lists(st.sampled_from(told), max_size=5))
    mixed = data.draw(st.permutations([*told, *again]))
    cuts = data.draw(st.lists(st.integers(1, 14), max_size=4))

    assert left_by(stack, rows, split_up(mixed, cuts)) == left_by(stack, rows, [[each] for each in told])
