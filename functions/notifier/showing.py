"""A message in Slack: edited where it stands, found where its maker died, else posted.

Knows what one look at a message is worth. Refuses to know what it says and who is to see it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.message import Message
from notifier.drawing import Marks


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing of one notice: by what it is found again, the version that it shows, and what is sent.

    `since`: nothing of it can be older (aware, UTC).
    """

    wanted: dict[str, str]
    version: int
    message: Message
    since: datetime


def show(slack: SlackClient, channel: str, sheet: Sheet, before: Progress) -> Marks:
    """Bring it there and say where it is. An unchanged one costs no call."""
    look, ts = look_of(sheet.message), before.marks.get("ts", "")
    if ts and before.marks.get("look") == look:
        return {"channel": channel, "ts": ts, "look": look}
    if not ts and before.unfinished:
        ts = slack.find(channel, sheet.wanted, before.drawn, sheet.since)
    if not ts or not slack.update(channel, ts, sheet.message):
        ts = slack.post(channel, sheet.message, sheet.wanted | {"version": str(sheet.version)})
    return {"channel": channel, "ts": ts, "look": look}


def look_of(message: Message) -> str:
    """A digest of what is seen. A button's value is not: a version that grew is no reason to edit."""
    whole = json.dumps([message.text, _seen(message.blocks)], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _seen(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _seen(inner) for name, inner in node.items() if name != "value"}
    return [_seen(inner) for inner in node] if isinstance(node, list | tuple) else node
