"""Claims about the intake on a real table: nothing lost, nothing twice, whatever arrives and wherever it breaks."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.domain.ownership import Scope
from deadair.usecases.import_registry import import_registry
from deadair.usecases.resolve import resolve
from infra.target import Target
from tests.builders import FALLBACK, an_actor, an_event, at
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

DYNAMODB_ITEM = 400 * 1024


def test_deliveries_in_one_batch_end_as_deliveries_one_by_one(intake: Intake) -> None:
    told = intake.take(*[intake.event(state, minute) for minute, state in enumerate(["ALARM", "OK", "ALARM", "ALARM"])])

    assert [one["outcome"] for one in told] == ["opened", "recovered", "appended", "appended"]
    assert len(intake.incidents()) == 1


def test_odd_text_beside_the_identity_keeps_no_alarm_from_its_incident(intake: Intake) -> None:
    odd = {"value": "\udfff" * 300_000}
    (told,) = intake.take(intake.event(previousState=odd, muteDetail={"muteWindowEnd": "\ud800"}))

    assert told["outcome"] == "opened"
    (entry,) = intake.store.timeline(intake.incidents()[0].number)
    assert entry.details["notes"] == "muted in CloudWatch"


def test_what_came_early_reads_as_if_it_had_come_in_its_turn(intake: Intake) -> None:
    reason, early, late = "access_token=abcdef12 é " * 90, f"{intake.name}-early", f"{intake.name}-late"
    for name, order in ((early, ["OK", "ALARM"]), (late, ["ALARM", "OK"])):
        for state in order:
            intake.take(intake.because(reason, state, 5 if state == "OK" else 0, name=name))

    def texts(name: str) -> list[str]:
        (incident,) = intake.incidents(name)
        return [entry.text.removeprefix(name) for entry in intake.store.timeline(incident.number)]

    assert texts(early) == texts(late)
    assert "abcdef12" not in "".join(texts(early))


def test_a_second_delivery_of_early_news_is_told_its_incident(intake: Intake) -> None:
    ok = intake.event("OK", 5)
    intake.take(ok)
    intake.take(intake.event())
    (told,) = intake.take(ok)

    assert (told["outcome"], told["incident"]) == ("duplicate", intake.incidents()[0].id)


def test_early_news_fits_into_its_item_however_long_its_texts(intake: Intake) -> None:
    for minute in range(20):
        wordy = {"configuration": {"description": "x" * 60_000}, "previousState": {"value": "y" * 9000}}
        intake.take(intake.because("\N{PILE OF POO}" * 9000, "OK", minute, **wordy))

    (line,) = [item for item in intake.items() if intake.name in str(item.get("early"))]
    assert len(str(line).encode()) < DYNAMODB_ITEM
    (told,) = intake.take(intake.event(minutes=-1))
    assert told["outcome"] == "opened"


def test_what_was_never_an_alarm_is_counted_with_its_reason(intake: Intake) -> None:
    (told,) = intake.take(an_event("ignored-scheduled.json"))

    assert (told["outcome"], told["reason"]) == ("ignored", "not_an_alarm_state_change")


def test_an_alarm_outside_the_scope_is_ignored_and_counted(intake: Intake) -> None:
    record = intake.record(intake.event())
    intake.consumer(scope=Scope(prefixes=("marketing-",))).consume([record], at(60))

    assert intake.outcome(record["messageId"])["reason"] == "name_out_of_scope"
    assert intake.incidents() == []


def test_an_alarm_right_after_the_import_of_its_row_goes_to_the_rows_owner(intake: Intake, stack: Target) -> None:
    seconds = count(0, 3)
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"), lambda: next(seconds))
    assert registry.rows() == []
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": intake.name, "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(0), by="cli:test")

    intake.consumer(registry=registry).consume([intake.record(intake.event(integration=intake.name))], at(60))

    assert [incident.owner.name for incident in intake.incidents()] == ["Ana Lima"]


def test_an_incident_that_opened_before_its_row_was_imported_recovers_and_only_then_makes_room(
    intake: Intake, stack: Target
) -> None:
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"), count(0, 60).__next__)

    def take(state: str, minutes: float) -> dict[str, Any]:
        record = intake.record(intake.event(state, minutes, integration=intake.name))
        assert intake.consumer(registry=registry).consume([record], at(60)) == []
        return intake.outcome(record["messageId"])

    opened = take("ALARM", 0)
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": "One → Two", "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(1), by="cli:test")

    after = [take("OK", 2), take("ALARM", 3), take("OK", 4)]
    assert [(told["outcome"], told["incident"]) for told in after] == [
        (outcome, opened["incident"]) for outcome in ("recovered", "appended", "recovered")
    ]
    number = int(opened["incident"].removeprefix("INC-"))
    resolve(intake.store, number, an_actor(), now=at(5))
    assert take("ALARM", 6)["outcome"] == "opened"
    assert take("OK", 7)["outcome"] == "recovered"
    (next_one,) = intake.store.of_integration(intake.name)
    assert (next_one.owner.name, next_one.recovered_at) == ("Ana Lima", at(7))


def test_a_registry_that_does_not_answer_delays_nothing(intake: Intake, stack: Target) -> None:
    silent = RegistryStore(stack.client("dynamodb"), "no-such-table")
    intake.consumer(registry=silent).consume([intake.record(intake.event())], at(60))

    (incident,) = intake.incidents()
    assert incident.owner == FALLBACK
    assert "did not answer" in incident.owner_note


def test_two_workers_at_once_open_one_incident(intake: Intake) -> None:
    bodies = [intake.event(minutes=minute) for minute in range(6)]
    with ThreadPoolExecutor(6) as workers:
        left = list(workers.map(lambda b: intake.consumer().consume([intake.record(b)], at(60)), bodies))

    again = [f for failed in left for f in failed]
    (incident,) = intake.incidents()
    assert len(intake.store.timeline(incident.number)) + len(again) == 6
