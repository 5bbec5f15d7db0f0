"""What is sent to Slack: a message. No behaviour."""

from dataclasses import dataclass

from deadair.adapters.slack.blocks import Block


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text for notifications and screen readers, and blocks."""

    text: str
    blocks: tuple[Block, ...]
