"""How a message looks in what Slack says of it.

Knows the shape. Refuses to know where it is kept.
"""

from __future__ import annotations

from infra.local.slack.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from infra.local.slack.store import Message
from infra.local.slack.wire import Json


def permalink(url: str, channel: str, ts: str, thread_ts: str | None = None) -> str:
    """Return the address of one message on this workspace's page; a reply names its thread."""
    thread = f"?thread_ts={thread_ts}&cid={channel}" if thread_ts and thread_ts != ts else ""
    return f"{url}/archives/{channel}/p{ts.replace('.', '')}{thread}"


def message_object(
    message: Message,
    *,
    replies: list[Message] | None = None,
    reactions: list[Json] | None = None,
    metadata: bool = False,
) -> Json:
    """Return *message* as Slack's methods and payloads show it."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": TEAM_ID}
    if message.user == BOT_USER_ID:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    if reactions:
        shown["reactions"] = reactions
    if replies:
        users = sorted({reply.user for reply in replies})
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": users,
            "latest_reply": replies[-1].ts,
        }
    return shown
