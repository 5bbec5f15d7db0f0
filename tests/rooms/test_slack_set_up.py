"""Claims about setting Slack up on a running stack: secrets go in unseen, and change without a deployment."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.oidc.errors import Misconfigured, NotProved
from deadair.adapters.oidc.issuer import Issuer, Ours
from deadair.adapters.slack.client import SlackClient, SlackFailed
from deadair.adapters.ssm.secrets import ANEW_S, KEPT_S, Secrets
from infra.cli.slack_sign_in import NO_CODE
from infra.local.slack.server import CALLBACK, CLIENT_ID, CLIENT_SECRET
from infra.slack_app.check import SECRETS
from infra.slack_app.surroundings import keep_secret, parameter_of, stage_of
from infra.target import Target
from tests.local_slack.doors import use
from tests.rooms.slack_rooms import TOKEN, Neighbours, SlackRoom, a_process
from tests.stack import ROOT, Deadair

pytestmark = pytest.mark.stack
OLD, NEW = "the-secret-of-before", "the-secret-of-now"
SSL_CHECK = b"ssl_check=1"
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def staged(stack: Target) -> Target:
    """The same AWS as a stage of one's own sees it: its secrets are nobody else's."""
    return replace(stack, stack=f"Deadair-turning-{uuid4().hex[:8]}")


def kept_by(target: Target, name: str, ticks: Callable[[], float]) -> Secrets:
    """What a room of that stage knows of a secret."""
    path = parameter_of(stage_of(target), name).rpartition("/")[0]
    return Secrets(target.client("ssm"), path, name, ticks=ticks)


@pytest.fixture
def typed(stack: Target, state_dir: Path) -> Command:
    """The command with something in its pipe."""

    def run(*arguments: str, said: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "infra.cli.main", "--state-dir", str(state_dir), "slack", *arguments]
        return subprocess.run(command, input=said, capture_output=True, text=True, cwd=ROOT, check=False)

    return run


def parameter(stack: Target, name: str) -> dict[str, Any]:
    """A secret as SSM keeps it."""
    found = stack.client("ssm").get_parameter(Name=parameter_of(stage_of(stack), name), WithDecryption=True)
    kept: dict[str, Any] = found["Parameter"]
    return kept


def test_a_local_stack_is_set_up_and_its_check_shows_no_secret(stack: Target, deadair: Deadair) -> None:
    status, out, err = deadair("slack", "check", "--json")

    told = json.loads(out)
    assert (status, err, told["ok"]) == (0, "", True)
    assert {finding["remedy"] for finding in told["findings"]} == {None}
    assert not [name for name in SECRETS if parameter(stack, name)["Value"] in out]


def test_the_check_ends_with_1_and_what_to_do_when_something_lacks(stack: Target, deadair: Deadair) -> None:
    use(stack.slack, "install", {"without": ["reactions:read"]})
    try:
        status, out, err = deadair("slack", "check")
    finally:
        use(stack.slack, "install", {})

    assert status == 1
    assert "✗ scopes" in out
    assert "deadair slack manifest" in out
    assert "1 thing to do." in err


def test_a_secret_comes_by_a_pipe_and_is_kept_encrypted_and_unseen(stack: Target, typed: Command) -> None:
    before = parameter(stack, "signing-secret")
    done = typed("secret", "signing-secret", said=f"  {before['Value']}\r\n")

    after = parameter(stack, "signing-secret")
    assert done.returncode == 0
    assert (after["Type"], after["Value"]) == ("SecureString", before["Value"])
    assert after["Version"] == before["Version"] + 1
    assert before["Value"] not in done.stdout + done.stderr


@pytest.mark.parametrize("said", ["\n", "naïve\n", "x" * 1001])
def test_what_is_no_secret_changes_nothing(stack: Target, typed: Command, said: str) -> None:
    before = parameter(stack, "bot-token")
    done = typed("secret", "bot-token", said=said)

    assert done.returncode == 1
    assert "Nothing changed" in done.stderr
    assert parameter(stack, "bot-token")["Version"] == before["Version"]


def test_a_secret_of_another_name_is_refused_before_it_is_read(typed: Command) -> None:
    done = typed("secret", "password", said="x\n")

    assert done.returncode == 1
    assert "there are: bot-token, signing-secret, client-secret, session-key" in done.stderr


def test_a_secret_is_never_an_argument(typed: Command) -> None:
    assert typed("secret", "bot-token", "xoxb-on-the-command-line", said="").returncode == 2


def test_the_manifest_is_printed_for_an_address_and_refused_for_one_that_slack_cannot_call(typed: Command) -> None:
    done = typed("manifest", "--url", "https://deadair.example", "--command", "/inc", "--json", said="")
    local = typed("manifest", said="")

    assert json.loads(done.stdout)["features"]["slash_commands"][0]["command"] == "/inc"
    assert (local.returncode, local.stdout) == (1, "")
    assert "give --url https://" in local.stderr


def test_a_new_bot_token_is_used_by_the_next_call_that_slack_refuses(staged: Target, neighbours: Neighbours) -> None:
    seconds = [0.0]
    secrets = kept_by(staged, "bot-token", lambda: seconds[0])
    keep_secret(staged, "bot-token", "xoxb-of-before")
    get, anew = (lambda: secrets.get("bot-token")), (lambda: secrets.anew("bot-token"))
    slack = SlackClient(f"{neighbours.slack.url}/api/", get, renew=anew)
    with pytest.raises(SlackFailed, match="invalid_auth"):
        slack.member("U0ANA")

    keep_secret(staged, "bot-token", TOKEN)
    seconds[0] = ANEW_S
    assert slack.member("U0ANA")


@pytest.fixture
def turning(staged: Target, neighbours: Neighbours) -> Iterator[tuple[SlackRoom, Callable[[float], None]]]:
    """The Slack room of that stage, and how its seconds pass."""
    keep_secret(staged, "signing-secret", OLD)
    path = stage_of(staged).slack_secrets
    with a_process("slack_commands.handler", {**neighbours.environment, "SLACK_SECRETS": path}) as module:
        secrets, passed = module.room().secrets, [0.0]
        secrets._ticks = lambda: time.monotonic() + passed[0]

        def wait(seconds: float) -> None:
            passed[0] += seconds

        yield SlackRoom(module.handler, neighbours), wait


def test_a_new_signing_secret_counts_within_a_minute_and_the_old_one_only_beside_it(
    staged: Target, turning: tuple[SlackRoom, Callable[[float], None]]
) -> None:
    room, wait = turning

    def status(secret: str) -> int:
        return int(room.post("/slack/commands", SSL_CHECK, secret=secret)["statusCode"])

    assert (status(OLD), status(NEW)) == (200, 401)
    keep_secret(staged, "signing-secret", NEW)
    wait(KEPT_S)

    assert (status(OLD), status(NEW)) == (401, 200)
    keep_secret(staged, "signing-secret", f"{NEW} {OLD}")
    wait(KEPT_S)

    assert (status(OLD), status(NEW)) == (200, 200)


def test_a_new_client_secret_counts_within_a_minute(staged: Target, neighbours: Neighbours) -> None:
    seconds = [0.0]
    secrets = kept_by(staged, "client-secret", lambda: seconds[0])
    keep_secret(staged, "client-secret", OLD)
    redirect = neighbours.door_to_room.url + CALLBACK
    ours = Ours(client_id=CLIENT_ID, secret=lambda: secrets.get("client-secret"), redirect=redirect)
    issuer = Issuer(neighbours.slack.url, ours)

    def redeem() -> None:
        issuer.who("no-code", NO_CODE, lambda _: False, datetime.now(UTC))

    with pytest.raises(Misconfigured, match="bad_client_secret"):
        redeem()
    keep_secret(staged, "client-secret", CLIENT_SECRET)
    seconds[0] = KEPT_S
    with pytest.raises(NotProved):
        redeem()
