"""Block Kit as small pure functions that keep Slack's limits whatever they are given.

Knows shapes and limits (source: the validators of slack_sdk and Slack's reference of blocks). Refuses to know
incidents. Text for mrkdwn places is `Mrkdwn`; anything else is escaped on the way in.
"""

from collections.abc import Sequence
from typing import Any

from deadair.adapters.slack.mrkdwn import cut, cut_markup, escape

Block = dict[str, Any]

HEADER = 150
SECTION = 3000
FIELD = 2000
FIELDS = 10
CONTEXT_ELEMENTS = 10
BUTTONS = 25
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
ACTION_ID = 255
ADDRESS = 3000
OPTIONS = 5
OPTION_LABEL = 75
OPTION_VALUE = 150
BLOCKS = 50
# Slack cuts a message's plain text beyond this.
FALLBACK = 3000


def header(text: str) -> Block:
    """A title. Plain text: nothing in it is markup."""
    return {"type": "header", "text": _plain(text or "…", HEADER)}


def section(text: str, limit: int = SECTION) -> Block:
    """A paragraph of at most `limit` characters."""
    return {"type": "section", "text": _mrkdwn(text, limit)}


def fields(pairs: Sequence[tuple[str, str]], limit: int = FIELD) -> Block:
    """Two columns of label over value; pairs beyond the tenth are left out."""
    return {"type": "section", "fields": [_field(label, value, limit) for label, value in pairs[:FIELDS]]}


def context(*texts: str) -> Block:
    """Small print; empty texts are left out."""
    shown = [text for text in texts if text][:CONTEXT_ELEMENTS]
    return {"type": "context", "elements": [_mrkdwn(text, SECTION) for text in shown]}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons[:BUTTONS])}


def button(label: str, action_id: str, value: str = "", *, primary: bool = False, url: str = "") -> Block:
    """A button that sends `value` back, or opens `url`."""
    made: Block = {"type": "button", "text": _plain(label, BUTTON_LABEL), "action_id": action_id[:ACTION_ID]}
    if value:
        made["value"] = value[:BUTTON_VALUE]
    if url:
        made["url"] = url[:ADDRESS]
    if primary:
        made["style"] = "primary"
    return made


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """What stands under `…`; options beyond the fifth are left out."""
    return {"type": "overflow", "action_id": action_id[:ACTION_ID], "options": list(options[:OPTIONS])}


def option(label: str, value: str, *, url: str = "") -> Block:
    """One line under `…`, which sends `value` back and opens `url`, if there is one."""
    made: Block = {"text": _plain(label, OPTION_LABEL), "value": value[:OPTION_VALUE]}
    return made | {"url": url[:ADDRESS]} if url else made


def fallback(text: str) -> str:
    """The message in one plain line, for notifications and screen readers. Slack reads markup in it: escaped."""
    return cut_markup(escape(text), FALLBACK)


def _field(label: str, value: str, limit: int) -> Block:
    return _mrkdwn(f"*{escape(label)}*\n{escape(value) or '—'}", limit, markup=True)


def _mrkdwn(text: str, limit: int, *, markup: bool = False) -> Block:
    shown = text if markup else escape(text)
    return {"type": "mrkdwn", "text": cut_markup(shown or "…", limit)}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(" ".join(text.split()) or "…", limit), "emoji": False}
