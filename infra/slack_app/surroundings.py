"""What the check of a set-up looks at: a deployed stack's parameters, its secrets, its own addresses, Slack.

Knows how to ask each of them. Refuses to judge, and to let a secret into a repr.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier

from infra.config import LOCAL, PROD, Stage, stage_named
from infra.target import Target

SLACK_API = "https://slack.com/api/"
SLACK_ISSUER = "https://slack.com"
PREFIX = "Deadair-"
TIMEOUT_S = 20
NO_ANSWER = "no answer"
# Nothing is missing without these.
OPTIONAL = {"webhook-secret": "invented by you, for what the tracker is told"}
OF_SLACK, OF_THE_PAGES = ("bot-token", "signing-secret"), ("client-secret", "session-key")


@dataclass(frozen=True, slots=True)
class Said:
    """What Slack said: its answer, its word for an error (empty: none), the scopes of the token."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, repr=False)
class Around:
    """One stack, as the check sees it. `parameters` are those of its template, by name."""

    target: Target
    parameters: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """The stage of the stack."""
        return stage_of(self.target)

    @property
    def web(self) -> str:
        """Where the pages and Slack's addresses are."""
        return (self.parameters.get("WebUrl") or self.target.web).rstrip("/")

    @property
    def emoji(self) -> bool:
        """Whether a reaction adds a message to a timeline."""
        return bool(self.parameters.get("SlackEmoji", ""))

    @property
    def issuer(self) -> str:
        """Who says who somebody is at the pages."""
        return (self.parameters.get("OidcIssuer") or SLACK_ISSUER).rstrip("/")

    def command(self, words: str) -> str:
        """How that command is typed for this stack."""
        return f"deadair {'' if self.target.is_local else f'--stack {self.target.stack} '}{words}"

    def deploy(self, answer: str) -> str:
        """How the stack is deployed with that answer."""
        return f"make deploy {'' if self.stage.name in (LOCAL, PROD) else f'STAGE={self.stage.name} '}{answer}"

    def ask(self, method: str, **arguments: str) -> Said:
        """Ask a method of Slack's Web API that reads."""
        base = f"{self.target.slack}/api/" if self.target.is_local else SLACK_API
        web = WebClient(self.secrets.get("bot-token"), base_url=base, timeout=TIMEOUT_S, retry_handlers=[])
        try:
            answer = web.api_call(method, http_verb="GET", params=arguments)
        except SlackApiError as refused:
            return Said(error=str(refused.response.get("error") or "refused"))
        except (OSError, SlackClientError):
            return Said(error=NO_ANSWER)
        told = answer.data if isinstance(answer.data, dict) else {}
        scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
        return Said(told, "", frozenset(filter(None, scopes.replace(" ", "").split(","))))

    def knock(self) -> int:
        """The HTTP status of our own door for commands, to what is signed as Slack signs; 0: it does not answer."""
        body = urlencode({"ssl_check": "1"})
        stamp = str(int(time.time()))
        # While it is exchanged, two hold and stand beside each other.
        secret = self.secrets["signing-secret"].split()[0]
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}
        return self._status(f"{self.web}/slack/commands", body.encode(), headers)

    @staticmethod
    def _status(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        request = urllib.request.Request(url, data=body, headers=dict(headers))  # noqa: S310 - the stack's own addresses
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except (OSError, ValueError):
            return 0


def around(target: Target) -> Around:
    """Everything that the check asks of AWS, read at once. Raises botocore's errors."""
    stage = stage_of(target)
    names = {parameter_of(stage, name): name for name in (*OF_SLACK, *OF_THE_PAGES)}
    kept = target.client("ssm").get_parameters(Names=list(names), WithDecryption=True)["Parameters"]
    return replace(unlocked(target), secrets={names[one["Name"]]: one["Value"] for one in kept})


def unlocked(target: Target) -> Around:
    """The same without its secrets. Raises botocore's errors."""
    found = target.client("cloudformation").describe_stacks(StackName=target.stack)["Stacks"][0]
    return Around(target, {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])})


def stage_of(target: Target) -> Stage:
    """The stage of a stack, by its name."""
    return stage_named(target.stack.removeprefix(PREFIX))


def parameter_of(stage: Stage, secret: str) -> str:
    """The name of the SSM parameter in which the functions look for a secret."""
    if secret in OPTIONAL:
        return f"{stage.action_secrets}/{secret}"
    return f"{stage.web_secrets if secret in OF_THE_PAGES else stage.slack_secrets}/{secret}"


def keep_secret(target: Target, name: str, value: str) -> str:
    """Put a secret where the functions look for it; returns the parameter's name. Raises botocore's errors."""
    parameter = parameter_of(stage_of(target), name)
    target.client("ssm").put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
    return parameter
