"""Claims about importing the registry, on the local AWS: all or nothing, nothing twice, and it converges."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import ITEMS_PER_WRITE
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.write import as_yaml
from deadair.domain.errors import Stale
from deadair.usecases.export_registry import export_registry
from deadair.usecases.import_registry import import_registry, plan_import
from infra.target import Target
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BY = "cli:test"


@pytest.fixture
def client(stack: Target) -> Any:
    """The session's DynamoDB."""
    return stack.client("dynamodb")


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return RegistryWriter(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"))


def a_row(slug: str, **fields: Any) -> Row:
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    return Row.model_validate({"slug": slug, "name": slug.title(), "owner": owner, **fields})


def test_what_was_imported_is_what_rooms_read(writer: RegistryWriter, client: Any) -> None:
    row = a_row(
        "form-marketo", data_classes=["consent"], alarm_patterns=["form-*"], runbook="https://wiki.example.com/x"
    )

    import_registry(writer, [row], now=NOW, by=BY)

    [read] = RegistryStore(client, writer.table).rows()
    assert (read.slug, read.owner.slack_id, read.consent, read.severity) == ("form-marketo", "U0ANA", True, "SEV2")
    assert read.alarm_patterns == ("form-*",)
    assert Row.model_validate(read.row) == row


def test_the_same_file_twice_writes_nothing(writer: RegistryWriter) -> None:
    rows = [a_row("one-two"), a_row("three-four")]
    import_registry(writer, rows, now=NOW, by=BY)
    before = writer.stored()

    plan = import_registry(writer, rows, now=NOW.replace(hour=13), by=BY)

    assert plan.changes == ()
    assert plan.unchanged == ("one-two", "three-four")
    assert writer.stored() == before


def test_a_change_counts_its_version_and_says_what_differs(writer: RegistryWriter) -> None:
    import_registry(writer, [a_row("one-two", thresholds={"silence_min": 60})], now=NOW, by=BY)

    plan = import_registry(writer, [a_row("one-two", thresholds={"silence_min": 30}, source="X")], now=NOW, by="cli:bo")

    [change] = plan.changes
    assert [(d.field, d.before, d.after) for d in change.differences] == [
        ("source", None, "X"),
        ("thresholds.silence_min", 60, 30),
    ]
    stored = writer.stored()["one-two"]
    assert (stored.version, stored.updated_by) == (2, "cli:bo")


def test_rows_missing_from_the_file_stay_until_they_are_pruned(writer: RegistryWriter, client: Any) -> None:
    import_registry(writer, [a_row("one-two"), a_row("three-four")], now=NOW, by=BY)

    kept = import_registry(writer, [a_row("one-two")], now=NOW, by=BY)
    assert kept.kept == ("three-four",)
    assert [row.slug for row in export_registry(writer)] == ["one-two", "three-four"]

    pruned = import_registry(writer, [a_row("one-two")], now=NOW, by=BY, prune=True)
    assert pruned.of("retired") == ("three-four",)
    assert [row.slug for row in RegistryStore(client, writer.table).rows()] == ["one-two"]


def test_a_retired_row_that_returns_goes_on_counting(writer: RegistryWriter) -> None:
    both = [a_row("one-two"), a_row("three-four")]
    import_registry(writer, both, now=NOW, by=BY)
    import_registry(writer, both[:1], now=NOW, by=BY, prune=True)

    plan = import_registry(writer, both, now=NOW, by=BY)

    assert plan.of("added") == ("three-four",)
    stored = writer.stored()["three-four"]
    assert (stored.retired, stored.version) == (False, 3)


def test_a_dry_run_writes_nothing(writer: RegistryWriter) -> None:
    plan = plan_import(writer, [a_row("one-two")])

    assert plan.of("added") == ("one-two",)
    assert writer.stored() == {}


def test_importing_an_export_writes_nothing(writer: RegistryWriter) -> None:
    rows = [a_row("one-two", if_it_breaks="no:\n  - really\n"), a_row("three-four", source="no", campaigns=["1.10"])]
    import_registry(writer, rows, now=NOW, by=BY)

    exported = as_yaml(export_registry(writer)).encode()
    plan = import_registry(writer, [read.row for read in read_rows(exported, "export.yaml")], now=NOW, by=BY)

    assert plan.changes == ()


def test_whoever_comes_second_is_told_and_changes_nothing(writer: RegistryWriter) -> None:
    import_registry(writer, [a_row("one-two")], now=NOW, by=BY)
    late = plan_import(writer, [a_row("one-two", source="late"), a_row("new-one")])
    import_registry(writer, [a_row("one-two", source="early")], now=NOW, by=BY)

    with pytest.raises(Stale, match="nothing was written"):
        writer.write([change.write for change in late.changes], now=NOW, by=BY)

    assert [(row.slug, row.source) for row in export_registry(writer)] == [("one-two", "early")]


def test_an_interrupted_import_converges_when_it_is_run_again(writer: RegistryWriter) -> None:
    rows = [a_row(f"row-{number:04}") for number in range(ITEMS_PER_WRITE * 2 + 7)]
    plan = plan_import(writer, rows)
    writer.write([change.write for change in plan.changes[:ITEMS_PER_WRITE]], now=NOW, by=BY)

    again = import_registry(writer, rows, now=NOW, by=BY)

    assert len(again.changes) == ITEMS_PER_WRITE + 7
    assert len(again.unchanged) == ITEMS_PER_WRITE
    assert plan_import(writer, rows).changes == ()
