"""The Web API methods of the room that people talk to: modals, Homes, messages for one person, one message read.

Knows that Slack waits for the room, so that each call has little time. Refuses to repeat any.
"""

from collections.abc import Callable
from typing import Any

from deadair.adapters.slack.client import SlackClient, SlackFailed
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.message import Message

# A trigger lives three seconds, and Slack waits as long for the answer to what was pressed.
TIMEOUT_S = 1.5
MOST_READ = 200
GONE = frozenset({"message_not_found", "thread_not_found", "channel_not_found", "not_in_channel", "missing_scope"})


class PromptSlack(SlackClient):
    """`token` is asked at each call, so that rotation works."""

    def __init__(self, base_url: str, token: Callable[[], str], *, renew: Callable[[], str] | None = None) -> None:
        super().__init__(base_url, token, TIMEOUT_S, renew=renew)

    def open(self, trigger: str, view: View) -> None:
        """Open a modal for whoever pressed or typed. Raises SlackFailed."""
        self._call("views.open", trigger_id=trigger, view=view)

    def publish(self, slack_id: str, view: View) -> None:
        """Show somebody their App Home. Raises SlackFailed."""
        self._call("views.publish", user_id=slack_id, view=view)

    def tell_only(self, channel: str, slack_id: str, message: Message, thread: str = "") -> None:
        """A message in a channel that one person sees. Raises SlackFailed."""
        place = {"thread_ts": thread} if thread else {}
        told: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        self._call("chat.postEphemeral", channel=channel, user=slack_id, **told, **place)

    def read(self, channel: str, ts: str) -> dict[str, Any] | None:
        """One message, wherever it stands, with its metadata; None when it is gone or may not be read."""
        try:
            answer = self._call(
                "conversations.replies", channel=channel, ts=ts, limit=MOST_READ, include_all_metadata=True
            )
        except SlackFailed as failed:
            if failed.error in GONE:
                return None
            raise
        found: list[dict[str, Any]] = [one for one in answer.get("messages") or [] if one.get("ts") == ts]
        return found[0] if found else None

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message; empty when Slack does not say: the words are worth more than their place."""
        try:
            return str(self._call("chat.getPermalink", channel=channel, message_ts=ts).get("permalink") or "")
        except SlackFailed:
            return ""
