"""Claims about reading the registry in a room: what changed is seen, and what did not is not read again."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb import keys, registry
from deadair.adapters.dynamodb.registry import WHOLE_S, RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.write import as_json
from infra.target import Target
from tests.rooms.registry_rows import SLUGS, a_row, an_empty_registry, imported, item_at, put

pytestmark = pytest.mark.stack


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return an_empty_registry(stack)


@pytest.fixture
def read(writer: RegistryWriter) -> Iterator[list[tuple[str, int]]]:
    """What is asked of the table while the test runs: the call, and how many items came back."""
    told: list[tuple[str, int]] = []

    def heard(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        told.append((model.name, len(parsed.get("Items", []))))

    events = writer.client.meta.events
    events.register("after-call.dynamodb.*", heard)
    yield told
    events.unregister("after-call.dynamodb.*", heard)


def sources(store: RegistryStore) -> dict[str, str]:
    return {row.slug: row.source for row in store.rows(0)}


def a_store(writer: RegistryWriter, ticks: Callable[[], float] = lambda: 0.0) -> RegistryStore:
    return RegistryStore(writer.client, writer.table, ticks)


def test_a_registry_that_did_not_change_costs_one_look(writer: RegistryWriter, read: list[Any]) -> None:
    imported(writer, *(a_row(slug) for slug in SLUGS))
    store = a_store(writer)
    before = store.rows(0)
    read.clear()

    assert store.rows(0) is before
    assert read == [("GetItem", 0)]


def test_of_a_registry_that_changed_only_the_change_is_read(writer: RegistryWriter, read: list[Any]) -> None:
    imported(writer, *(a_row(slug) for slug in SLUGS))
    store = a_store(writer)
    assert list(sources(store)) == sorted(SLUGS)
    imported(writer, a_row("one-two", source="X"))
    read.clear()

    assert sources(store)["one-two"] == "X"
    assert read == [("GetItem", 0), ("Query", 1)]
    found = store.get("one-two")
    assert found is not None
    assert found.source == "X"


def test_after_very_many_changes_every_row_is_read(
    writer: RegistryWriter, read: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "FEW_CHANGES", 2)
    store = a_store(writer)
    store.rows(0)
    imported(writer, *(a_row(f"row-{number}") for number in range(5)))
    imported(writer, *(a_row(f"row-{number}", source="X") for number in range(5)))
    read.clear()

    assert len(store.rows(0)) == 5
    assert read == [("GetItem", 0), ("Query", 5)]


def test_a_row_that_left_is_gone_and_one_that_returns_is_there(writer: RegistryWriter) -> None:
    store = a_store(writer)
    imported(writer, a_row("one-two"), a_row("three-four"))
    assert len(store.rows(0)) == 2

    imported(writer, a_row("one-two"), prune=True)
    assert list(sources(store)) == ["one-two"]
    assert store.get("three-four") is None

    imported(writer, a_row("three-four"))
    assert list(sources(store)) == ["one-two", "three-four"]


def test_a_row_that_was_changed_past_the_log_is_seen_after_a_quarter_of_an_hour(writer: RegistryWriter) -> None:
    seconds = [0.0]
    store = a_store(writer, lambda: seconds[0])
    imported(writer, a_row())
    assert sources(store) == {"one-two": ""}
    put(writer, item_at(writer, keys.row("one-two")) | {"row": {"S": as_json(a_row(source="Z"))}})

    assert sources(store) == {"one-two": ""}
    seconds[0] = WHOLE_S
    assert sources(store) == {"one-two": "Z"}


@pytest.mark.parametrize("item", [keys.AUDIT_HEAD, keys.audit_entry(2)], ids=["head", "entry"])
def test_a_log_that_was_tampered_with_takes_no_owner_away(writer: RegistryWriter, item: keys.Key) -> None:
    store = a_store(writer)
    imported(writer, a_row())
    assert sources(store) == {"one-two": ""}
    imported(writer, a_row(source="X"))
    put(writer, item)

    assert sources(store) == {"one-two": "X"}


steps = st.tuples(st.sets(st.sampled_from(SLUGS), min_size=1), st.sampled_from("XYZ"), st.booleans(), st.booleans())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=6))
def test_who_looked_often_and_who_looks_the_first_time_see_the_same(stack: Target, told: Sequence[Any]) -> None:
    writer = an_empty_registry(stack)
    store = a_store(writer)

    for slugs, source, prune, look in told:
        imported(writer, *(a_row(slug, source=source) for slug in sorted(slugs)), prune=prune)
        if look:
            store.rows(0)

    assert store.rows(0) == a_store(writer).rows(0)
