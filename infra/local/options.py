"""What one may choose about a local stack: its folder, its ports, its rhythm. No behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

STAGE = "local"
STACK_NAME = "Deadair-local"
REGION = "us-east-1"
ACCOUNT = "000000000000"

Progress = Callable[[str], None]


def silent(_message: str) -> None:
    """The progress listener of tests and of callers that draw their own picture."""


@dataclass(frozen=True)
class Ports:
    """Where the three servers listen, all on 127.0.0.1."""

    aws: int = 4566
    web: int = 8080
    slack: int = 8081

    def flags(self) -> tuple[tuple[int, str], ...]:
        """Every port with the flag that moves it."""
        return (self.aws, "--aws-port"), (self.web, "--web-port"), (self.slack, "--slack-port")


@dataclass(frozen=True)
class Options:
    """One local stack. `cloud_assembly` replaces the synthesised CDK app (tests use a small one).

    `patience_s`: so long a new alarm may be without data before it rings. `traffic`: whether every integration that
    expects records is played; without it, only those that somebody breaks or mends.
    """

    state_dir: Path = Path(".deadair")
    ports: Ports = field(default_factory=Ports)
    cloud_assembly: Path | None = None
    save_every_s: float = 10.0
    evaluate_every_s: float = 2.0
    patience_s: float = 20.0
    traffic: bool = False

    @property
    def endpoint(self) -> str:
        """The address of the embedded AWS."""
        return f"http://127.0.0.1:{self.ports.aws}"

    @property
    def web_url(self) -> str:
        """The one address of the web pages and the HTTP API."""
        return f"http://localhost:{self.ports.web}"

    @property
    def slack_url(self) -> str:
        """The address of the local Slack."""
        return f"http://localhost:{self.ports.slack}"
