"""Claims about writing: what is exported is imported as the same rows, and any YAML reader sees the same values."""

import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.write import as_fields, as_json, as_yaml, hash_of

from .generated import registries, valid_rows

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"


@settings(max_examples=60, deadline=None)
@given(registries)
def test_importing_an_export_gives_the_same_rows(fields: list[dict[str, Any]]) -> None:
    rows = valid_rows(fields)

    text = as_yaml(rows)
    again = [read.row for read in read_rows(text.encode(), "export.yaml")]

    assert {row.slug: as_json(row) for row in again} == {row.slug: as_json(row) for row in rows}
    assert as_yaml(again) == text
    assert json.loads(json.dumps(yaml.safe_load(text), default=str))["integrations"] == sorted(
        (as_fields(row) for row in rows), key=lambda row: row["slug"]
    )


def test_the_sample_reads_and_writes() -> None:
    sample = [read.row for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]

    assert len(sample) == 12
    assert [read.row for read in read_rows(as_yaml(sample).encode(), "export.yaml")] == sorted(
        sample, key=lambda r: r.slug
    )


def test_what_was_left_out_stays_out_of_the_stored_row() -> None:
    row = Row.model_validate({"slug": "a-b-c", "name": "A", "owner": {"name": "Ana Lima", "email": "ana@example.com"}})

    assert as_fields(row) == {
        "slug": "a-b-c",
        "name": "A",
        "owner": {"name": "Ana Lima", "email": "ana@example.com"},
        "severity": "SEV3",
    }


def test_the_order_in_which_fields_are_written_does_not_matter() -> None:
    owner = {"email": "ana@example.com", "name": "Ana Lima"}
    one = Row.model_validate({"slug": "a-b-c", "name": "A", "owner": owner, "source": "X"})
    other = Row.model_validate({"source": "X", "owner": dict(reversed(owner.items())), "name": "A", "slug": "a-b-c"})

    assert hash_of(as_json(one)) == hash_of(as_json(other))


def test_what_readers_of_yaml_1_2_take_for_a_number_is_in_quotes() -> None:
    words = ["1e3", "0o17", "0x1F", "62.0", "12", "1_000", "-.5e-3"]
    row = Row.model_validate(
        {"slug": "a-b-c", "name": "A", "needs_owner": "group:default/x", "campaigns": words, "source": "1e3"}
    )

    text = as_yaml([row])

    assert "source: '1e3'" in text
    assert [line.strip() for line in text.splitlines() if line.startswith("  - ")] == [f"- '{word}'" for word in words]
