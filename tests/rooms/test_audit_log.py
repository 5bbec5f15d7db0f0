"""Claims about the audit log, on the local AWS: no change without its entry, whoever dies, fails or comes second."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.registry_writer import ATTEMPTS, RegistryWriter
from deadair.adapters.dynamodb.row_write import ITEMS_PER_WRITE, ROW_BYTES, RowWrite
from deadair.adapters.registry_file.write import as_json
from deadair.domain.errors import Invalid, NotFound, Stale, Unavailable
from deadair.usecases.change_row import change_row
from deadair.usecases.import_registry import import_registry, plan_import
from deadair.usecases.verify_audit import verify_audit
from infra.target import Target
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Fragile, Killed
from tests.rooms.registry_rows import BY, NOW, SLUGS, a_row, an_empty_registry, an_operator, imported, with_client

pytestmark = pytest.mark.stack


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return an_empty_registry(stack)


def test_every_change_of_a_row_says_who_when_before_and_after(writer: RegistryWriter) -> None:
    imported(writer, a_row(source="X"), a_row("three-four"))
    imported(writer, a_row(source="Y"), by="cli:ben", minutes=5)
    imported(writer, a_row("three-four"), by="cli:cid", prune=True, minutes=9)

    told = writer.log.of("one-two")

    assert [(e.number, e.action, e.by, e.at) for e in told] == [
        (4, "retired", "cli:cid", NOW + timedelta(minutes=9)),
        (3, "changed", "cli:ben", NOW + timedelta(minutes=5)),
        (1, "added", BY, NOW),
    ]
    assert [(d.field, d.before, d.after) for d in told[1].differences] == [("source", "X", "Y")]
    assert (told[0].after, told[2].before) == (None, None)
    assert told[0].before == told[1].after == as_json(a_row(source="Y"))
    assert [entry.number for entry in writer.log.latest(below=3)] == [2, 1]
    assert verify_audit(writer).whole


def test_who_did_nothing_is_not_in_the_log(writer: RegistryWriter) -> None:
    imported(writer, a_row())
    client = Fragile(writer.client, 1, after=False)

    plan = import_registry(with_client(writer, client), [a_row()], now=NOW, by=BY)

    assert plan.changes == ()
    assert writer.log.head().number == 1


def test_what_happens_to_an_integration_and_not_to_its_row_is_told_too(writer: RegistryWriter) -> None:
    imported(writer, a_row())

    key_made(writer, "one-two")

    [entry, _] = writer.log.of("one-two")
    assert (entry.action, entry.differences) == ("key made", ())
    assert verify_audit(writer).whole
    assert plan_import(writer, [a_row()]).changes == ()


def test_a_row_that_is_too_big_is_refused_with_its_field_before_anything_is_written(writer: RegistryWriter) -> None:
    lines = [f"{place:03} {'€' * 180}" for place in range(100)]
    scopes = [f"{line} and more" for line in lines]
    big = a_row(
        campaigns=lines, rollback_by=lines, alarm_patterns=lines, credential={"kind": "token", "scopes": scopes}
    )
    rows = [*(a_row(f"row-{number:03}") for number in range(ITEMS_PER_WRITE)), big]
    assert len(as_json(big)) < ROW_BYTES < len(as_json(big).encode())

    for attempt in (plan_import, lambda w, r: import_registry(w, r, now=NOW, by=BY)):
        with pytest.raises(Invalid, match="`one-two`") as refused:
            attempt(writer, rows)
        assert refused.value.field == "credential"
        assert "Shorten `credential`" in refused.value.remedy

    assert writer.stored() == {}


def test_the_largest_rows_that_are_taken_are_changed_and_retired_many_at_once(writer: RegistryWriter) -> None:
    lines = [f"{place:03} {'é' * 180}" for place in range(100)]
    rows = [a_row(f"row-{number:03}", campaigns=lines, rollback_by=lines, alarm_patterns=lines) for number in range(20)]
    others = [row.model_copy(update={"source": "é"}) for row in rows]

    imported(writer, *rows)
    imported(writer, *others)
    imported(writer, a_row("three-four"), prune=True)

    assert verify_audit(writer).whole
    assert writer.log.head().number == 61


# Killed, refused, at once


def test_an_import_that_is_killed_at_any_call_leaves_a_whole_chain_and_is_finished_by_the_next(
    stack: Target, writer: RegistryWriter
) -> None:
    rows = [a_row(f"row-{number:03}") for number in range(ITEMS_PER_WRITE + 5)]
    calls, deaths = 1, 0
    while calls < 20:
        for after in (False, True):
            one = an_empty_registry(stack)
            try:
                import_registry(with_client(one, Fragile(one.client, calls, after=after)), rows, now=NOW, by=BY)
            except Killed:
                deaths += 1
            else:
                assert deaths == 2 * (calls - 1) > 6
                return
            assert verify_audit(one).whole
            imported(one, *rows)
            verdict = verify_audit(one)
            assert (verdict.whole, verdict.entries, verdict.rows) == (True, len(rows), len(rows))
        calls += 1


BUSY_HEAD = refusal("TransactionCanceledException", "TransactWriteItems", "None", "None", "TransactionConflict")
LOST_HEAD = refusal("TransactionCanceledException", "TransactWriteItems", "None", "None", "ConditionalCheckFailed")
THROTTLED = refusal("TransactionCanceledException", "TransactWriteItems", "None", "ThrottlingError", "None")
TOO_FAST = refusal("ProvisionedThroughputExceededException", "TransactWriteItems")
LOST_ROW = refusal("TransactionCanceledException", "TransactWriteItems", "ConditionalCheckFailed", "None", "None")


@pytest.mark.parametrize(
    "error", [BUSY_HEAD, LOST_HEAD, THROTTLED, TOO_FAST], ids=["busy", "lost", "throttled", "fast"]
)
def test_who_meets_somebody_at_the_head_looks_again_and_writes(writer: RegistryWriter, error: Exception) -> None:
    slept: list[float] = []
    client = Faulty(writer.client, "transact_write_items", error, times=3)

    import_registry(RegistryWriter(client, writer.table, slept.append), [a_row()], now=NOW, by=BY)

    assert client.calls == 4
    assert len(slept) == 3
    assert verify_audit(writer).entries == 1


def test_a_table_that_stays_busy_is_said_after_a_while(writer: RegistryWriter) -> None:
    client = Faulty(writer.client, "transact_write_items", THROTTLED, times=99)

    with pytest.raises(Unavailable):
        import_registry(with_client(writer, client), [a_row()], now=NOW, by=BY)

    assert client.calls == ATTEMPTS


def test_who_meets_somebody_at_a_row_is_told_at_once(writer: RegistryWriter) -> None:
    client = Faulty(writer.client, "transact_write_items", LOST_ROW, times=99)

    with pytest.raises(Stale) as told:
        import_registry(with_client(writer, client), [a_row()], now=NOW, by=BY)

    assert (client.calls, told.value.field) == (1, "one-two")


def test_a_key_that_was_made_meanwhile_does_not_hold_up_a_change_of_the_row(writer: RegistryWriter) -> None:
    imported(writer, a_row(), a_row("three-four"))
    late = plan_import(writer, [a_row(source="X"), a_row("three-four")], prune=True)
    key_made(writer, "one-two")

    writer.write([change.write for change in late.changes], now=NOW, by=BY)

    assert writer.stored()["one-two"].row == as_json(a_row(source="X"))
    assert [entry.action for entry in writer.log.of("one-two")] == ["changed", "key made", "added"]
    assert verify_audit(writer).whole


def test_of_two_keys_that_are_made_at_once_the_second_is_told(writer: RegistryWriter) -> None:
    imported(writer, a_row())
    seen = writer.stored()["one-two"]
    key_made(writer, "one-two")

    with pytest.raises(Stale):
        writer.write([RowWrite(seen.slug, seen.row, seen.hash, seen=seen, action="key made")], now=NOW, by=BY)


def key_made(writer: RegistryWriter, slug: str) -> None:
    seen = writer.stored()[slug]
    writer.write([RowWrite(seen.slug, seen.row, seen.hash, seen=seen, action="key made")], now=NOW, by="cli:ben")


def test_many_who_import_different_rows_at_once_all_succeed_in_one_chain(writer: RegistryWriter) -> None:
    failed: list[BaseException] = []

    def work(person: int) -> None:
        try:
            for turn in range(3):
                rows = [a_row(f"row-{person}-{turn}-{number}") for number in range(20)]
                imported(RegistryWriter(writer.client, writer.table), *rows, by=f"cli:{person}")
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)

    threads = [Thread(target=work, args=(person,)) for person in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    verdict = verify_audit(writer)
    assert failed == []
    assert (verdict.breaks, verdict.entries, verdict.rows) == ((), 300, 300)


# Any sequence

steps = st.one_of(
    st.tuples(st.just("import"), st.sets(st.sampled_from(SLUGS), min_size=1), st.sampled_from("XYZ"), st.booleans()),
    st.tuples(st.just("change"), st.sampled_from(SLUGS), st.sampled_from("XYZ")),
    st.tuples(st.just("stale"), st.sampled_from(SLUGS), st.sampled_from("XYZ")),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["cli:ana", "cli:ben", "cli:cid"]), steps), max_size=8))
def test_after_any_sequence_of_changes_by_anybody_the_chain_is_whole_and_ends_in_the_rows(
    stack: Target, told: Sequence[tuple[str, Any]]
) -> None:
    writer = an_empty_registry(stack)

    for by, step in told:
        play(writer, by, step)

    verdict = verify_audit(writer)
    assert (verdict.breaks, verdict.bypassed, verdict.unrecorded) == ((), (), ())
    numbers = []
    for slug, row in writer.stored().items():
        history = writer.log.of(slug)
        assert history[0].after == (None if row.retired else row.row)
        assert [later.before for later in history[:-1]] == [earlier.after for earlier in history[1:]]
        numbers += [entry.number for entry in history]
    assert sorted(numbers) == list(range(1, writer.log.head().number + 1))


def play(writer: RegistryWriter, by: str, step: Any) -> None:
    kind, what, source, *rest = step
    if kind == "import":
        imported(writer, *(a_row(slug, source=source) for slug in sorted(what)), by=by, prune=rest[0])
    elif kind == "change":
        try:
            change_row(writer, what, lambda row: row | {"source": source}, an_operator(by), now=NOW)
        except NotFound:
            assert what not in writer.stored() or writer.stored()[what].retired
    else:
        late = plan_import(writer, [a_row(what, source=source)])
        imported(writer, a_row(what, source="early"), by=by)
        try:
            writer.write([change.write for change in late.changes], now=NOW, by=by)
        except Stale:
            assert late.changes
