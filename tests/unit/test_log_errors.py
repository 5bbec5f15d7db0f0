"""Claims about error lines: what is counted together, what is taken out, and which failure class they stand for."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.log_errors import TOP, told_by
from deadair.domain.severity import FailureClass
from deadair.domain.wordings import meaning_of

AUTH, RATE, VENDOR, EMPTY = (
    FailureClass.AUTH,
    FailureClass.RATE_LIMIT,
    FailureClass.VENDOR_ERROR,
    FailureClass.EMPTY_SUCCESS,
)
VERSION, SCHEMA, WEBHOOK, LATENCY = (
    FailureClass.VERSION,
    FailureClass.SCHEMA,
    FailureClass.WEBHOOK,
    FailureClass.LATENCY,
)


def error_in(line: str) -> str:
    """The error that one line tells; empty for none."""
    return next((error.text for error in told_by([line]).errors), "")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("invalid_grant: the refresh token was revoked", AUTH),
        ("INVALID_SESSION_ID: Session expired or invalid", AUTH),
        ("401 Client Error: Unauthorized for url: https://api.example.com/x", AUTH),
        ("the API key has expired", AUTH),
        ("Access Denied", AUTH),
        ("AADSTS700082: The refresh token has expired due to inactivity", AUTH),
        ("HTTP 429 Too Many Requests", RATE),
        ("REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.", RATE),
        ("403 Forbidden: rateLimitExceeded", RATE),
        ("Quota exceeded for quota metric 'Queries'", RATE),
        ("502 Bad Gateway", VENDOR),
        ("connect ETIMEDOUT 10.1.2.3:443", VENDOR),
        ("requests.exceptions.ReadTimeout: Read timed out. (read timeout=30)", VENDOR),
        ("getaddrinfo ENOTFOUND api.example.com", VENDOR),
        ("UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record", VENDOR),
        ("status=503", VENDOR),
        ("sync done: 0 records received", EMPTY),
        ("vendor answered with an empty response", EMPTY),
        ("API version v19 is no longer supported", VERSION),
        ("this endpoint has been sunset", VERSION),
        ("Unsupported API version requested: 2023-01", VERSION),
        ("status code 410", VERSION),
        ("INVALID_FIELD: No such column 'Foo__c'", SCHEMA),
        ("REQUIRED_FIELD_MISSING: [LastName]", SCHEMA),
        ("Property 'lead_origin' does not exist: unknown field", SCHEMA),
        ("could not parse '31/12/2026' as a date", SCHEMA),
        ('column "country" cannot be null: null value in column "country"', SCHEMA),
        ("returned 422", SCHEMA),
        ("Webhook signature verification failed", WEBHOOK),
        ("No signatures found matching the expected signature for payload", WEBHOOK),
        ("401 Unauthorized: X-HubSpot-Signature does not match", WEBHOOK),
        ("the subscription has expired", WEBHOOK),
        ("Timestamp outside the tolerance zone", WEBHOOK),
        ("Task timed out after 30.03 seconds", LATENCY),
        ("batch 7 took too long", LATENCY),
    ],
)
def test_the_words_of_a_line_say_its_class(line: str, kind: FailureClass) -> None:
    meaning = meaning_of(line)

    assert meaning is not None
    assert meaning.failure_class is kind


@pytest.mark.parametrize(
    "line",
    [
        "synced 401 contacts",
        "wrote 503 rows in 429 ms",
        "request took 500 ms",
        "took 503.2 seconds",
        "signed up 422 leads",
        "token refreshed",
        "webhook received",
        "created subscription 42",
        "everything is fine",
        "limit=100",
        "DeprecationWarning: use datetime.now(UTC)",
    ],
)
def test_words_of_good_days_have_no_class(line: str) -> None:
    assert meaning_of(line) is None


@pytest.mark.parametrize(
    ("line", "clear"),
    [
        ("API version v19 is no longer supported", True),
        ("no signatures found matching the expected signature", True),
        ("Task timed out after 30.03 seconds", True),
        ("HTTP 403", True),
        ("field foo is deprecated", False),
        ("KeyError: 'country'", False),
        ("0 records received", False),
        ("backlog of 7 batches", False),
        ("HTTP 404", False),
    ],
)
def test_words_that_stand_in_logs_on_good_days_too_are_no_proof(line: str, clear: bool) -> None:  # noqa: FBT001 - one of a pair
    meaning = meaning_of(line)

    assert meaning is not None
    assert meaning.clear is clear


def test_lines_that_differ_in_ids_times_and_people_are_one_error() -> None:
    lines = [
        f"2026-11-02T12:0{n}:07.123Z ERROR [sync] 401 Client Error: Unauthorized for record {88_000 + n} of "
        f"person{n}@customer.example, request 3f2b8c1e-0000-4000-8000-{n:012d} from 10.0.0.{n}"
        for n in range(8)
    ]

    told = told_by(lines)

    (only,) = told.errors
    assert only.count == told.total == len(lines)
    assert "401 Client Error: Unauthorized" in only.text
    assert "customer" not in only.text
    assert "88" not in only.text
    assert told.classes == ((AUTH, 8),)
    assert told.clear == {AUTH}


@pytest.mark.parametrize(
    "line",
    [
        "INFO 200 OK no errors",
        "[INFO] 2026-11-02T12:00:00Z id-1 retrying after error",
        "2026-11-02 12:00:00,123 DEBUG token expired, refreshing",
        '{"level": "info", "message": "0 errors"}',
        "START RequestId: 1 Version: $LATEST",
        "REPORT RequestId: 1 Duration: 3 ms Billed Duration: 4 ms",
        "Traceback (most recent call last):",
        '  File "a.py", line 3, in handler',
        "    at Object.<anonymous> (/var/task/index.js:3:9)",
        "hello",
        "",
    ],
)
def test_a_line_that_is_no_error_is_not_counted(line: str) -> None:
    assert error_in(line) == ""


def test_of_a_json_line_its_message_and_its_code_are_told() -> None:
    line = '{"level":"ERROR","timestamp":"2026-11-02T12:00:00Z","message":"call failed","status_code":403,"id":"x1"}'

    assert error_in(line) == "call failed · status_code 403"


def test_of_a_stack_trace_its_last_line_is_told() -> None:
    trace = (
        "[ERROR] ReadTimeout: …\nTraceback (most recent call last):\n"
        '  File "/var/task/app.py", line 12, in handler\n    call()\n'
        "  requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.example.com'): Read timed out."
    ).replace("\n  requests", "\nrequests")

    assert error_in(trace).startswith("requests.exceptions.ReadTimeout:")


def test_the_most_frequent_errors_come_first_and_no_more_than_a_few() -> None:
    words = ("refused", "denied", "expired", "invalid", "forbidden", "rejected", "fatal")
    lines = [f"error: {word}" for place, word in enumerate(words) for _ in range(20 - place)]
    random.Random(7).shuffle(lines)

    told = told_by(lines)

    assert [one.text for one in told.errors] == [f"error: {word}" for word in words[:TOP]]
    assert told.errors[0].count == 20


def test_no_secret_of_a_log_is_kept() -> None:
    line = "ERROR 401 with Authorization: Bearer ya29.AbCdEfGhIjKl, password=hunter2secret, for eva@person.example"

    told = error_in(line)

    for secret in ("AbCdEf", "hunter2", "eva@"):
        assert secret not in told


@given(st.lists(st.text(max_size=200), max_size=20))
def test_no_line_makes_the_reader_fail_and_order_does_not_matter(lines: list[str]) -> None:
    assert told_by(lines) == told_by(reversed(lines))


@pytest.mark.parametrize("part", ["error ", "a1-", "1.", "x@", "+1 ", "subscription ", "[…]", "invalid token "])
def test_long_lines_cost_no_time(part: str) -> None:
    began = time.thread_time()

    for _ in range(20):
        error_in(part * (8000 // len(part)))

    assert time.thread_time() - began < 2
