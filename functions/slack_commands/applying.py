"""What was kept is worked when the store answers again, by the same doors, and the person hears what became of it.

Knows that a person's requests go in the order in which they came, and that an answer which Slack does not take holds up
no request. Refuses to give up: what fails comes again, later and later, until the queue takes it to the dead letters.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.blocks import BLOCKS, Block, fallback, section
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, escape, instant, lines_of
from deadair.adapters.slack.phrases import say
from deadair.adapters.sqs.kept import KeptAnswer, KeptQueue, KeptRequest, kept_from
from deadair.domain.alarm import digest
from deadair.domain.errors import Unavailable
from slack_commands import events
from slack_commands.events import Request, json_from
from slack_commands.payloads import list_in, object_in, text_in
from slack_commands.room import Room
from slack_commands.routes import DOORS

# Before the second, third, … delivery.
DELAYS_S = (5, 10, 20, 30, 60, 120, 300)
# Slack takes answers at a response address for half an hour.
ADDRESS_LIVES = timedelta(minutes=29)
# Nobody is there any more to be told.
NOBODY = frozenset({"account_disabled", "cannot_dm_bot", "user_disabled", "user_not_found", "user_not_visible"})
NOTICE = "kept"

log = logging.getLogger(f"deadair.{__name__}")


@dataclass(frozen=True, slots=True)
class Applier:
    """`clock` gives aware UTC instants."""

    room: Room
    queue: KeptQueue
    clock: Callable[[], datetime]

    def work(self, event: dict[str, Any]) -> list[str]:
        """Work a batch of SQS records; returns the ids of those that must come again."""
        failed: list[str] = []
        for record in event["Records"]:
            # After one that failed, the rest waits: the order is the person's.
            if failed or not self._worked(record):
                failed.append(str(record["messageId"]))
        return failed

    def _worked(self, record: dict[str, Any]) -> bool:
        deliveries = int(record.get("attributes", {}).get("ApproximateReceiveCount", "1"))
        try:
            told = kept_from(str(record["body"]))
            answer = told if isinstance(told, KeptAnswer) else self.applied(told)
            if answer is not None:
                asked = isinstance(told, KeptRequest)
                # An answer that waited may have been said meanwhile, by the request that came again.
                self._say(answer, asked=asked, again=deliveries > 1 or not asked)
        except Exception as failure:
            log.warning(
                "what was kept waits on: %s", failure, exc_info=not isinstance(failure, Unavailable), extra=_of(record)
            )
            self._later(record, deliveries)
            return False
        return True

    def applied(self, kept: KeptRequest) -> KeptAnswer | None:
        """Work it as its door would have. None: there is nobody to tell. Raises Unavailable."""
        said: list[dict[str, Any]] = []

        def post(_address: str, body: dict[str, Any]) -> bool:
            said.append(body)
            return True

        room = replace(self.room, said_at=kept.at, post=post)
        request = Request(kept.path, {"x-slack-request-timestamp": kept.stamp}, kept.body)
        response = DOORS[kept.path.rstrip("/").rpartition("/")[2]](room, request, self.clock(), kept.ref)
        form = events.form_from(kept.body)
        payload = json_from(form.get("payload", "")) or {}
        body = _heard(json_from(response["body"]) or {}) or (said[-1] if said else {"text": say("answers.kept.quiet")})
        user = form.get("user_id") or text_in(object_in(payload, "user").get("id"))
        address = form.get("response_url") or text_in(payload.get("response_url"))
        key = digest(kept.path, kept.stamp, kept.body.decode("utf-8", "replace"))
        return KeptAnswer(user, address, body, kept.at, kept.ref, key) if user else None

    def _say(self, answer: KeptAnswer, *, asked: bool, again: bool) -> None:
        """Say it now. An answer of a request that Slack does not take now waits by itself."""
        try:
            self._said(answer, again=again)
        except Unavailable as failed:
            if not asked:
                raise
            log.warning("an answer waits: %s", failed)
            self.queue.keep_answer(answer)

    def _said(self, answer: KeptAnswer, *, again: bool) -> None:
        message = message_of(answer)
        lives = self.clock() - answer.at < ADDRESS_LIVES
        body = {"response_type": "ephemeral", "replace_original": False, "text": message.text}
        if (
            answer.response_url
            and lives
            and self.room.post(answer.response_url, body | {"blocks": list(message.blocks)})
        ):
            return
        self._said_directly(answer, message, again=again)

    def _said_directly(self, answer: KeptAnswer, message: Message, *, again: bool) -> None:
        """As a direct message, once: one that was tried before is looked for."""
        slack, wanted = self.room.slack(), {"notice": NOTICE, "request": answer.key}
        try:
            channel = slack.direct_channel(answer.user)
            if not again or not slack.find(channel, wanted, 0, answer.at):
                slack.post(channel, message, wanted | {"version": "1"})
        except Unavailable as failed:
            if getattr(failed, "error", "") not in NOBODY:
                raise
            log.error("nobody is there to be told what became of a request", extra={"user": answer.user})  # noqa: TRY400

    def _later(self, record: dict[str, Any], deliveries: int) -> None:
        """A wish, not a condition: without it the message comes when the queue thinks."""
        try:
            self.queue.later(str(record["receiptHandle"]), DELAYS_S[min(deliveries, len(DELAYS_S)) - 1])
        except (BotoCoreError, ClientError) as error:
            log.warning("the delay could not be set: %s", type(error).__name__)


def message_of(answer: KeptAnswer) -> Message:
    """What became of it, below what it was."""
    why = say("answers.kept.applied", at=instant(answer.at), ref=answer.ref)
    text = Mrkdwn(str(answer.body.get("text", "")))
    blocks: list[Block] = answer.body.get("blocks") or [section(text)]
    return Message(fallback(lines_of([why, text])), (section(why), *blocks)[:BLOCKS])


def _heard(body: dict[str, Any]) -> dict[str, Any]:
    """What the answer of a door says to its reader: a command's is said, a modal's stands in it; empty for neither."""
    if body.get("response_action") == "errors":
        return {"text": escape("\n".join(map(str, object_in(body, "errors").values())))}
    if body.get("response_action") == "update":
        blocks = list_in(object_in(body, "view"), "blocks")
        texts = [text_in(object_in(block, "text").get("text")) for block in blocks if isinstance(block, dict)]
        return {"text": "\n".join(filter(None, texts))}
    return body if body.get("text") else {}


def _of(record: dict[str, Any]) -> dict[str, str]:
    return {"message_id": str(record["messageId"])}
