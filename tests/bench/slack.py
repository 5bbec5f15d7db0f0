"""`/incident ack` over HTTP, as Slack would send it: signed, form-encoded, one after the other."""

import hashlib
import hmac
import time
import urllib.parse
import urllib.request

from infra.target import Target
from tests.bench.estate import at_rest, open_incidents, register
from tests.bench.figures import Figure, percentile
from tests.bench.line import burst

COUNT = 200
WARM = 5


def measure(stack: Target) -> list[Figure]:
    """Latency of an acknowledgement, warm."""
    if len(open_incidents(stack, Limit=COUNT + WARM)["Items"]) < COUNT + WARM:
        burst(stack, register(stack, COUNT + WARM))
    at_rest(stack)
    secret = _secret(stack)
    numbers = [int(item["number"]["N"]) for item in open_incidents(stack, Limit=COUNT + WARM)["Items"]]
    took = [_ack(stack, secret, number) * 1000 for number in numbers][WARM:]
    return [
        Figure("/incident ack over HTTP, p50", percentile(took, 0.5), "ms", "30 ms"),
        Figure("/incident ack over HTTP, p99", percentile(took, 0.99), "ms", "150 ms"),
    ]


def _secret(stack: Target) -> str:
    name = "/deadair/local/slack/signing-secret"
    found: str = stack.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    return found


def _ack(stack: Target, secret: str, number: int) -> float:
    fields = {
        "team_id": "T0DEADAIR",
        "channel_id": "C0INCIDENTS",
        "user_id": "U0BENCH",
        "user_name": "bench",
        "command": "/incident",
        "text": f"ack {number}",
        "response_url": f"{stack.slack}/hooks/bench",
        "trigger_id": "1.2.3",
    }
    body = urllib.parse.urlencode(fields).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={signature}",
    }
    request = urllib.request.Request(f"{stack.web}/slack/commands", data=body, headers=headers)
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read().decode()
    took = time.perf_counter() - began
    if f"INC-{number}" not in text:
        raise AssertionError(text[:300])
    return took
