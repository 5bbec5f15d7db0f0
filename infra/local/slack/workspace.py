"""The workspace: channels, direct messages, messages and what may be done with them.

Knows who is in which conversation, gives every message its `ts`, enforces what Slack refuses about a message, and tells
the open pages that something changed. Refuses to know HTTP and the app behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.local.slack.blocks import MOST_TEXT_IN_BLOCKS, check_blocks, text_in, with_ids
from infra.local.slack.channels import CHANNELS, Channel, dm_of
from infra.local.slack.hooks import Hook
from infra.local.slack.people import BOT, BOT_USER_ID, SLACKBOT, SLACKBOT_ID, Person, names_of
from infra.local.slack.refusals import Refusal
from infra.local.slack.store import Message, Store
from infra.local.slack.wire import Json

Clock = Callable[[], datetime]

# postMessage takes 40,000 characters (Slack cuts the rest off; here that loss is an error); update documents 4,000 and
# msg_too_long. A response address: five answers in thirty minutes.
MOST_TEXT = 40_000
MOST_TEXT_OF_UPDATE = 4_000
HOOK_LIFE = timedelta(minutes=30)
HOOK_USES = 5
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


@dataclass(frozen=True)
class Draft:
    """What somebody wants to say."""

    text: str = ""
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    metadata: Json | None = None


class Workspace:
    """Everything that the page shows and the methods change."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.revision = 0
        self.closing = False
        self._changed = asyncio.Event()
        self._last_micros = _micros_of(store.newest_ts())

    def touch(self) -> None:
        """Tell every open page that something changed."""
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def close(self) -> None:
        """Let go of everybody who waits for a change."""
        self.closing = True
        self.touch()

    def open(self) -> None:
        """Let people wait for changes again."""
        self.closing = False
        self.touch()

    async def changed(self, since: int, patience: float) -> int:
        """Wait until something changed after *since*, at most *patience* seconds; return the revision."""
        if self.revision <= since:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), patience)
        return self.revision

    def people(self) -> list[Person]:
        """Return everybody who is no bot."""
        return self.store.people()

    def person(self, user_id: str) -> Person:
        """Return a person or a bot; raise Refusal `user_not_found`."""
        for person in (BOT, SLACKBOT, *self.store.people()):
            if person.id == user_id:
                return person
        raise Refusal("user_not_found")

    def names(self) -> dict[str, Person]:
        """Return who is meant by each name after an `@`."""
        return names_of([BOT, *self.people()])

    def add_person(self, person: Person) -> None:
        """Add or replace *person*."""
        self.store.put_person(person)
        self.touch()

    def dm(self, user_id: str) -> Channel:
        """Return the direct messages between the app and a person; raise Refusal `user_not_found`."""
        person = self.person(user_id)
        if person.is_bot:
            raise Refusal("user_not_found")
        return Channel(dm_of(person.id), "directmessage", person=person.id)

    def channel(self, wanted: str) -> Channel:
        """Return the conversation with that id, or channel with that name; raise Refusal `channel_not_found`."""
        for channel in CHANNELS:
            if wanted in (channel.id, channel.name, "#" + channel.name):
                return channel
        for person in self.people():
            if wanted == dm_of(person.id):
                return self.dm(person.id)
        raise Refusal("channel_not_found")

    def target(self, wanted: str) -> Channel:
        """Return where the app posts when it says *wanted* (a person's id means their direct messages)."""
        if any(person.id == wanted for person in self.people()):
            return self.dm(wanted)
        channel = self.channel(wanted)
        if not channel.app_is_member:
            raise Refusal("not_in_channel")
        return channel

    def post(self, channel: Channel, user: str, draft: Draft, ephemeral_to: str | None = None) -> Message:
        """Post a message and return it; raise Refusal when Slack would."""
        check_draft(draft, MOST_TEXT)
        if draft.thread_ts and self.store.message(channel.id, draft.thread_ts) is None:
            raise Refusal("thread_not_found")
        message = Message(
            channel=channel.id,
            ts=self._next_ts(),
            user=user,
            text=draft.text,
            blocks=with_ids(draft.blocks or []),
            thread_ts=draft.thread_ts,
            ephemeral_to=ephemeral_to,
            metadata=draft.metadata,
        )
        self.store.put_message(message)
        self.touch()
        return message

    def edit(self, message: Message, draft: Draft) -> Message:
        """Give *message* another wording; the earlier one is kept. A part that *draft* leaves out goes."""
        blocks = with_ids(draft.blocks) if draft.blocks is not None else []
        edited = replace(message, text=draft.text, blocks=blocks, edited_ts=self._next_ts())
        if draft.metadata is not None:
            edited = replace(edited, metadata=draft.metadata)
        self.store.edit_message(message, edited)
        self.touch()
        return edited

    def delete(self, message: Message) -> None:
        """Take *message* off every page."""
        self.store.edit_message(message, replace(message, deleted=True, edited_ts=self._next_ts()))
        self.touch()

    def app_message(self, channel: Channel, ts: str, *, else_word: str = "cant_update_message") -> Message:
        """Return a message that the app may change; raise Refusal as `chat.update` does, or with *else_word*."""
        message = self.store.message(channel.id, ts)
        if message is None or message.ephemeral_to:
            raise Refusal("message_not_found")
        if message.user != BOT_USER_ID:
            raise Refusal(else_word)
        return message

    def react(self, message: Message, name: str, user: str) -> bool:
        """Add a reaction; return whether it is new. Raise Refusal for what is no emoji's name."""
        if not _EMOJI.fullmatch(name):
            raise Refusal("invalid_name")
        done = self.store.reactions.add(message.channel, message.ts, name, user, self.clock().timestamp())
        self.touch()
        return done

    def unreact(self, message: Message, name: str, user: str) -> bool:
        """Take a reaction away; return whether it was there."""
        done = self.store.reactions.remove(message.channel, message.ts, name, user)
        self.touch()
        return done

    def tell(self, user: str, channel: Channel, text: str) -> Message:
        """Show *user* a line of the workspace's own in *channel*."""
        return self.post(channel, SLACKBOT_ID, Draft(text), ephemeral_to=user)

    def hook(self, user: str, channel: Channel, message_ts: str | None = None) -> Hook:
        """Make a response address."""
        expires = (self.clock() + HOOK_LIFE).timestamp()
        hook = Hook(secrets.token_urlsafe(18), user, channel.id, message_ts, expires)
        self.store.hooks.put(hook)
        return hook

    def spend_hook(self, hook_id: str) -> Hook:
        """Use a response address once; raise Refusal when it is unknown, spent or too old."""
        hook = self.store.hooks.use(hook_id)
        if hook is None:
            raise Refusal("invalid_url")
        if self.clock().timestamp() > hook.expires:
            raise Refusal("expired_url")
        if hook.uses >= HOOK_USES:
            raise Refusal("used_url")
        return hook

    def _next_ts(self) -> str:
        """Return a ts later than every one before it, whatever the clock did."""
        now = int(self.clock().timestamp() * 1_000_000)
        self._last_micros = max(now, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"


def _micros_of(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros) if seconds else 0


def check_draft(draft: Draft, most_text: int, *, total: bool = True) -> None:
    """Raise Refusal when Slack would refuse *draft*; *total* also limits the text of all blocks together."""
    if not draft.text and not draft.blocks:
        raise Refusal("no_text")
    if len(draft.text) > most_text:
        raise Refusal("msg_too_long")
    problems = check_blocks(draft.blocks or [], "message")
    if problems:
        raise Refusal("invalid_blocks", problems)
    if total and text_in(draft.blocks or []) > MOST_TEXT_IN_BLOCKS:
        raise Refusal("msg_blocks_too_long")
