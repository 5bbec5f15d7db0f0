"""An answer that Slack did not take where a button was pressed, as a direct message of the bot.

Knows the bot's way to one person. Refuses to try twice: a lost answer of Slack's may have been a message.
"""

from collections.abc import Callable
from typing import Any

from deadair.adapters.slack.blocks import BLOCKS, fallback, section
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of
from deadair.adapters.slack.phrases import say


def teller(slack: SlackClient) -> Callable[[str, dict[str, Any]], None]:
    """Tells a person, by their member id, what a button answered. Raises Unavailable."""

    def tell(user: str, body: dict[str, Any]) -> None:
        slack.post(slack.direct_channel(user), message_of(body), {})

    return tell


def message_of(body: dict[str, Any]) -> Message:
    """The answer, and why it comes this way."""
    why, text = say("answers.direct.why"), Mrkdwn(body["text"])
    shown = body.get("blocks") or [section(text)]
    return Message(fallback(lines_of([why, text])), (section(why), *shown)[:BLOCKS])
