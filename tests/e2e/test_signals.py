"""Claims about signals through the whole line: an integration's word becomes a metric within seconds, once.

The snippets of SIGNALS.md are run as they stand there, so that they stay true.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.health import HealthStore
from infra.node import ensure_node
from infra.target import Target
from tests.stack import Deadair

pytestmark = pytest.mark.stack
DOCUMENT = (Path(__file__).parents[2] / ".github/SIGNALS.md").read_text("utf-8")
SLUG = "hubspot-salesforce"
PATIENCE_S = 30.0


def snippet(language: str, holding: str) -> str:
    """The snippet of the document in that language that holds some text."""
    found = [code for code in re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL) if holding in code]
    assert len(found) == 1, (language, holding)
    return str(found[0])


def total(stack: Target, metric: str, slug: str = SLUG) -> float:
    """The sum of a metric around now."""
    named = {
        "Namespace": stack.outputs["MetricNamespace"],
        "MetricName": metric,
        "Dimensions": [{"Name": "Integration", "Value": slug}],
    }
    now = datetime.now(UTC)
    answer = stack.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=2),
    )
    return float(sum(answer["MetricDataResults"][0]["Values"]))


def soon(stack: Target, metric: str, expected: float) -> float:
    """The sum, once it is as expected; after some patience whatever it is."""
    until = time.monotonic() + PATIENCE_S
    while (found := total(stack, metric)) != expected and time.monotonic() < until:
        time.sleep(0.2)
    return found


def key_of(deadair: Deadair, *options: str) -> dict[str, str]:
    status, out, err = deadair("signals", "key", SLUG, "--json", *options)
    assert status == 0, err
    found: dict[str, str] = json.loads(out)
    return found


def test_a_signal_is_a_metric_within_seconds_and_a_second_one_with_its_id_counts_nothing(
    stack: Target, deadair: Deadair
) -> None:
    before = {metric: total(stack, metric) for metric in ("Records", "Errors", "Calls", "Throttles")}
    told = ("--records", "40", "--errors", "3", "--status", "200=40", "--status", "429=3", "--id", "e2e-once")

    for _ in range(2):
        status, out, err = deadair("signals", "send", SLUG, *told)
        assert (status, json.loads(out)) == (0, {"accepted": 1, "repeated": 0, "empty_successes": 0}), err

    assert soon(stack, "Records", before["Records"] + 40) == before["Records"] + 40
    deadair("signals", "send", SLUG, "--records", "1")
    assert soon(stack, "Records", before["Records"] + 41) == before["Records"] + 41
    assert total(stack, "Errors") == before["Errors"] + 3
    assert (total(stack, "Calls"), total(stack, "Throttles")) == (before["Calls"] + 43, before["Throttles"] + 3)


def test_a_success_that_carried_nothing_is_recorded_as_that(stack: Target, deadair: Deadair) -> None:
    before = {metric: total(stack, metric) for metric in ("EmptySuccesses", "Successes")}

    assert '"empty_successes": 1' in deadair("signals", "send", SLUG, "--records", "0")[1]

    assert soon(stack, "EmptySuccesses", before["EmptySuccesses"] + 1) == before["EmptySuccesses"] + 1
    assert total(stack, "Successes") == before["Successes"]
    found = HealthStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"]).get(SLUG)
    assert found is not None
    assert found.last_empty_at is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("send", SLUG, "--records", "-1"), "422 records"),
        (("send", SLUG, "--at", "yesterday"), "422 occurred_at"),
        (("send", SLUG, "--status", "teapot"), "teapot"),
        (("send", "nobody-knows-it"), "no integration `nobody-knows-it`"),
        (("key", "nobody-knows-it"), "no integration `nobody-knows-it`"),
        (("heartbeat", "nobody-knows-it"), "no integration `nobody-knows-it`"),
    ],
)
def test_what_is_refused_is_said_calmly(deadair: Deadair, arguments: tuple[str, ...], said: str) -> None:
    status, out, err = deadair("signals", *arguments)

    assert (status, out) == (1, "")
    assert said in err
    assert "Traceback" not in err


def curl(deadair: Deadair, stack: Target) -> None:
    run(["sh", "-ec", snippet("sh", "openssl")], deadair, stack)


def python(deadair: Deadair, stack: Target) -> None:
    run([sys.executable, "-c", snippet("python", "hmac")], deadair, stack)


def zapier(deadair: Deadair, stack: Target) -> None:
    """Code by Zapier is a function's body with its input data around it."""
    given = "{url: process.env.DEADAIR_URL, key: process.env.DEADAIR_KEY, records: '120'}"
    code = f"(async () => {{ const inputData = {given}; let output;\n{snippet('js', 'inputData')}\n"
    said = run(
        [str(ensure_node() / "node"), "-e", f"{code} console.log(JSON.stringify(output)); }})();"], deadair, stack
    )
    assert '"status":202' in said


