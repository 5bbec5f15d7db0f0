"""Claims about the chain: what was written is whole, and nothing inside it changes unseen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.audit import EMPTY, AuditEntry, Chain, Difference, Head, differences, hash_of, sealed

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# Any text that the table takes; a lone surrogate is none.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
rows = st.none() | texts
said = st.tuples(texts, st.sampled_from(["added", "changed", "retired"]), texts, rows, rows)


def a_chain(*told: tuple[str, str, str, str | None, str | None]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number, (by, action, slug, before, after) in enumerate(told, 1):
        at, prev = AT + timedelta(seconds=number), entries[-1].hash if entries else EMPTY.hash
        entries.append(sealed(AuditEntry(number, at, by, action, slug, before, after, previous=0, prev=prev)))
    return entries


def some_entries(count: int) -> list[AuditEntry]:
    return a_chain(*(("cli:ana", "changed", "one-two", f"{i}", f"{i + 1}") for i in range(count)))


def end(entries: Sequence[AuditEntry]) -> Head:
    return Head(entries[-1].number, entries[-1].hash) if entries else EMPTY


def walked(entries: Sequence[AuditEntry], head: Head) -> list[int]:
    """The numbers at which the chain is broken."""
    chain = Chain()
    for entry in entries:
        chain.add(entry)
    chain.close(head)
    return [each.number for each in chain.breaks]


@given(st.lists(said, max_size=8))
def test_what_was_written_is_whole(told: list[Any]) -> None:
    entries = a_chain(*told)

    assert walked(entries, end(entries)) == []


@given(
    st.lists(said, min_size=1, max_size=6),
    st.data(),
    st.sampled_from(["at", "by", "action", "slug", "before", "after", "previous", "prev", "hash"]),
)
def test_no_field_of_an_entry_changes_unseen(told: list[Any], data: st.DataObject, name: str) -> None:
    entries = a_chain(*told)
    place = data.draw(st.integers(0, len(entries) - 1))
    other: Any = {"at": AT - timedelta(days=1), "previous": 99}.get(name) or data.draw(texts)
    changed = replace(entries[place], **{name: other})
    if changed == entries[place]:
        return

    found = walked([*entries[:place], changed, *entries[place + 1 :]], end(entries))

    assert found[0] == place + 1


@given(st.integers(2, 8), st.data())
def test_an_entry_that_is_taken_out_is_named(count: int, data: st.DataObject) -> None:
    entries = some_entries(count)
    place = data.draw(st.integers(0, count - 1))

    assert walked([*entries[:place], *entries[place + 1 :]], end(entries)) == [place + 1]


def test_several_that_are_taken_out_are_one_break() -> None:
    entries, chain = some_entries(9), Chain()
    for entry in (*entries[:2], *entries[6:]):
        chain.add(entry)

    assert [(each.number, each.message) for each in chain.breaks] == [(3, "the entries 3 to 6 are missing")]


def test_an_end_that_is_cut_off_is_seen_by_the_head() -> None:
    entries = some_entries(5)

    assert walked(entries[:3], end(entries)) == [4]
    assert walked([], end(entries)) == [1]


@pytest.mark.parametrize("head", [Head(4, "0" * 64), Head(5, "0" * 64), EMPTY])
def test_a_head_that_is_not_of_the_last_entry_is_a_break(head: Head) -> None:
    entries = some_entries(5)

    assert walked(entries, head) == [5]


def test_an_end_that_is_written_anew_with_its_head_needs_an_anchor_to_be_seen() -> None:
    entries = some_entries(4)
    forged = a_chain(*(("cli:eve", "changed", "one-two", "0", "9") for _ in entries))

    assert walked(forged, end(forged)) == []
    assert entries[-1].hash not in {entry.hash for entry in forged}


def test_the_hash_does_not_depend_on_the_zone_in_which_the_time_is_written() -> None:
    [entry] = some_entries(1)
    zone = datetime.fromisoformat("2026-11-20T13:00:01+01:00")

    assert hash_of(replace(entry, at=zone)) == entry.hash


def test_the_hash_is_the_same_tomorrow() -> None:
    """A log that is kept for years is verified by the code of then."""
    entry = AuditEntry(1, AT, "cli:ana", "added", "one-two", None, '{"name":"é"}', 0, EMPTY.hash)

    assert hash_of(entry) == "e4974996232ddd6e1b43caa8ffd410fe1dd03a4b51210fc9a938376e3c615623"


def test_differences_are_named_by_their_path() -> None:
    before, after = '{"a":1,"t":{"x":1,"y":2}}', '{"t":{"x":1,"y":3},"b":[1]}'

    assert differences(before, after) == (
        Difference("a", 1, None),
        Difference("b", None, [1]),
        Difference("t.y", 2, 3),
    )
    assert differences("no row", after)[0] == Difference("b", None, [1])
