"""The Events API: what happened in the workspace, told to the app until it says that it heard.

Knows the envelope, which event is for which scope and channel, and Slack's three retries. Refuses to know what an event
means. Retries live in memory: a restart forgets them, as Slack gives up after some minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets

from infra.local.slack.app_link import Answer
from infra.local.slack.channels import dm_of
from infra.local.slack.desk import Desk
from infra.local.slack.people import APP_ID, BOT_USER_ID, TEAM_ID
from infra.local.slack.refusals import Refusal
from infra.local.slack.store import Message
from infra.local.slack.wire import Json

RETRY_AFTER_S = (0.0, 60.0, 300.0)  # nearly at once, after a minute, after five
_MENTION = re.compile(rf"<@{BOT_USER_ID}(\|[^>]*)?>")


class Events:
    """Everything that happens and that the app asked to hear."""

    def __init__(self, desk: Desk, retry_after_s: tuple[float, ...] = RETRY_AFTER_S) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._retry_after_s = retry_after_s
        self._retries: set[asyncio.Task[None]] = set()
        self._now = asyncio.Event()

    async def home_opened(self, user: str, tab: str = "home") -> Json:
        """Tell the app that *user* looks at its Home."""
        person = self._workspace.person(user)
        event = {"type": "app_home_opened", "user": user, "channel": dm_of(person.id), "tab": tab}
        home = self._workspace.store.homes().get(user)
        return await self.tell(event | ({"view": home} if home else {}))

    async def said(self, message: Message) -> None:
        """Tell the app when it is mentioned where it is a member; not in direct messages, as Slack does not."""
        channel = self._workspace.channel(message.channel)
        if channel.person or not channel.app_is_member or not _MENTION.search(message.text):
            return
        event = {"type": "app_mention", "user": message.user, "text": message.text, "ts": message.ts}
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        await self.tell({**event, **thread, "channel": channel.id, "team": TEAM_ID})

    async def react(self, user: str, channel_id: str, ts: str, name: str, *, away: bool = False) -> Json:
        """Add a reaction of *user*, or take it *away*, and tell the app where it is a member."""
        person, channel = self._desk.who_and_where(user, channel_id)
        message = self._workspace.store.message(channel.id, ts)
        if message is None or message.ephemeral_to:
            raise Refusal("message_not_found")
        done = (self._workspace.unreact if away else self._workspace.react)(message, name, person.id)
        if not done:
            raise Refusal("no_reaction" if away else "already_reacted")
        if not channel.app_is_member:
            return {}
        kind = "reaction_removed" if away else "reaction_added"
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        return await self.tell(
            {"type": kind, "user": person.id, "reaction": name, "item_user": message.user, "item": item}
        )

    async def revoke(self, *, uninstall: bool = False) -> Json:
        """Take the app's token away, or the app; it is told, and its calls are refused from now on."""
        kind = "app_uninstalled" if uninstall else "tokens_revoked"
        event: Json = {"type": kind} | ({} if uninstall else {"tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
        told = await self.tell(event)
        self._desk.grant.dead = "account_inactive" if uninstall else "token_revoked"
        return told

    async def tell(self, event: Json) -> Json:
        """Send one event; when the app does not take it, try again later. Return how the first try went."""
        if not self._desk.grant.hears(event["type"]):
            return {"ok": True, "heard": False}
        now = self._workspace.clock().timestamp()
        envelope = {
            "token": self._desk.token,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": {**event, "event_ts": f"{now:.6f}"},
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(now),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}],
            "is_ext_shared_channel": False,
        }
        answer = await self._desk.link.event(envelope)
        if answer.error and not answer.no_retry:
            task = asyncio.create_task(self._again(envelope, answer))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        return {"ok": False, "error": answer.error, "status": answer.status} if answer.error else {"ok": True}

    async def _again(self, envelope: Json, answer: Answer) -> None:
        for number, wait in enumerate(self._retry_after_s, 1):
            hurry = self._now
            if wait:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(hurry.wait(), wait)
            answer = await self._desk.link.event(envelope, retry=(number, answer.reason))
            if not answer.error or answer.no_retry or self._workspace.closing:
                return

    def hurry(self) -> int:
        """Send what waits for a retry now; return how many events that are."""
        waiting = len(self._retries)
        self._now.set()
        self._now = asyncio.Event()
        return waiting
