"""Claims about `/v1/changes`: the signals' door with another form, and what is wrong is said field by field."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from deadair.adapters.sqs.changes import changes_from
from deadair.domain.change import Kind, Teller
from deadair.domain.signal_signature import HEADER, header
from tests.unit.web.test_signals import JSON, NOW, OLD, SECRET, Aws, T, ask
from web.changes.model import REMEDIES, ChangeIn

FINE = {"integration": "crm", "kind": "deploy", "text": "form-relay 1.4.2", "by": "Ana"}


@pytest.fixture
def aws() -> Aws:
    return Aws()


def post(aws: Aws, said: Any, *, secret: str = SECRET, t: int = T) -> tuple[int, dict[str, Any]]:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    answer = ask(aws, "/v1/changes", "POST", body, {HEADER: header(secret, t, body)})
    return answer["statusCode"], json.loads(answer["body"])


def test_a_change_is_taken_and_queued_for_the_change_room(aws: Aws) -> None:
    assert post(aws, FINE) == (202, {"accepted": 1, "repeated": 0})

    (change,) = changes_from(aws.sent[0])
    assert (change.integration, change.kind, change.text, change.by) == ("crm", Kind.DEPLOY, "form-relay 1.4.2", "Ana")
    assert (change.at, change.source) == (NOW, Teller.INTEGRATION)


@pytest.mark.parametrize("wrap", [lambda list_: list_, lambda list_: {"changes": list_}])
def test_several_come_as_a_list_with_or_without_a_name(aws: Aws, wrap: Any) -> None:
    assert post(aws, wrap([FINE, {**FINE, "text": "other"}, FINE])) == (202, {"accepted": 2, "repeated": 1})


def test_the_same_request_again_is_the_same_change(aws: Aws) -> None:
    post(aws, FINE)
    post(aws, FINE)

    first, second = (changes_from(message)[0] for message in aws.sent)
    assert first == second


@pytest.mark.parametrize(
    ("secret", "t", "slug"),
    [("wrong", T, "crm"), (SECRET, T - 301, "crm"), (SECRET, T, "erp"), (SECRET, T, "nobody-knows-it")],
)
def test_who_proves_nothing_gets_one_answer(aws: Aws, secret: str, t: int, slug: str) -> None:
    status, body = post(aws, {**FINE, "integration": slug}, secret=secret, t=t)

    assert (status, body["error"]["code"]) == (401, "not_genuine")
    assert not aws.sent
    assert post(aws, FINE, secret=OLD)[0] == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_post_does_anything(aws: Aws, method: str) -> None:
    assert ask(aws, "/v1/changes", method)["statusCode"] == 405


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": None}, "text"),
        ({"text": ""}, "`text` is empty"),
        ({"text": "x" * 501}, "too long"),
        ({"kind": "gossip"}, "no kind that we know"),
        ({"at": "2026-11-21T08:00:00"}, "no time zone"),
        ({"at": (NOW - timedelta(days=91)).isoformat()}, "too far from now"),
        ({"url": "javascript:alert(1)"}, "no https address"),
        ({"url": "https://ana:pw@example.com/"}, "no https address"),
        ({"id": ""}, "is empty"),
        ({"txt": "x"}, "Did you mean `text`?"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(aws: Aws, wrong: dict[str, Any], said: str) -> None:
    status, body = post(aws, [FINE, {**FINE, **wrong}])

    (field,) = body["error"]["fields"]
    assert status == 422
    assert said in f"{field['field']} {field['message']} {field['remedy']}"
    assert field["field"].startswith("changes[1].")
    assert not aws.sent


def test_one_request_is_of_one_integration(aws: Aws) -> None:
    status, body = post(aws, [FINE, {**FINE, "integration": "erp"}])

    assert (status, body["error"]["field"]) == (422, "changes[1].integration")


def test_more_than_a_hundred_at_once_are_too_many(aws: Aws) -> None:
    assert post(aws, [FINE] * 101)[0] == 413


def test_every_field_has_its_remedy() -> None:
    assert set(REMEDIES) == set(ChangeIn.model_fields)


@given(JSON)
def test_whatever_is_sent_gets_an_answer_and_no_trouble(told: Any) -> None:
    aws = Aws()
    status, _ = post(aws, {**FINE, **told} if isinstance(told, dict) else told)

    assert status in {202, 401, 400, 413, 422}
    assert bool(aws.sent) is (status == 202)
