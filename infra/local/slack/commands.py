"""What a person types, as Slack tells it to the app, and what may be done with the answer.

Knows the form of a slash command, the kinds of answer to it, and the response address that lives on after it. Refuses
to know verbs: the text goes to the app as it was typed, escaped as `should_escape` says.
"""

from __future__ import annotations

import json
import re

from infra.local.slack.app_link import Answer
from infra.local.slack.channels import CHANNELS, Channel
from infra.local.slack.desk import Desk
from infra.local.slack.escaping import entities, escape
from infra.local.slack.events import Events
from infra.local.slack.installed import COMMAND
from infra.local.slack.people import APP_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, Person
from infra.local.slack.refusals import Refusal
from infra.local.slack.store import Message
from infra.local.slack.wire import Json
from infra.local.slack.workspace import MOST_TEXT, Draft, check_draft

_LABEL = re.compile(r"<([@#][A-Z0-9]+)\|[^<>]*>")


class Commands:
    """The line at the foot of the page."""

    def __init__(self, desk: Desk, events: Events) -> None:
        self._desk = desk
        self._events = events
        self._workspace = desk.workspace

    async def say(self, user: str, channel_id: str, text: str, thread_ts: str | None = None) -> Json:
        """Do what Slack does with a line that *user* typed: send a command, or post the words."""
        person, channel = self._desk.who_and_where(user, channel_id)
        if text.startswith("/"):
            return await self.command(user, channel_id, text, thread_ts)
        names, rooms = self._workspace.names(), {c.name: c.id for c in CHANNELS}
        # Only in a command does Slack write the name beside the id.
        words = _LABEL.sub(r"<\1>", escape(text, names, rooms))
        said = self._workspace.post(channel, person.id, Draft(words, thread_ts=thread_ts))
        await self._events.said(said)
        return {"ts": said.ts}

    async def command(self, user: str, channel_id: str, text: str, thread_ts: str | None = None) -> Json:
        """Send a slash command and show *user* the answer. A bare *text* means `/incident` with that text."""
        person, channel = self._desk.who_and_where(user, channel_id)
        command, _, words = text.strip().partition(" ") if text.startswith("/") else (COMMAND, "", text)
        if command != COMMAND:
            note = f"`{entities(command)}` is not a command here. The only one is `{COMMAND}`; try `{COMMAND} help`."
            return {"ok": False, "ts": self._workspace.tell(user, channel, note).ts}
        if self._desk.grant.dead == "account_inactive" or "commands" not in self._desk.grant.scopes:
            note = f"`{COMMAND}` is not a command here: Deadair is not installed, or not for commands."
            return {"ok": False, "ts": self._workspace.tell(user, channel, note).ts}
        if thread_ts:
            note = f"`{COMMAND}` does not work in a thread: Slack sends no command from there. Use it in the channel."
            return {"ok": False, "ts": self._workspace.tell(user, channel, note).ts}
        hook = self._workspace.hook(person.id, channel)
        answer = await self._desk.link.command(self._command_fields(person, channel, words.strip(), hook.id))
        if answer.error:
            return self._failed(person, channel, command, answer.error)
        return self._answered(person, channel, command, answer)

    def _command_fields(self, person: Person, channel: Channel, words: str, hook_id: str) -> dict[str, str]:
        rooms = {c.name: c.id for c in CHANNELS}
        return {
            "token": self._desk.token,
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": person.id,
            "user_name": person.handle,
            "command": COMMAND,
            "text": escape(words, self._workspace.names(), rooms),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": f"{self._desk.url}/hooks/{hook_id}",
            "trigger_id": self._desk.views.trigger(person.id),
        }

    def _failed(self, person: Person, channel: Channel, command: str, error: str) -> Json:
        note = f'{command} failed with the error "{error}"'
        return {"ok": False, "error": error, "ts": self._workspace.tell(person.id, channel, note).ts}

    def _answered(self, person: Person, channel: Channel, command: str, answer: Answer) -> Json:
        if not answer.body.strip():
            return {"ok": True}
        text = answer.body.decode("utf-8", "replace")
        reply: object = {"text": text}
        if "json" in answer.content_type or text.lstrip().startswith("{"):
            try:
                reply = json.loads(text)
            except ValueError:
                return self._failed(person, channel, command, "invalid_command_response")
        try:
            return {"ok": True, **self._show(person.id, channel, None, reply)}
        except Refusal as refusal:
            self._desk.warn(f"the answer to {command} was refused: {refusal.error} {' '.join(refusal.messages)}")
            return self._failed(person, channel, command, "invalid_command_response")

    def answer_hook(self, hook_id: str, reply: object) -> Json:
        """Take what the app sends to a response address; raise Refusal when Slack would refuse it."""
        hook = self._workspace.spend_hook(hook_id)
        original = self._workspace.store.message(hook.channel, hook.message_ts) if hook.message_ts else None
        return self._show(hook.user, self._workspace.channel(hook.channel), original, reply)

    def _show(self, user: str, channel: Channel, original: Message | None, reply: object) -> Json:
        if not isinstance(reply, dict):
            raise Refusal("invalid_payload")
        if original and reply.get("delete_original"):
            self._workspace.delete(original)
            return {}
        blocks = reply.get("blocks")
        thread_ts = reply.get("thread_ts")
        draft = Draft(str(reply.get("text") or ""), blocks, str(thread_ts) if thread_ts else None)
        check_draft(draft, MOST_TEXT, total=False)
        if original and reply.get("replace_original"):
            return {"ts": self._workspace.edit(original, draft).ts}
        seen_by = None if reply.get("response_type") == "in_channel" else user
        return {"ts": self._workspace.post(channel, BOT_USER_ID, draft, ephemeral_to=seen_by).ts}
