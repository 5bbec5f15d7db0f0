"""Claims about addresses that come from outside, and about secrets that change while a process lives."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.slack.hooks import may_call
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.errors import Unavailable

HOST = "hooks.slack.com"


def test_only_slacks_own_host_over_https_may_be_called() -> None:
    assert may_call("https://hooks.slack.com/commands/T1/1/x", HOST)
    assert may_call("https://HOOKS.slack.com/x?y=1", HOST)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/x",
        "//hooks.slack.com/x",
        "http://hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "https://hooks.slack.com.attacker.example/x",
        "https://attacker.example/hooks.slack.com",
        "https://hooks.slack.com@attacker.example/",
        "https://user@hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com\\@attacker.example/",
        "https://hooks.slack.com\t.attacker.example/",
        "https://hooks.sla\nck.com/x",
        "https://hooks.slack.com。attacker.example/",
        "https://127.0.0.1/x",
        "https://[::1",
        "https://169.254.169.254/latest",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    assert not may_call(url, HOST)


def test_plain_http_is_for_this_machine_only() -> None:
    assert may_call("http://localhost:8081/hooks/1", "localhost:8081")
    assert not may_call("http://localhost:8082/hooks/1", "localhost:8081")
    assert not may_call("http://slack.example:8081/hooks/1", "slack.example:8081")


@given(st.text())
def test_no_address_raises(url: str) -> None:
    assert may_call(url, HOST) is False


class Parameters:
    """SSM as far as `Secrets` asks it."""

    def __init__(self) -> None:
        self.values = {"/deadair/x/slack/signing-secret": "one"}
        self.calls = 0
        self.broken: Exception | None = None

    def get_parameters(self, Names: list[str], *, WithDecryption: bool) -> dict[str, Any]:  # noqa: N803 - SSM's own
        self.calls += 1
        if self.broken:
            raise self.broken
        assert WithDecryption
        return {"Parameters": [{"Name": n, "Value": self.values[n]} for n in Names if n in self.values]}


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_secret_is_read_once_a_minute_and_its_rotation_seen() -> None:
    ssm, ticks = Parameters(), Ticks()
    secrets = Secrets(ssm, "/deadair/x/slack", "signing-secret", ticks=ticks)
    assert [secrets.get("signing-secret") for _ in range(3)] == ["one"] * 3
    assert ssm.calls == 1
    ssm.values["/deadair/x/slack/signing-secret"] = "two"
    ticks.now += 61
    assert secrets.get("signing-secret") == "two"


@pytest.mark.parametrize(
    "broken", [EndpointConnectionError(endpoint_url="x"), ClientError({"Error": {"Code": "Throttling"}}, "x")]
)
def test_a_known_secret_outlives_an_hour_without_ssm_and_no_longer(broken: Exception) -> None:
    ssm, ticks = Parameters(), Ticks()
    secrets = Secrets(ssm, "/deadair/x/slack", "signing-secret", ticks=ticks)
    secrets.get("signing-secret")
    ssm.broken = broken
    ticks.now += 3000
    assert secrets.get("signing-secret") == "one"
    ticks.now += 3000
    with pytest.raises(Unavailable):
        secrets.get("signing-secret")


def test_a_missing_secret_is_named_and_a_value_is_never_shown() -> None:
    secrets = Secrets(Parameters(), "/deadair/x/slack", "signing-secret", "bot-token", ticks=Ticks())
    with pytest.raises(Unavailable, match="/deadair/x/slack/bot-token"):
        secrets.get("bot-token")
    assert "one" not in repr(secrets)
