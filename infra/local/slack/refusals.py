"""How Slack says no.

Knows its word, the details that come with it, and how both are written. Refuses to know why.
"""

from __future__ import annotations

from infra.local.slack.wire import Json


class Refusal(Exception):
    """Slack says no: *error* is its word for it, *messages* or *details* say where, *more* stands beside them."""

    def __init__(
        self, error: str, messages: list[str] | None = None, *, details: list[dict[str, str]] | None = None, **more: str
    ) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.details = details or []
        self.more = more

    def answer(self) -> Json:
        """Return the body that a method answers with."""
        said: Json = {"ok": False, "error": self.error, **self.more}
        if self.details:
            said["errors"] = self.details
        if self.messages:
            said["errors"] = self.messages
            said["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return said
