"""Claims about the audit log, on the local AWS: no change without its entry, and nothing changed unseen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.audit import entry_item, head_item
from deadair.adapters.dynamodb.items import instant, to_item
from deadair.adapters.dynamodb.registry_writer import ATTEMPTS, RegistryWriter
from deadair.adapters.dynamodb.row_write import ITEMS_PER_WRITE, ROW_BYTES, RowWrite
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_json, hash_of
from deadair.domain.audit import EMPTY, AuditEntry, Head, sealed
from deadair.domain.errors import Invalid, NotFound, Stale, Unavailable
from deadair.usecases.change_row import change_row
from deadair.usecases.import_registry import import_registry, plan_import
from deadair.usecases.verify_audit import Verdict, verify_audit
from infra.target import Target
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Fragile, Killed
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BY = "cli:ana"
SLUGS = ("one-two", "three-four", "five-six")


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return RegistryWriter(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"))


def a_row(slug: str = "one-two", **fields: Any) -> Row:
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    return Row.model_validate({"slug": slug, "name": slug.title(), "owner": owner, **fields})


def imported(writer: RegistryWriter, *rows: Row, by: str = BY, prune: bool = False, minutes: int = 0) -> None:
    import_registry(writer, rows, now=NOW + timedelta(minutes=minutes), by=by, prune=prune)


def with_client(writer: RegistryWriter, client: Any) -> RegistryWriter:
    return RegistryWriter(client, writer.table, sleep=lambda _: None)


def broken(verdict: Verdict) -> list[tuple[int, str]]:
    return [(each.number, each.slug) for each in verdict.breaks]


# What is written


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
    seen = writer.stored()["one-two"]

    writer.write([RowWrite(seen.slug, seen.row, seen.hash, seen=seen, action="key made")], now=NOW, by="cli:ben")

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
            one = RegistryWriter(writer.client, a_table_like(stack, "RegistryTable"))
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


# Verified


@pytest.fixture
def logged(writer: RegistryWriter) -> RegistryWriter:
    """Six entries about three rows: 1 to 3 added, 4 and 5 changed, 6 retired."""
    imported(writer, *(a_row(slug) for slug in sorted(SLUGS)))
    imported(writer, a_row("one-two", source="X"), by="cli:ben")
    imported(writer, a_row("three-four", source="Y"))
    imported(writer, a_row("one-two", source="X"), a_row("three-four", source="Y"), prune=True)
    assert verify_audit(writer).entries == 6
    return writer


OTHER = {
    "number": {"N": "7"},
    "at": {"S": "2026-11-20T12:00:00.001+00:00"},
    "by": {"S": "cli:eve"},
    "action": {"S": "added"},
    "slug": {"S": "five-six"},
    "before": {"S": "{}"},
    "after": {"S": "{}"},
    "previous": {"N": "1"},
    "prev": {"S": "1" * 64},
    "hash": {"S": "1" * 64},
    "more": {"S": "of it"},
}


@pytest.mark.parametrize("name", OTHER)
def test_no_field_of_an_entry_changes_unseen(logged: RegistryWriter, name: str) -> None:
    item = item_at(logged, keys.audit_entry(4))
    assert item.get(name) != OTHER[name]

    put(logged, item | {name: OTHER[name]})

    assert broken(verify_audit(logged))[0][0] == 4


@pytest.mark.parametrize("name", set(OTHER) - {"more"})
def test_no_field_of_an_entry_is_taken_away_unseen(logged: RegistryWriter, name: str) -> None:
    item = item_at(logged, keys.audit_entry(4))
    del item[name]

    put(logged, item)

    assert broken(verify_audit(logged))[0][0] == 4


@pytest.mark.parametrize("number", [1, 4, 6])
def test_an_entry_that_was_deleted_is_named(logged: RegistryWriter, number: int) -> None:
    take(logged, keys.audit_entry(number))

    assert broken(verify_audit(logged))[0] == (number, "")


def test_two_entries_that_were_swapped_are_named(logged: RegistryWriter) -> None:
    two, five = item_at(logged, keys.audit_entry(2)), item_at(logged, keys.audit_entry(5))
    put(logged, two | keys.audit_entry(5))
    put(logged, five | keys.audit_entry(2))

    assert {2, 5} <= {number for number, _ in broken(verify_audit(logged))}


@pytest.mark.parametrize(
    "head", [None, head_item(Head(5, "1" * 64)), head_item(Head(6, "1" * 64)), keys.AUDIT_HEAD], ids=str
)
def test_a_head_that_was_changed_is_seen(logged: RegistryWriter, head: Any) -> None:
    take(logged, keys.AUDIT_HEAD) if head is None else put(logged, head)

    assert broken(verify_audit(logged)) == [(6, "")]


def test_what_is_put_among_the_entries_and_is_none_is_seen(logged: RegistryWriter) -> None:
    put(logged, keys.key(keys.AUDIT, "E#00000x"))

    [found] = verify_audit(logged).breaks
    assert "E#00000x" in found.message


@pytest.mark.parametrize(
    "changed",
    [
        {"row": {"S": as_json(a_row(source="Z"))}},
        {"row": {"S": as_json(a_row(source="Z"))}, "hash": {"S": hash_of(as_json(a_row(source="Z")))}},
        {"hash": {"S": "0" * 32}},
        {"updated_by": {"S": "cli:eve"}},
        {"updated_at": {"S": "2026-11-20T12:00:00.001+00:00"}},
        {"audited": {"N": "3"}},
        {"audited": {"N": "99"}},
    ],
    ids="+".join,
)
def test_a_row_that_was_changed_past_the_log_is_named_and_repaired_by_an_import(
    logged: RegistryWriter, changed: dict[str, Any]
) -> None:
    put(logged, item_at(logged, keys.row("one-two")) | changed)

    verdict = verify_audit(logged)

    assert broken(verdict) == [(4, "one-two")]
    assert verdict.breaks[0].message.startswith("its row")


def test_an_import_repairs_a_row_that_was_edited_past_the_log_and_the_log_still_tells(logged: RegistryWriter) -> None:
    edited = as_json(a_row(source="Z"))
    put(logged, item_at(logged, keys.row("one-two")) | {"row": {"S": edited}})

    imported(logged, a_row("one-two", source="X"))

    verdict = verify_audit(logged)
    assert verdict.whole
    assert [(each.number, each.slug) for each in verdict.bypassed] == [(7, "one-two")]
    assert logged.log.of("one-two")[0].before == edited


@pytest.mark.parametrize("key", [keys.row("one-two"), keys.retired_row("five-six")], ids=["living", "retired"])
def test_a_row_that_was_deleted_past_the_log_is_named(logged: RegistryWriter, key: keys.Key) -> None:
    take(logged, key)

    assert [each.message for each in verify_audit(logged).breaks] == ["its row is gone"]


def test_a_row_that_was_retired_past_the_log_is_named(logged: RegistryWriter) -> None:
    put(logged, item_at(logged, keys.row("one-two")) | keys.retired_row("one-two"))
    take(logged, keys.row("one-two"))

    assert [each.message for each in verify_audit(logged).breaks] == ["its row was retired past the log"]


def test_a_row_that_was_added_past_the_log_is_named(logged: RegistryWriter) -> None:
    old_fashioned(logged, a_row("new-one"), NOW)

    assert broken(verify_audit(logged)) == [(0, "new-one")]


def test_an_end_that_was_cut_off_is_seen_by_the_rows_that_it_wrote(logged: RegistryWriter) -> None:
    for number in (5, 6):
        take(logged, keys.audit_entry(number))
    put(logged, head_item(end_of(logged, 4)))

    assert {slug for _, slug in broken(verify_audit(logged))} == {"three-four", "five-six"}


def test_a_history_that_was_written_anew_is_seen_only_by_an_anchor(logged: RegistryWriter) -> None:
    anchor = logged.log.head().hash
    row, entry = item_at(logged, keys.row("one-two")), logged.log.get(4)
    assert entry
    rewrite(logged, 4, replace(entry, by="cli:eve"))
    put(logged, row | {"updated_by": {"S": "cli:eve"}})

    assert verify_audit(logged).whole
    assert [each.number for each in verify_audit(logged, anchor=anchor).breaks] == [0]


def test_an_anchor_from_any_earlier_time_is_found(logged: RegistryWriter) -> None:
    anchor = logged.log.head().hash
    imported(logged, a_row("later-one"))

    assert verify_audit(logged, anchor=anchor).whole
    assert verify_audit(logged, anchor=EMPTY.hash).whole
    with pytest.raises(Invalid):
        verify_audit(logged, anchor="the hash")


def test_rows_from_before_there_was_a_log_are_no_tampering_and_the_next_import_records_them(
    writer: RegistryWriter,
) -> None:
    old_fashioned(writer, a_row(), NOW - timedelta(days=1))
    old_fashioned(writer, a_row("three-four"), NOW - timedelta(days=1))
    imported(writer, a_row(source="X"))

    verdict = verify_audit(writer)
    assert (verdict.whole, verdict.unrecorded, verdict.bypassed) == (True, ("three-four",), ())

    plan = import_registry(writer, [a_row(source="X"), a_row("three-four")], now=NOW, by=BY)
    assert plan.of("recorded") == ("three-four",)
    verdict = verify_audit(writer)
    assert (verdict.whole, verdict.unrecorded, verdict.rows) == (True, (), 2)


def test_an_empty_registry_is_whole(writer: RegistryWriter) -> None:
    verdict = verify_audit(writer)

    assert (verdict.whole, verdict.entries, verdict.head) == (True, 0, EMPTY)


class Meanwhile:
    """A client before whose k-th reading of an item somebody else does something."""

    def __init__(self, client: Any, k: int, act: Callable[[], None]) -> None:
        self.client, self.left, self.act = client, k, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def get_item(self, **request: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            self.act()
        return self.client.get_item(**request)


def test_what_others_write_while_it_is_verified_is_no_tampering(logged: RegistryWriter) -> None:
    def act() -> None:
        imported(logged, a_row("one-two", source="W"), a_row("brand-new"), a_row("five-six"))

    verdict = verify_audit(with_client(logged, Meanwhile(logged.client, 1, act)))

    assert (verdict.breaks, verdict.entries) == ((), 9)


# One row


def test_one_row_is_changed_by_a_person_and_the_log_names_them(writer: RegistryWriter) -> None:
    imported(writer, a_row(alarm_patterns=["one-*"]))

    def add(fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"alarm_patterns": [*fields["alarm_patterns"], "two-*"]}

    stored = change_row(writer, "one-two", add, now=NOW, by="Ben Okafor <ben.okafor@example.com>")

    assert (stored.version, stored.updated_by) == (2, "Ben Okafor <ben.okafor@example.com>")
    [entry, _] = writer.log.of("one-two")
    assert [(d.field, d.before, d.after) for d in entry.differences] == [
        ("alarm_patterns", ["one-*"], ["one-*", "two-*"])
    ]
    assert verify_audit(writer).whole
    assert change_row(writer, "one-two", dict, now=NOW, by="x") == stored


def test_a_change_that_the_row_model_refuses_changes_nothing(writer: RegistryWriter) -> None:
    imported(writer, a_row())

    with pytest.raises(Invalid) as refused:
        change_row(writer, "one-two", lambda row: row | {"severity": "SEV9"}, now=NOW, by=BY)
    assert refused.value.field == "severity"
    with pytest.raises(Invalid):
        change_row(writer, "one-two", lambda row: row | {"slug": "another-slug"}, now=NOW, by=BY)
    with pytest.raises(NotFound):
        change_row(writer, "no-such-row", dict, now=NOW, by=BY)

    assert writer.log.head().number == 1


def test_a_change_of_one_row_is_made_to_what_somebody_else_just_wrote(writer: RegistryWriter) -> None:
    imported(writer, a_row())

    # The first reading is of the row, the second of the head.
    late = with_client(writer, Meanwhile(writer.client, 2, lambda: imported(writer, a_row(source="early"))))
    change_row(late, "one-two", lambda row: row | {"destination": "late"}, now=NOW, by=BY)

    assert writer.stored()["one-two"].row == as_json(a_row(source="early", destination="late"))
    assert verify_audit(writer).entries == 3


# Any sequence

steps = st.one_of(
    st.tuples(st.just("import"), st.sets(st.sampled_from(SLUGS), min_size=1), st.sampled_from("XYZ"), st.booleans()),
    st.tuples(st.just("change"), st.sampled_from(SLUGS), st.sampled_from("XYZ")),
    st.tuples(st.just("stale"), st.sampled_from(SLUGS), st.sampled_from("XYZ")),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["cli:ana", "cli:ben", "cli:cid"]), steps), max_size=8))
def test_after_any_sequence_of_changes_by_anybody_the_chain_is_whole_and_ends_in_the_rows(
    stack: Target, told: Sequence[tuple[str, Any]]
) -> None:
    writer = RegistryWriter(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"))

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
            change_row(writer, what, lambda row: row | {"source": source}, now=NOW, by=by)
        except NotFound:
            assert what not in writer.stored() or writer.stored()[what].retired
    else:
        late = plan_import(writer, [a_row(what, source=source)])
        imported(writer, a_row(what, source="early"), by=by)
        try:
            writer.write([change.write for change in late.changes], now=NOW, by=by)
        except Stale:
            assert late.changes


# What tests do past the log


def item_at(writer: RegistryWriter, key: keys.Key) -> dict[str, Any]:
    item: dict[str, Any] = writer.client.get_item(TableName=writer.table, Key=key)["Item"]
    return item


def put(writer: RegistryWriter, item: dict[str, Any]) -> None:
    writer.client.put_item(TableName=writer.table, Item=item)


def take(writer: RegistryWriter, key: keys.Key) -> None:
    writer.client.delete_item(TableName=writer.table, Key=key)


def old_fashioned(writer: RegistryWriter, row: Row, at: datetime) -> None:
    """A row as it was written before there was a log."""
    text = as_json(row)
    fields = {"row": text, "hash": hash_of(text), "version": 1, "updated_by": BY, "updated_at": instant(at)}
    put(writer, keys.row(row.slug) | to_item(fields))


def end_of(writer: RegistryWriter, number: int) -> Head:
    entry = writer.log.get(number)
    assert entry
    return Head(entry.number, entry.hash)


def rewrite(writer: RegistryWriter, number: int, entry: AuditEntry) -> None:
    """The log from that entry on, with every hash and the head: what somebody can do who may write the whole table."""
    later: AuditEntry | None = entry
    prev = entry.prev
    while later:
        forged = sealed(replace(later, prev=prev))
        put(writer, entry_item(forged))
        number, prev = number + 1, forged.hash
        later = writer.log.get(number)
    put(writer, head_item(Head(number - 1, prev)))
