"""Fault 38: addresses that come from outside, or lead there, are called only where they may lead."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from alarm_intake.consumer import read_message
from alarm_intake.events import Ignored
from deadair.adapters.ping import ping
from deadair.adapters.registry_file.fields import https_url
from deadair.adapters.slack.hooks import may_call
from deadair.domain.errors import Poison
from tests.builders import an_event

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOOKS = "hooks.slack.com"
INSIDE = [
    "127.0.0.1",
    "10.0.0.7",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
]


@contextmanager
def no_network() -> Iterator[None]:
    """Whoever connects fails the claim."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("somebody connects")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "create_connection", refuse)
        yield


@pytest.mark.parametrize(
    "url",
    [
        "https://attacker.example/x",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.attacker.example/",
        "https://hooks.slack.com@attacker.example/",
        "https://hooks.slack.com:8443/",
        "https://hooks.slack.com\\@attacker.example/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "//hooks.slack.com/x",
        "file:///etc/passwd",
        "https://hooks.slack.com\t.attacker.example/",
        "https://[::1",
    ],
)
def test_fault_38_an_answer_goes_to_the_host_of_slack_and_nowhere_else(url: str) -> None:
    assert not may_call(url, HOOKS)
    assert may_call("https://hooks.slack.com/commands/T0/1/x", HOOKS)


def test_fault_38_no_subscription_is_confirmed_and_no_certificate_is_fetched() -> None:
    confirmation = {
        "Type": "SubscriptionConfirmation",
        "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=x",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/cert.pem",
        "Message": "You have chosen to subscribe",
    }
    genuine = confirmation | {"Type": "Notification", "Message": an_event("alarm.json")}

    with no_network():
        assert read_message(json.dumps(confirmation), NOW, _no_object) == Ignored("sns_subscription_message")
        read_message(json.dumps(genuine), NOW, _no_object)


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "sns.eu-central-1.amazonaws.com.attacker.example",
        "attacker.example#sns.eu-central-1.amazonaws.com",
        "sns.eu-central-1.amazonaws.com@attacker.example",
        "169.254.169.254",
    ],
)
def test_fault_38_a_notification_with_a_foreign_certificate_is_a_forgery(host: str) -> None:
    notification = {
        "Type": "Notification",
        "Message": an_event("alarm.json"),
        "SigningCertURL": f"https://{host}/cert.pem",
    }

    with no_network(), pytest.raises(Poison, match="SigningCertURL"):
        read_message(json.dumps(notification), NOW, _no_object)


def _no_object(key: str) -> bytes:
    raise AssertionError(key)


@pytest.mark.parametrize(
    "url",
    ["http://wiki.example.com/", "javascript:alert(1)", "https://ana:pw@wiki.example.com/", "https://", "ftp://a.b/"],
)
def test_fault_38_a_runbook_is_a_link_that_only_people_follow(url: str) -> None:
    with no_network(), pytest.raises(ValueError, match="address"):
        https_url(url)


@pytest.mark.parametrize("address", INSIDE)
def test_fault_38_a_ping_to_an_address_inside_is_not_sent(address: str) -> None:
    with no_network():
        assert not ping("https://ping.example.com/x", lambda *_: [address])
        assert not ping("https://ping.example.com/x", lambda *_: ["93.184.216.34", address])


@pytest.mark.parametrize(
    "url",
    [
        "http://ping.example.com/",
        "https://ana:pw@ping.example.com/",
        "https://",
        "https://[::1",
        "file:///etc/passwd",
        "https://ping.example.com/\r\nHost: attacker.example",
        "https://ping.example.com\\@attacker.example/",
        "",
    ],
)
def test_fault_38_a_ping_goes_to_an_https_address_of_a_host_only(url: str) -> None:
    with no_network():
        assert not ping(url, lambda *_: ["93.184.216.34"])


def test_fault_38_a_ping_connects_to_the_address_that_was_looked_at() -> None:
    asked: list[Any] = []

    def refuse(address: Any, *_: Any, **__: Any) -> Any:
        asked.append(address)
        raise OSError("no network here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_connection", refuse)
        assert not ping("https://ping.example.com:8443/x", lambda *_: ["93.184.216.34"])

    assert asked == [("93.184.216.34", 8443)]


def test_a_name_that_nobody_knows_costs_nothing_but_the_ping() -> None:
    def unknown(*_: Any) -> list[str]:
        raise socket.gaierror("no such name")

    assert not ping("https://ping.example.com/x", unknown)
