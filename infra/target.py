"""The stack that a command works on: the running local one, or a deployed one by profile and stack name.

Knows addresses, outputs and how to make boto3 clients. Refuses to know any table, queue or page.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import psutil
from botocore.config import Config

from infra.local.errors import NoStack
from infra.local.layout import Layout

# The embedded AWS takes any; these are the ones that its own functions use too.
LOCAL_KEY = LOCAL_SECRET = "test"  # noqa: S105 - no secret


class Clients:
    """boto3 clients of one target, each made once. Thread-safe to use, as boto3 clients are; make them early."""

    def __init__(self, session: boto3.Session, endpoint: str | None, agent: str = "deadair") -> None:
        self._session, self.endpoint, self._agent = session, endpoint, agent
        self._made: dict[str, Any] = {}

    def get(self, service: str) -> Any:
        """The client of that AWS service."""
        if service not in self._made:
            config = Config(user_agent_extra=self._agent, max_pool_connections=32)
            self._made[service] = self._session.client(service, endpoint_url=self.endpoint, config=config)  # type: ignore[call-overload]
        return self._made[service]


def local_clients(endpoint: str, region: str, agent: str = "deadair") -> Clients:
    """Clients of an embedded AWS; the operator's own AWS settings play no part."""
    session = boto3.Session(LOCAL_KEY, LOCAL_SECRET, region_name=region)
    return Clients(session, endpoint, agent)


@dataclass(frozen=True)
class Target:
    """One Deadair stack, wherever it runs. `web` and `slack` are empty strings where nobody serves them."""

    stack: str
    region: str
    account: str
    outputs: dict[str, str]
    web: str
    slack: str
    endpoint: str | None = None
    profile: str | None = None
    pid: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """True for a stack on this machine."""
        return self.endpoint is not None

    @cached_property
    def clients(self) -> Clients:
        """boto3 clients for this stack."""
        if self.endpoint is not None:
            return local_clients(self.endpoint, self.region)
        return Clients(boto3.Session(profile_name=self.profile, region_name=self.region), None)

    def client(self, service: str) -> Any:
        """The boto3 client of that AWS service."""
        return self.clients.get(service)


def find_stack(state_dir: Path | None = None) -> Target:
    """The local stack that runs on this state directory; without one, `.deadair` here or in a folder above.

    Raises NoStack when none runs there.
    """
    for folder in [state_dir] if state_dir else _candidates():
        file = Layout(folder).stack_file
        # A killed run leaves its card behind; nobody answers at that address.
        if file.exists() and psutil.pid_exists((target := read_card(file)).pid):
            return target
    where = state_dir or Path(".deadair")
    raise NoStack(f"No local stack runs on {where}. Start one with `make up`, or name a deployed one with --stack.")


def read_card(file: Path) -> Target:
    """Read the address card that the supervisor wrote."""
    return target_of(json.loads(file.read_text(encoding="utf-8")))


def target_of(card: dict[str, Any]) -> Target:
    """The local stack of an address card. `extra` has the doors of its traffic."""
    return Target(
        stack=card["stack"],
        region=card["region"],
        account=card["account"],
        outputs=card["outputs"],
        web=card["web"],
        slack=card["slack"],
        endpoint=card["endpoint"],
        pid=card["pid"],
        extra={"traffic": card.get("traffic", "")},
    )


def deployed_stack(stack: str, profile: str | None = None, region: str | None = None) -> Target:
    """A stack in an AWS account, by its CloudFormation outputs.

    Raises NoStack when the account has no such stack; botocore's own errors say what is wrong with the credentials.
    """
    session = boto3.Session(profile_name=profile, region_name=region)
    cloudformation = session.client("cloudformation")
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except cloudformation.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise NoStack(f"There is no stack {stack} in {session.region_name}. Deploy it with `make deploy`.") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    return Target(
        stack=stack,
        region=session.region_name or "",
        account=found["StackId"].split(":")[4],
        outputs=outputs,
        web=outputs.get("HttpApiUrl", "").rstrip("/"),
        slack="",
        profile=profile,
    )


def _candidates() -> list[Path]:
    here = Path.cwd()
    return [folder / ".deadair" for folder in (here, *here.parents)]
