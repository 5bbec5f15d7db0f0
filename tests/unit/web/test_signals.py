"""Claims about the signal door: whatever comes in, an answer goes out that says what is wrong and where."""

import base64
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.signal_signature import HEADER, header
from web.front import respond
from web.request import BODY_LIMIT
from web.settings import WebSettings
from web.signals.model import REMEDIES, SignalIn
from web.surroundings import Surroundings

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
T = int(NOW.timestamp())
SECRET, OLD, TOKEN = "the-current-key", "the-key-before", "the-token"
SETTINGS = WebSettings(
    incidents_table="incidents",
    registry_table="registry",
    knowledge_bucket="knowledge",
    web_secrets="/deadair/nowhere/web",
    web_url="http://localhost:8761",
    signal_queue_url="http://localhost/signals",
    change_queue_url="http://localhost/changes",
    signal_secrets="/deadair/nowhere/signals",
    metric_namespace="Deadair",
    alarm_prefix="deadair",
)
FINE = {"integration": "crm", "ok": True, "records": 5}
COUNTS = st.integers(0, 10**9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


class Aws:
    """What the door asks of AWS, for a registry with the rows `crm` and `erp` of which the first has keys."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def get_item(self, **request: Any) -> dict[str, Any]:
        return {}

    def get_paginator(self, name: str) -> "Aws":
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        rows = [{"slug": slug, "name": slug, "owner": {"name": "Ana Lima"}} for slug in ("crm", "erp")]
        return [{"Items": [_item(row) for row in rows]}]

    def get_parameters(self, *, Names: list[str], **_: Any) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.asked += Names
        keys = [{"id": secret, "secret": secret, "made_at": NOW.isoformat()} for secret in (SECRET, OLD)]
        text = json.dumps({"keys": keys, "heartbeats": [TOKEN]})
        return {"Parameters": [{"Value": text, "Version": 1} for name in Names if name.endswith("/crm")]}

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - AWS's names
        self.sent.append(json.loads(MessageBody))

    @property
    def signals(self) -> list[dict[str, Any]]:
        return [signal for message in self.sent for signal in message["signals"]]


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {"pk": {"S": "REG"}, "sk": {"S": f"ROW#{row['slug']}"}, "row": {"S": json.dumps(row)}}


@pytest.fixture
def aws() -> Aws:
    return Aws()


def ask(aws: Aws, path: str, method: str, body: bytes = b"", headers: dict[str, str] | None = None) -> dict[str, Any]:
    web = Surroundings(SETTINGS, now=lambda: NOW, client=lambda _: aws)
    event = {
        "rawPath": path,
        "headers": headers or {},
        "requestContext": {"http": {"method": method, "path": path}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    return respond(event, None, web)


def post(aws: Aws, said: Any, *, secret: str = SECRET, t: int = T) -> tuple[int, dict[str, Any]]:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    answer = ask(aws, "/v1/signals", "POST", body, {HEADER: header(secret, t, body)})
    return answer["statusCode"], json.loads(answer["body"])


def wrong(aws: Aws, said: Any) -> dict[str, str]:
    """The fields that are wrong, and what is said of them."""
    status, body = post(aws, said)
    assert status == 422
    assert not aws.sent
    return {each["field"]: f"{each['message']} {each['remedy']}" for each in body["error"]["fields"]}


def test_a_signal_is_taken_and_queued(aws: Aws) -> None:
    assert post(aws, FINE) == (202, {"accepted": 1, "repeated": 0, "empty_successes": 0})
    assert (aws.sent[0]["integration"], aws.signals[0]["records"]) == ("crm", 5)


@pytest.mark.parametrize("body", [[FINE, {**FINE, "records": 6}], {"signals": [FINE, {**FINE, "records": 6}]}])
def test_a_batch_is_a_list_with_or_without_a_name(aws: Aws, body: Any) -> None:
    assert post(aws, body)[1]["accepted"] == 2


def test_a_heartbeat_says_no_more_than_that_all_is_well(aws: Aws) -> None:
    post(aws, {"integration": "crm", "ok": True})
    post(aws, {"integration": "crm", "ok": False})

    assert [(one["records"], one["errors"]) for one in aws.signals] == [(1, 0), (0, 1)]


def test_a_success_that_carried_nothing_is_told_back_as_one(aws: Aws) -> None:
    assert post(aws, {**FINE, "records": 0})[1] == {"accepted": 1, "repeated": 0, "empty_successes": 1}


def test_the_same_signal_twice_in_one_request_is_one(aws: Aws) -> None:
    by_id = [{**FINE, "id": "a"}, {**FINE, "id": "a", "records": 9}, {**FINE, "id": "b"}]
    said = [{**FINE, "occurred_at": "2026-11-21T07:00:00Z"}, {**FINE, "occurred_at": "2026-11-21T08:00:00+01:00"}]

    assert post(aws, by_id)[1] == {"accepted": 2, "repeated": 1, "empty_successes": 0}
    assert post(aws, said)[1] == {"accepted": 1, "repeated": 1, "empty_successes": 0}


def test_the_same_request_again_has_the_same_signals_and_a_later_one_has_others(aws: Aws) -> None:
    for t in (T, T, T + 60):
        post(aws, {"integration": "crm", "ok": True}, t=t)

    first, again, later = (signal["key"] for signal in aws.signals)
    assert first == again != later


def test_both_keys_of_a_rotation_are_valid(aws: Aws) -> None:
    assert [post(aws, FINE, secret=secret)[0] for secret in (SECRET, OLD)] == [202, 202]


def test_a_header_may_carry_signatures_of_both_keys(aws: Aws) -> None:
    body = json.dumps(FINE).encode()
    both = f"{header('unknown', T, body)}, v1={header(SECRET, T, body).partition('v1=')[2]}"

    assert ask(aws, "/v1/signals", "POST", body, {HEADER: both})["statusCode"] == 202


@pytest.mark.parametrize(
    ("said", "signed"),
    [
        (FINE, ""),
        (FINE, "v1=abc"),
        (FINE, f"t={T}"),
        (FINE, f"t={T},v1="),
        (FINE, f"t={T},v1={'0' * 64}"),
        (FINE, f"t={T},t={T},v1={'0' * 64}"),
        (FINE, f"t=-1,v1={'0' * 64}"),
        (FINE, f"t={'9' * 50},v1={'0' * 64}"),
        (FINE, f"t=²,v1={'0' * 64}"),
        (FINE, f"t={T},v1={'é' * 64}"),
        (FINE, "t=" + "1" * 5000),
        (FINE, header("wrong", T, json.dumps(FINE).encode())),
        (FINE, header(SECRET, T - 301, json.dumps(FINE).encode())),
        (FINE, header(SECRET, T + 301, json.dumps(FINE).encode())),
        (FINE, header(SECRET, T, b"another body")),
        ({**FINE, "integration": "nobody"}, header(SECRET, T, json.dumps({**FINE, "integration": "nobody"}).encode())),
        ({**FINE, "integration": "erp"}, header("", T, json.dumps({**FINE, "integration": "erp"}).encode())),
    ],
)
def test_everything_that_proves_nothing_has_one_answer(aws: Aws, said: Any, signed: str) -> None:
    answer = ask(aws, "/v1/signals", "POST", json.dumps(said).encode(), {HEADER: signed})

    assert answer["statusCode"] == 401
    assert json.loads(answer["body"])["error"] == {
        "code": "not_genuine",
        "message": "Nothing proves that this comes from an integration of the registry.",
        "field": HEADER,
        "remedy": "Sign t, a dot and the body with the integration's key; t is at most 5 minutes off our clock: "
        f"{T} (2026-11-21T08:00:00Z).",
    }


def test_at_five_minutes_a_signature_still_holds(aws: Aws) -> None:
    assert [post(aws, FINE, t=T + skew)[0] for skew in (-300, 300)] == [202, 202]


def test_a_name_that_is_not_in_the_registry_is_asked_of_nobody(aws: Aws) -> None:
    post(aws, {**FINE, "integration": "../../etc"})

    assert aws.asked == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"ok", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b'{"integration":"crm","ok":true,"latency_ms":NaN}', "not_json"),
        (b'{"integration":"crm","ok":true,"latency_ms":-Infinity}', "not_json"),
        (b'{"integration":"crm","ok":true,"latency_ms":1e999}', "not_json"),
        (b'{"integration":"crm","ok":true,"records":' + b"9" * 5000 + b"}", "not_json"),
        (b'{"integration":"crm","ok":true,"ok":false}', "said_twice"),
        (b"[" * 100_000, "too_deep"),
        (b"[" * 20 + b"]" * 20, "too_deep"),
    ],
)
def test_what_is_no_json_of_ours_is_a_400(aws: Aws, body: bytes, code: str) -> None:
    status, answer = post(aws, body)

    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["message"]
    assert answer["error"]["remedy"]


@pytest.mark.parametrize("body", [1, "signal", None, [], {"signals": []}, {"signals": {}}, {"signals": [FINE], "x": 1}])
def test_a_body_without_signals_is_said_so(aws: Aws, body: Any) -> None:
    assert post(aws, body)[0] == 422


@pytest.mark.parametrize(
    "first", [{}, {"ok": True}, {"integration": 5, "ok": True}, {"integration": "", "ok": True}, 7]
)
def test_without_an_integration_nobody_knows_whose_key_to_look_at(aws: Aws, first: Any) -> None:
    status, answer = post(aws, [first])

    assert (status, answer["error"]["field"]) == (422, "signals[0].integration")


def test_more_than_a_batch_is_a_413(aws: Aws) -> None:
    at_once = [{**FINE, "id": str(n)} for n in range(501)]

    assert post(aws, at_once[:500])[1]["accepted"] == 500
    assert post(aws, at_once)[0] == 413


def test_more_bytes_than_are_read_are_a_413(aws: Aws) -> None:
    status, answer = post(aws, b" " * (BODY_LIMIT + 1))

    assert (status, answer["error"]["code"]) == (413, "too_big")
    assert str(BODY_LIMIT) in answer["error"]["remedy"]


def test_a_batch_of_full_signals_goes_in_messages_that_the_queue_takes(aws: Aws) -> None:
    codes = {str(code): 10**9 for code in range(100, 120)}
    full = [{**FINE, "id": f"{n}", "status_codes": codes} for n in range(500)]
    several = [full[at : at + 250] for at in (0, 250)]

    assert [post(aws, some)[0] for some in several] == [202, 202]
    assert len(aws.signals) == 500
    assert all(len(json.dumps(message, separators=(",", ":"))) < 256 * 1024 for message in aws.sent)
    assert len({message["batch"] for message in aws.sent}) == len(aws.sent)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("ok", 1, "`ok` cannot be a number."),
        ("ok", "true", "`ok` cannot be text."),
        ("ok", None, "`ok` cannot be null."),
        ("records", True, "`records` cannot be true or false."),
        ("records", "5", "`records` cannot be text."),
        ("records", -1, "`records` is below 0."),
        ("records", 5.5, "`records` is no whole number."),
        ("records", 10**9 + 1, "`records` is too big."),
        ("records", [], "`records` cannot be a list."),
        ("errors", 10**300, "`errors` is too big."),
        ("latency_ms", "12", "`latency_ms` cannot be text."),
        ("latency_ms", True, "`latency_ms` cannot be true or false."),
        ("latency_ms", -0.1, "`latency_ms` is below 0."),
        ("latency_ms", 10**400, "`latency_ms` is too big."),
        ("lag_s", 14 * 86400 + 1, "`lag_s` is too big."),
        ("id", "", "`id` is empty."),
        ("id", "x" * 201, "`id` is too long."),
        ("id", 7, "`id` cannot be a number."),
        ("occurred_at", "yesterday", "`occurred_at` is no time."),
        ("occurred_at", 1795248000, "`occurred_at` is no time."),
        ("occurred_at", "2026-11-21T08:00:00", "`occurred_at` says no time zone."),
        ("occurred_at", "2026-11-21T08:05:01Z", "`occurred_at` is too far from now."),
        ("occurred_at", "2026-11-07T07:59:59Z", "`occurred_at` is too far from now."),
        ("occurred_at", "0001-01-01T00:00:00+23:59", "`occurred_at` is no time."),
        ("status_codes", [], "`status_codes` cannot be a list."),
        ("status_codes", {str(code): 1 for code in range(200, 221)}, "`status_codes` has too many entries."),
    ],
)
def test_a_wrong_field_is_named_with_what_to_send(aws: Aws, field: str, value: Any, message: str) -> None:
    said = wrong(aws, [FINE, {**FINE, "id": "b"}, {**FINE, field: value}])

    assert said == {f"signals[2].{field}": f"{message} {REMEDIES[field]}"}


@pytest.mark.parametrize(
    ("codes", "field"),
    [
        ({"099": 1}, "status_codes.099"),
        ({"600": 1}, "status_codes.600"),
        ({"4xx": 1}, "status_codes.4xx"),
        ({"429": "3"}, "status_codes.429"),
        ({"429": -3}, "status_codes.429"),
        ({"429": True}, "status_codes.429"),
        ({"x" * 5000: 1}, "status_codes." + "x" * 40),
    ],
)
def test_a_wrong_status_is_named(aws: Aws, codes: Any, field: str) -> None:
    assert list(wrong(aws, {**FINE, "status_codes": codes})) == [field]


def test_an_unknown_field_is_refused_with_the_nearest_name(aws: Aws) -> None:
    assert wrong(aws, {**FINE, "recrods": 5})["recrods"].endswith("Did you mean `records`?")
    assert "occurred_at" in wrong(aws, {**FINE, "zzz": 5})["zzz"]


def test_a_missing_field_is_named(aws: Aws) -> None:
    assert wrong(aws, {"integration": "crm"}) == {"ok": f"`ok` is missing. {REMEDIES['ok']}"}


def test_a_batch_is_of_one_integration(aws: Aws) -> None:
    assert list(wrong(aws, [FINE, {**FINE, "integration": "erp"}])) == ["signals[1].integration"]


def test_every_wrong_field_is_listed_up_to_twenty_and_none_of_the_batch_is_taken(aws: Aws) -> None:
    status, body = post(aws, [FINE, *({**FINE, "records": -1, "errors": "x"} for _ in range(100))])

    assert (status, body["error"]["wrong"], len(body["error"]["fields"])) == (422, 200, 20)
    assert body["error"]["field"] == body["error"]["fields"][0]["field"] == "signals[1].records"
    assert not aws.sent


def test_null_is_as_good_as_absent_and_whole_floats_are_numbers(aws: Aws) -> None:
    given = {"records": 5.0, "errors": None, "latency_ms": 12, "lag_s": None, "status_codes": None, "id": None}

    assert post(aws, {**FINE, **given, "occurred_at": None})[0] == 202
    assert (aws.signals[0]["records"], aws.signals[0]["latency_ms"]) == (5, 12.0)


@pytest.mark.parametrize("latency_ms", [5e-324, 1e-200, -0.0])
def test_a_latency_that_cloudwatch_would_refuse_is_none_at_all(aws: Aws, latency_ms: float) -> None:
    post(aws, {**FINE, "latency_ms": latency_ms})

    assert str(aws.signals[0]["latency_ms"]) == "0.0"


def test_a_packed_body_is_a_415(aws: Aws) -> None:
    assert ask(aws, "/v1/signals", "POST", b"\x1f\x8b", {"content-encoding": "gzip"})["statusCode"] == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
def test_signals_are_posted(aws: Aws, method: str) -> None:
    answer = ask(aws, "/v1/signals", method)

    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_secret_address_counts_a_run(aws: Aws, method: str) -> None:
    answer = ask(aws, f"/v1/heartbeats/crm/{TOKEN}", method)

    assert (answer["statusCode"], json.loads(answer["body"])) == (202, {"accepted": 1})
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert (aws.signals[0]["ok"], aws.signals[0]["records"]) == (True, 1)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT"])
def test_what_only_looks_at_a_secret_address_counts_nothing(aws: Aws, method: str) -> None:
    assert ask(aws, f"/v1/heartbeats/crm/{TOKEN}", method)["statusCode"] in {204, 405}
    assert not aws.sent


@pytest.mark.parametrize("address", ["crm/another", "erp/the-token", "nobody/the-token", "crm/é", "crm/%ED%A0%80"])
def test_any_other_address_is_not_there(aws: Aws, address: str) -> None:
    answer = ask(aws, f"/v1/heartbeats/{address}", "GET")

    assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (404, "not_found")
    assert not aws.sent


def test_no_secret_is_in_a_log_line(aws: Aws, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(aws, f"/v1/heartbeats/crm/{TOKEN}", "GET")
        ask(aws, "/v1/heartbeats/crm/another-token", "GET")
        post(aws, FINE)
        post(aws, FINE, secret="wrong")

    said = caplog.text + "".join(capfd.readouterr())
    assert all(secret not in said for secret in (SECRET, TOKEN, "another-token", "v1="))


@given(JSON)
def test_any_json_has_an_answer(said: Any) -> None:
    status, body = post(Aws(), said)

    assert status in {202, 400, 401, 413, 422}
    assert status == 202 or set(body["error"]) >= {"code", "message", "field", "remedy"}


@given(st.dictionaries(st.sampled_from(sorted(SignalIn.model_fields)), JSON), st.booleans())
def test_any_signal_of_ours_has_an_answer(fields: dict[str, Any], batch: bool) -> None:  # noqa: FBT001 - drawn
    signal = {**FINE, **fields, "integration": "crm"}
    aws = Aws()
    status, body = post(aws, [signal] if batch else signal)

    assert status in {202, 400, 422}
    assert (status == 202) == bool(aws.sent)
    assert status == 202 or body["error"]["remedy"]


@given(st.binary(max_size=200), st.text(max_size=80))
def test_any_bytes_under_any_header_have_an_answer(body: bytes, said: str) -> None:
    assert ask(Aws(), "/v1/signals", "POST", body, {HEADER: said})["statusCode"] in {400, 401, 422}


@given(
    st.fixed_dictionaries(
        {"integration": st.just("crm"), "ok": st.booleans()},
        optional={
            "id": st.text(min_size=1, max_size=200),
            "records": COUNTS,
            "errors": COUNTS,
            "latency_ms": st.floats(0, 86_400_000),
            "lag_s": st.integers(0, 14 * 86_400),
            "status_codes": st.dictionaries(st.integers(100, 599).map(str), COUNTS, max_size=20),
            "occurred_at": st.datetimes(
                (NOW - timedelta(days=14)).replace(tzinfo=None), NOW.replace(tzinfo=None), timezones=st.just(UTC)
            ).map(datetime.isoformat),
        },
    )
)
def test_every_signal_within_the_limits_is_taken(signal: dict[str, Any]) -> None:
    assert post(Aws(), signal)[0] == 202
