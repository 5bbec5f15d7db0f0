"""The one way to an AWS client: cached for the process, with short timeouts and standard retries.

Knows boto3 and nothing of what is asked of it. AWS_ENDPOINT_URL moves it to another cloud, by boto3's own rule.
"""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
    tcp_keepalive=True,
    max_pool_connections=16,
)
# A known secret serves while SSM is silent, so nobody has to wait for SSM longer than a person in Slack would.
BRIEF = CONFIG.merge(Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}))
# A search through logs takes its time; whoever looks goes on without it.
LOOKING = CONFIG.merge(Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1}))
# Slack waits three seconds for the answer to a command. DynamoDB's own retries (mode `legacy`) pause for 50 ms at most;
# the others may pause for a second.
PROMPT = CONFIG.merge(
    Config(connect_timeout=0.5, read_timeout=0.9, retries={"mode": "legacy", "total_max_attempts": 2})
)
# Where a command goes that could not be worked in time: what is left of the three seconds is for one attempt.
LAST_RESORT = CONFIG.merge(Config(connect_timeout=0.4, read_timeout=0.6, retries={"total_max_attempts": 1}))
# What is asked in passing must hold up nobody.
HASTY = CONFIG.merge(Config(connect_timeout=0.5, read_timeout=1, retries={"total_max_attempts": 1}))


@cache
def client(service: str) -> Any:
    """A low-level client, for example `client("dynamodb")`. Its errors are botocore's."""
    return boto3.client(service, config=BRIEF if service == "ssm" else CONFIG)  # type: ignore[call-overload]


@cache
def hasty_client(service: str) -> Any:
    """A client that gives up after one short attempt, for questions without which the work goes on."""
    return boto3.client(service, config=HASTY)  # type: ignore[call-overload]


@cache
def prompt_client(service: str) -> Any:
    """A client for whoever has two seconds for everything: see `adapters/prompt.py`."""
    return boto3.client(service, config=LAST_RESORT if service == "sqs" else PROMPT)  # type: ignore[call-overload]


@cache
def looking_client(service: str) -> Any:
    """A client that waits for one answer as long as a search may take, and does not ask twice."""
    return boto3.client(service, config=LOOKING)  # type: ignore[call-overload]
