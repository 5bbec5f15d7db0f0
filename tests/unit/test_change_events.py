"""Claims about events that may be changes: which resource they name, and that nothing odd gets further."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from change_intake.aws_events import READERS, names_of, read_event
from change_intake.consumer import patterns_of
from change_intake.events import from_fact
from deadair.domain.change import Kind, Teller
from deadair.domain.errors import Poison
from deadair.domain.ownership import matches_pattern
from tests.builders import NOON, an_integration

CHANGES = Path(__file__).parents[1] / "changes"
FACT = {
    "source": "ci.example",
    "detail-type": "change.deploy.v1",
    "time": "2026-11-02T11:50:00Z",
    "detail": {"integration": "crm", "text": "form-relay 1.4.2"},
}
EVENTS = [
    ("stack.json", "form-relay", "Stack form-relay: UPDATE_IN_PROGRESS", Kind.DEPLOY),
    ("deployment.json", "form-relay", "Deployment d-QRS7TUVWX of form-relay to prod: START", Kind.DEPLOY),
    ("pipeline.json", "form-relay-release", "Pipeline form-relay-release, Deploy: STARTED", Kind.DEPLOY),
    ("parameter.json", "/crm/endpoint", "Parameter /crm/endpoint: Update", Kind.CONFIG),
    ("function.json", "form-relay", "Function form-relay: UpdateFunctionCode", Kind.DEPLOY),
    ("api.json", "a1b2c3d4e5", "API a1b2c3d4e5: CreateDeployment", Kind.CONFIG),
    ("rotation.json", "prod/crm", "Secret prod/crm: RotationSucceeded", Kind.CREDENTIAL),
    ("rule.json", "nightly-export", "Rule nightly-export: DisableRule", Kind.CONFIG),
]


def recorded(file: str) -> dict[str, Any]:
    """An event of AWS, in its shape."""
    event: dict[str, Any] = json.loads((CHANGES / file).read_text("utf-8"))
    return event


@pytest.mark.parametrize(("file", "name", "text", "kind"), EVENTS)
def test_each_kind_of_event_names_its_resource_and_says_what_happened(
    file: str, name: str, text: str, kind: Kind
) -> None:
    happened = read_event(recorded(file))

    assert happened is not None
    assert name in happened.names
    assert (happened.text, happened.kind, happened.at) == (text, kind, NOON.replace(hour=11, minute=50))


def test_every_kind_of_event_that_a_rule_brings_is_tried() -> None:
    assert {recorded(file)["detail-type"] for file, *_ in EVENTS} == set(READERS)


def test_who_did_it_is_the_role_and_who_took_it() -> None:
    happened = read_event(recorded("function.json"))

    assert happened is not None
    assert happened.by == "Deploy/ana"


def test_no_value_of_an_event_is_told() -> None:
    event = recorded("function.json")
    event["detail"]["requestParameters"]["environment"] = {"variables": {"TOKEN": "sesame-open"}}

    happened = read_event(event)

    assert "sesame" not in repr(happened)


@pytest.mark.parametrize(
    ("arn", "pattern"),
    [
        ("arn:aws:cloudformation:eu-central-1:210987654321:stack/form-relay/0a1b", "form-relay"),
        ("arn:aws:cloudformation:eu-central-1:210987654321:stack/form-relay/0a1b", "*:stack/form-relay/*"),
        ("arn:aws:lambda:eu-central-1:210987654321:function:form-relay:live", "form-*"),
        ("arn:aws:secretsmanager:eu-central-1:210987654321:secret:prod/crm-AbCdEf", "prod/crm"),
        ("arn:aws:codedeploy:eu-central-1:210987654321:deploymentgroup:form-relay/prod", "form-relay/prod"),
    ],
)
def test_a_row_may_mean_a_resource_by_its_name_or_its_arn(arn: str, pattern: str) -> None:
    assert any(matches_pattern(name, pattern) for name in names_of(arn))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(READERS)), JSON)
def test_an_event_that_is_not_as_we_know_it_says_nothing(detail_type: str, detail: Any) -> None:
    assert read_event({"detail-type": detail_type, "time": "2026-11-02T11:50:00Z", "detail": detail}) is None


@given(JSON)
def test_a_row_whose_patterns_are_odd_has_none(told: Any) -> None:
    assert all(isinstance(pattern, str) for pattern in patterns_of(an_integration(row={"changes": told})))


def test_a_fact_says_its_kind_in_its_name_and_its_sender_in_its_source() -> None:
    change = from_fact(FACT)

    assert (change.kind, change.by, change.source) == (Kind.DEPLOY, "ci.example", Teller.BUS)
    assert change.at == NOON.replace(hour=11, minute=50)
    assert from_fact(FACT | {"detail-type": "change.whatever"}).kind is Kind.OTHER


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"integration": "crm"},
        {"integration": "crm", "text": ""},
        {"integration": "crm", "text": "x" * 501},
        {"integration": "crm", "text": "x", "kind": "gossip"},
        {"integration": "crm", "text": "x", "at": "2026-11-02T11:50:00"},
        {"integration": "crm", "text": "x", "url": "javascript:alert(1)"},
    ],
)
def test_a_fact_that_is_no_change_is_kept_as_a_dead_letter(detail: dict[str, Any]) -> None:
    with pytest.raises(Poison):
        from_fact(FACT | {"detail": detail})
