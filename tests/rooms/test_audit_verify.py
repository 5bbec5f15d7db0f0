"""Claims about verifying the audit log, on the local AWS: what somebody changes past it is named."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.audit import head_item
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.write import as_json, hash_of
from deadair.domain.audit import EMPTY, Head
from deadair.domain.errors import Invalid
from deadair.usecases.import_registry import import_registry
from deadair.usecases.verify_audit import Verdict, verify_audit
from infra.target import Target
from tests.rooms.registry_rows import (
    BY,
    NOW,
    SLUGS,
    Meanwhile,
    a_row,
    an_empty_registry,
    end_of,
    imported,
    item_at,
    old_fashioned,
    put,
    rewrite,
    take,
    with_client,
)

pytestmark = pytest.mark.stack


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return an_empty_registry(stack)


def broken(verdict: Verdict) -> list[tuple[int, str]]:
    return [(each.number, each.slug) for each in verdict.breaks]


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


@pytest.mark.parametrize("name", sorted(set(OTHER) - {"more"}))
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


def test_what_others_write_while_it_is_verified_is_no_tampering(logged: RegistryWriter) -> None:
    def act() -> None:
        imported(logged, a_row("one-two", source="W"), a_row("brand-new"), a_row("five-six"))

    verdict = verify_audit(with_client(logged, Meanwhile(logged.client, 1, act)))

    assert (verdict.breaks, verdict.entries) == ((), 9)
