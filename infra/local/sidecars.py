"""Start the local Slack beside the embedded AWS. Knows how it is called, nothing of Slack."""

from typing import Protocol

from infra.local.layout import Layout
from infra.local.options import Options, Progress
from infra.local.secrets import Secrets


class Sidecar(Protocol):
    """Something that runs until it is stopped."""

    def stop(self) -> None:
        """End it and keep its state."""


def start_slack(options: Options, layout: Layout, secrets: Secrets, progress: Progress) -> Sidecar | None:
    """The local Slack, or None while it is not built in."""
    return None