def run(command: list[str], deadair: Deadair, stack: Target) -> str:
    around = {"DEADAIR_URL": stack.web, "DEADAIR_KEY": key_of(deadair)["secret"]}
    done = subprocess.run(
        command, env={**os.environ, **around}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stdout, done.stdout
    return done.stdout


@pytest.mark.parametrize(("way", "needs"), [(curl, ("sh", "curl", "openssl")), (python, ()), (zapier, ())])
def test_a_snippet_of_the_document_sends_what_it_says(
    stack: Target, deadair: Deadair, way: Callable[[Deadair, Target], None], needs: tuple[str, ...]
) -> None:
    if missing := [tool for tool in needs if shutil.which(tool) is None]:
        pytest.skip(f"this machine has no {', '.join(missing)}")
    before = total(stack, "Records")

    way(deadair, stack)

    assert soon(stack, "Records", before + 120) == before + 120


def test_a_heartbeat_address_counts_a_run(stack: Target, deadair: Deadair) -> None:
    if shutil.which("curl") is None:
        pytest.skip("this machine has no curl")
    before = total(stack, "Records")
    address = deadair("signals", "heartbeat", SLUG)[1].strip()

    around = {**os.environ, "DEADAIR_HEARTBEAT": address}
    said = subprocess.run(
        ["sh", "-ec", snippet("sh", "DEADAIR_HEARTBEAT")], env=around, capture_output=True, text=True, check=True
    )
    head = subprocess.run(["curl", "-sSI", address], capture_output=True, text=True, check=True)

    assert json.loads(said.stdout) == {"accepted": 1}
    assert " 405" in head.stdout.splitlines()[0]
    assert soon(stack, "Records", before + 1) == before + 1


def test_a_new_key_is_valid_within_seconds_beside_the_old_one_and_the_audit_log_names_it(
    stack: Target, deadair: Deadair
) -> None:
    from infra.cli.signal_sending import post

    def sent(secret: str) -> int:
        return post(stack.web, secret, {"integration": SLUG, "ok": True, "records": 0}).status

    old = key_of(deadair)
    assert sent(old["secret"]) == 202
    new = key_of(deadair, "--rotate")

    until = time.monotonic() + 10
    while (answers := [sent(key["secret"]) for key in (new, old)]) != [202, 202] and time.monotonic() < until:
        time.sleep(0.5)
    assert answers == [202, 202]
    assert key_of(deadair)["id"] == new["id"] != old["id"]
    log = AuditLog(stack.client("dynamodb"), stack.outputs["RegistryTable"]).of(SLUG, 1)
    assert (log[0].action, log[0].by.partition(":")[0]) == (f"key {new['id']} made", "cli")
    assert key_of(deadair, "--revoke-old")["id"] == new["id"]
    assert old["secret"] not in _parameter(stack)
    assert AuditLog(stack.client("dynamodb"), stack.outputs["RegistryTable"]).of(SLUG, 1)[0].action == (
        f"key {old['id']} revoked"
    )


def _parameter(stack: Target) -> str:
    found: Any = stack.client("ssm").get_parameter(Name=f"/deadair/local/signals/{SLUG}", WithDecryption=True)
    return str(found["Parameter"]["Value"])
