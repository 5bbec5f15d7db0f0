"""Claims about reading events: whatever an HTTP API sends, a request comes out."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.request import BODY_LIMIT, Request, read_request

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["version", "rawPath", "rawQueryString", "cookies", "headers", "requestContext", "body", "isBase64Encoded"]
)


@given(st.dictionaries(FIELDS, ANYTHING))
def test_no_event_raises(event: dict[str, Any]) -> None:
    request = read_request(event)

    assert request.path.startswith("/")
    assert isinstance(request.fields, dict)


def test_an_empty_event_is_a_request_for_the_start_page() -> None:
    assert read_request({}) == Request()


@pytest.mark.parametrize(
    ("raw", "stage", "path"),
    [
        ("/prod/incidents", "prod", "/incidents"),
        ("/production/incidents", "prod", "/production/incidents"),
        ("/prod", "prod", "/"),
        ("/incidents/", "$default", "/incidents"),
        ("//attacker.example/x", "$default", "/attacker.example/x"),
    ],
)
def test_the_stage_is_taken_off_the_path(raw: str, stage: str, path: str) -> None:
    assert read_request({"rawPath": raw, "requestContext": {"stage": stage}}).path == path


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("/incidents.json", "", "json"),
        ("/postmortems/INC-42.md", "", "md"),
        ("/incidents", "application/json", "json"),
        ("/incidents", "text/html,application/json;q=0.9", "html"),
        ("/incidents", "", "html"),
    ],
)
def test_the_suffix_or_the_accept_header_says_what_is_wanted(path: str, accept: str, form: str) -> None:
    assert read_request({"rawPath": path, "headers": {"Accept": accept}}).form == form


def test_a_body_in_base64_and_a_plain_one_have_the_same_fields() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    plain = {"headers": headers, "body": "text=a%0D%0Ab&x="}
    coded = {"headers": headers, "body": base64.b64encode(b"text=a%0D%0Ab&x=").decode(), "isBase64Encoded": True}

    assert read_request(plain).fields == read_request(coded).fields == {"text": "a\nb", "x": ""}


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    body = base64.b64encode(b"text=\xff\xfe").decode()
    headers = {"content-type": "application/x-www-form-urlencoded"}

    assert read_request({"headers": headers, "body": body, "isBase64Encoded": True}).fields == {"text": "\ufffd\ufffd"}


@pytest.mark.parametrize(
    "event",
    [{"body": "a" * (BODY_LIMIT + 1)}, {"rawQueryString": "a" * 10_000}, {"body": "!", "isBase64Encoded": True}],
)
def test_what_is_too_big_or_unreadable_is_said_to_be_so(event: dict[str, Any]) -> None:
    assert read_request(event).too_big


def test_cookies_come_from_their_field_and_from_the_header() -> None:
    event = {"cookies": ["a=1", "b=2"], "headers": {"cookie": "c=3; a=9"}}

    assert read_request(event).cookies == {"a": "1", "b": "2", "c": "3"}
