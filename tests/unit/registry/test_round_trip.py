"""Claims about writing: what is exported is imported as the same rows, and any YAML reader sees the same values."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.schema import json_schema
from deadair.adapters.registry_file.write import as_fields, as_json, as_yaml, hash_of

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"

slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
# What YAML likes to misread, beside any text that a person may type.
tempting = st.sampled_from(
    [
        "no",
        "on",
        "~",
        "null",
        "1.10",
        "0x1F",
        "1e3",
        "2026-01-01",
        "12:30",
        "- a",
        "a: b",
        "#x",
        "'",
        '"',
        "@a",
        "*",
        "&a",
        "!t",
        "%",
        "{}",
        "[]",
        "|",
        ">",
        "<<",
        "=",
        "?",
        "...",
        "---",
    ]
)
lines = st.one_of(tempting, st.text(min_size=1, max_size=60))
texts = st.one_of(
    tempting,
    st.text(max_size=200),
    st.lists(lines, max_size=4).map("\n".join),
    st.lists(lines, max_size=4).map("\n  ".join),
)
dates = st.dates(date(1990, 1, 1), date(2199, 12, 31)).map(str)
amounts = st.one_of(st.integers(1, 10**6), st.floats(0.001, 99.0))
people = st.fixed_dictionaries(
    {"name": st.just("Ana Lima"), "email": st.just("ana.lima@example.com")},
    optional={"slack_id": st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True)},
)
rows = st.fixed_dictionaries(
    {"slug": slugs, "name": lines, "owner": people},
    optional={
        "deputy": people,
        "source": lines,
        "kind": st.sampled_from(["event", "batch", "on_demand"]),
        "data_classes": st.lists(st.sampled_from(["pii", "consent"]), unique=True),
        "business_process": texts,
        "if_it_breaks": texts,
        "campaigns": st.lists(lines, max_size=3),
        "single_point_of_failure": st.booleans(),
        "runbook": st.just("https://wiki.example.com/a?b=c#d"),
        "logs": st.fixed_dictionaries({"where": lines}, optional={"readers": st.lists(lines, max_size=2)}),
        "credential": st.fixed_dictionaries(
            {"kind": lines}, optional={"expires_on": dates, "scopes": st.lists(lines, max_size=2)}
        ),
        "api_version": st.fixed_dictionaries({"version": lines}, optional={"ends_on": dates}),
        "rate_limits": st.lists(
            st.fixed_dictionaries({"calls": st.integers(1, 10**9), "per": st.just("day")}), max_size=2
        ),
        "expected": st.fixed_dictionaries(
            {},
            optional={
                "per_hour": st.integers(0, 10**6),
                "weekdays": st.just(["sat", "sun"]),
                "hours": st.just("22:00-06:00"),
            },
        ),
        "thresholds": st.fixed_dictionaries(
            {}, optional={"error_rate_pct": amounts.filter(lambda n: n <= 100), "silence_min": amounts}
        ),
        "mapping_audited_on": dates,
        "alarm_patterns": st.lists(slugs.map(lambda slug: f"{slug}-*"), max_size=2),
    },
)


def valid(fields: dict[str, Any]) -> Row | None:
    try:
        return Row.model_validate(fields)
    except ValidationError:  # texts with hidden characters, lists with repeats
        return None


@settings(max_examples=150, deadline=None)
@given(st.lists(rows, min_size=1, max_size=3, unique_by=lambda fields: fields["slug"]))
def test_importing_an_export_gives_the_same_rows(fields: list[dict[str, Any]]) -> None:
    given_rows = [row for each in fields if (row := valid(each))]
    if not given_rows:
        return

    text = as_yaml(given_rows)
    again = [read.row for read in read_rows(text.encode(), "export.yaml")]

    assert {row.slug: as_json(row) for row in again} == {row.slug: as_json(row) for row in given_rows}
    assert as_yaml(again) == text
    assert json.loads(json.dumps(yaml.safe_load(text), default=str))["integrations"] == sorted(
        (as_fields(row) for row in given_rows), key=lambda row: row["slug"]
    )


def test_the_sample_reads_writes_and_fits_the_schema() -> None:
    sample = [read.row for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]

    assert len(sample) == 12
    assert [read.row for read in read_rows(as_yaml(sample).encode(), "export.yaml")] == sorted(
        sample, key=lambda r: r.slug
    )
    written = {"integrations": [as_fields(row) for row in sample]}
    jsonschema.Draft202012Validator(json_schema()).validate(written)


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
