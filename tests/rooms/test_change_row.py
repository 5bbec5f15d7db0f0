"""Claims about changing one row, as a person does with a click."""

from typing import Any

import pytest

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.write import as_json
from deadair.domain.errors import Invalid, NotAllowed, NotFound
from deadair.usecases.change_row import change_row
from deadair.usecases.verify_audit import verify_audit
from infra.target import Target
from tests.builders import ANA, BEN, an_actor
from tests.rooms.registry_rows import NOW, Meanwhile, a_row, an_empty_registry, an_operator, imported, with_client

pytestmark = pytest.mark.stack


@pytest.fixture
def writer(stack: Target) -> RegistryWriter:
    """An empty registry table of this test's own."""
    return an_empty_registry(stack)


def test_one_row_is_changed_by_a_person_and_the_log_names_them(writer: RegistryWriter) -> None:
    imported(writer, a_row(alarm_patterns=["one-*"]))

    def add(fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"alarm_patterns": [*fields["alarm_patterns"], "two-*"]}

    stored = change_row(writer, "one-two", add, an_operator("Ben Okafor <ben.okafor@example.com>"), now=NOW)

    assert (stored.version, stored.updated_by) == (2, "Ben Okafor <ben.okafor@example.com>")
    [entry, _] = writer.log.of("one-two")
    assert [(d.field, d.before, d.after) for d in entry.differences] == [
        ("alarm_patterns", ["one-*"], ["one-*", "two-*"])
    ]
    assert verify_audit(writer).whole
    assert change_row(writer, "one-two", dict, an_operator(), now=NOW) == stored


def test_a_change_that_the_row_model_refuses_changes_nothing(writer: RegistryWriter) -> None:
    imported(writer, a_row())

    with pytest.raises(Invalid) as refused:
        change_row(writer, "one-two", lambda row: row | {"severity": "SEV9"}, an_operator(), now=NOW)
    assert refused.value.field == "severity"
    with pytest.raises(Invalid):
        change_row(writer, "one-two", lambda row: row | {"slug": "another-slug"}, an_operator(), now=NOW)
    with pytest.raises(NotFound):
        change_row(writer, "no-such-row", dict, an_operator(), now=NOW)

    assert writer.log.head().number == 1


def test_a_change_of_one_row_is_made_to_what_somebody_else_just_wrote(writer: RegistryWriter) -> None:
    imported(writer, a_row())

    # The first reading is of the row, the second of the head.
    late = with_client(writer, Meanwhile(writer.client, 2, lambda: imported(writer, a_row(source="early"))))
    change_row(late, "one-two", lambda row: row | {"destination": "late"}, an_operator(), now=NOW)

    assert writer.stored()["one-two"].row == as_json(a_row(source="early", destination="late"))
    assert verify_audit(writer).entries == 3


def test_who_may_is_asked_on_the_row_as_it_is_then(writer: RegistryWriter) -> None:
    imported(writer, a_row())
    ben = {"name": BEN.name, "email": BEN.email}

    late = with_client(writer, Meanwhile(writer.client, 2, lambda: imported(writer, a_row(owner=ben))))
    with pytest.raises(NotAllowed, match="belongs to Ben Okafor"):
        change_row(late, "one-two", lambda row: row | {"source": "late"}, an_actor(ANA), now=NOW)

    assert writer.log.head().number == 2
    assert change_row(writer, "one-two", lambda row: row | {"source": "Ben's"}, an_actor(BEN), now=NOW).updated_by == (
        BEN.email
    )
