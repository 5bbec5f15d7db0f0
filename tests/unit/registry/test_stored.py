"""Claims about rows that the table has, also those of an older model."""

import pytest
from pydantic import ValidationError

from deadair.adapters.dynamodb.registry import integration_from
from deadair.adapters.registry_file.stored import row_from_json
from deadair.adapters.registry_file.write import as_fields

OLD = '{"slug":"one-two","name":"One","owner":{"name":"Ana Lima","email":"ana@example.com"},"severity":"SEV3"%s}'


@pytest.mark.parametrize(("written", "read"), [("0.5", 1), ("20160", 10080), ("60", 60), ("10080", 10080)])
def test_a_window_that_no_alarm_can_look_at_reads_as_the_nearest_that_one_can(written: str, read: int) -> None:
    row = row_from_json(OLD % f',"thresholds":{{"silence_min":{written},"freshness_min":{written}}}')

    assert as_fields(row)["thresholds"] == {"silence_min": read, "freshness_min": read}


def test_an_old_row_of_plain_fields_reads_as_it_was() -> None:
    row = row_from_json(OLD % ',"logs":{"where":"X"},"expected":{"timezone":"UTC","per_hour":4}')

    assert as_fields(row)["logs"] == {"where": "X"}
    assert as_fields(row)["expected"] == {"timezone": "UTC", "per_hour": 4}


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"slug":"one-two"}', OLD % ',"thresholds":[]'])
def test_what_no_import_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        row_from_json(text)


def test_a_row_that_needs_an_owner_belongs_to_nobody_by_name() -> None:
    integration = integration_from({"slug": "one-two", "name": "One", "needs_owner": "group:default/growth"})

    assert integration.owner.name == ""
    assert integration.row["needs_owner"] == "group:default/growth"


def test_a_row_that_says_nothing_of_an_owner_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        integration_from({"slug": "one-two", "name": "One"})
