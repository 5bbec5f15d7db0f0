"""Claims about the published JSON Schema: it is the model's, and an editor refuses with it what the model refuses."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from pydantic import ValidationError

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.schema import json_schema
from deadair.adapters.registry_file.write import as_fields, as_yaml
from infra.cli.terminal import json_text

from .generated import row_fields, valid

FOLDER = Path(__file__).parents[3] / "infra/local/sample"
SAMPLE = FOLDER / "registry.yaml"
OWNER = {"name": "Ana Lima", "email": "ana.lima@example.com"}
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


class PlainLoader(yaml.SafeLoader):
    """YAML as editors read it: a date is a text, `on` is a word, as in YAML 1.2."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag and first not in "yYnNoO"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def fits(**fields: Any) -> bool:
    row = {"slug": "one-two", "name": "One", "owner": OWNER} | fields
    given = {name: value for name, value in row.items() if value != "left out"}
    return bool(VALIDATOR.is_valid({"integrations": [given]}))


def is_taken(**fields: Any) -> bool:
    row = {"slug": "one-two", "name": "One", "owner": OWNER} | fields
    try:
        Row.model_validate({name: value for name, value in row.items() if value != "left out"})
    except ValidationError:
        return False
    return True


def test_the_published_file_is_the_models_schema() -> None:
    published = (FOLDER / "registry.schema.json").read_text("utf-8")

    assert published == json_text(json_schema()) + "\n", (
        "run: deadair registry schema > infra/local/sample/registry.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


def test_the_sample_names_the_schema_and_fits_it() -> None:
    text = SAMPLE.read_text("utf-8")

    assert "# yaml-language-server: $schema=registry.schema.json\n" in text
    VALIDATOR.validate(yaml.load(text, Loader=PlainLoader))


def test_an_export_fits_the_schema() -> None:
    rows = [read.row for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]

    VALIDATOR.validate(yaml.load(as_yaml(rows), Loader=PlainLoader))


@settings(max_examples=80, deadline=None)
@given(row_fields)
def test_what_the_model_takes_fits_the_schema(fields: dict[str, Any]) -> None:
    if (row := valid(fields)) is not None:
        VALIDATOR.validate({"integrations": [as_fields(row)]})


WRONG: list[dict[str, Any]] = [
    {"slug": "Not A Slug"},
    {"name": " "},
    {"name": "left out"},
    {"owner": "left out"},
    {"owner": None},
    {"needs_owner": "group:default/growth"},
    {"unheard": 1},
    {"severity": "SEV9"},
    {"severity": "SEV3", "data_classes": ["consent"]},
    {"severity": "SEV4", "data_classes": "consent"},
    {"data_classes": ["secret"]},
    {"kind": "batches"},
    {"source": "two\nlines"},
    {"source": "a\u202eb"},
    {"business_process": "a\u200bb"},
    {"business_process": "x" * 4001},
    {"campaigns": ["a", "a"]},
    {"campaigns": [""]},
    {"dependents": ["Not A Slug"]},
    {"runbook": "http://wiki.example.com"},
    {"runbook": "https://ana:secret@wiki.example.com"},
    {"runbook": "https://"},
    {"runbook": "javascript:alert(1)"},
    {"logs": {"group": "/aws/x"}},
    {"logs": {"where": "X", "group": "arn:aws:logs"}},
    {"credential": {"kind": "key", "expires_on": "31/12/2026"}},
    {"credential": {"kind": "key", "expires_on": "1970-01-01"}},
    {"rate_limits": [{"calls": 0, "per": "day"}]},
    {"rate_limits": [{"calls": 1, "per": "week"}]},
    {"rate_limits": [{"calls": 1}]},
    {"expected": {"hours": "8-20"}},
    {"expected": {"hours": "08:00-08:00"}},
    {"expected": {"timezone": "not a zone!"}},
    {"expected": {"weekdays": ["monday"]}},
    {"expected": {"weekdays": "fri-mon"}},
    {"expected": {"per_hour": -1}},
    {"expected": {"per_hour": 1, "profile": [{"per_hour": 1}]}},
    {"expected": {"hours": "07:00-08:00", "profile": [{"per_hour": 1}]}},
    {"expected": {"profile": [{"hours": "07:00-08:00"}]}},
    {"thresholds": {"silence_min": 0}},
    {"thresholds": {"freshness_min": 10_081}},
    {"thresholds": {"error_rate_pct": 101}},
    {"thresholds": {"floor_pct": 0}},
    {"mapping_audited_on": "yesterday"},
    {"alarm_patterns": ["sync-[ab]"]},
    {"deputy": {"name": "Ana Lima"}},
    {"handling": {"reopen_min": -1}},
    {"handling": {"reopen_min": 1441}},
    {"handling": {"resolves_itself_after_min": 4}},
    {"handling": {"update_min": 4}},
    {"handling": {"ack_min": 0}},
    {"handling": {"close_min": 5}},
    {"handling": {"resolves_itself_after_min": 60}, "data_classes": ["consent"]},
    {"changes": ["relay-[ab]"]},
]


@pytest.mark.parametrize("fields", WRONG, ids=str)
def test_an_editor_refuses_what_the_model_refuses(fields: dict[str, Any]) -> None:
    assert not is_taken(**fields)
    assert not fits(**fields)


RIGHT: list[dict[str, Any]] = [
    {"owner": "left out", "needs_owner": "group:default/growth"},
    {"runbook": None, "logs": None, "source": None, "campaigns": None, "severity": None, "dependents": None},
    {"campaigns": "one", "data_classes": "pii", "alarm_patterns": "sync-*"},
    {"expected": {"weekdays": "mon-fri", "hours": "22:00-06:00", "per_hour": 0}},
    {"expected": {"weekdays": "daily", "timezone": "America/Port-au-Prince"}},
    {"expected": {"timezone": "Etc/GMT+5", "profile": [{"per_hour": 0.5, "weekdays": ["sat", "sun"]}]}},
    {"expected": {"per_hour": 4, "profile": []}},
    {"severity": "SEV1", "data_classes": ["consent"]},
    {"data_classes": ["consent"]},
    {"handling": {"reopen_min": 0, "resolves_itself_after_min": 60}, "changes": "arn:aws:lambda:*:form-relay"},
    {"handling": {"resolves_itself_after_min": None, "ack_min": 5}, "data_classes": ["consent"]},
    {"name": "🛰 إشارة → 田中"},
]


@pytest.mark.parametrize("fields", RIGHT, ids=str)
def test_an_editor_takes_what_the_model_takes(fields: dict[str, Any]) -> None:
    assert is_taken(**fields)
    assert fits(**fields)
