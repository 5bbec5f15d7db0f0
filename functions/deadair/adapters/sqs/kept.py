"""Requests of people that could not be worked while they waited: messages of the kept queue, written and read.

Knows that the requests of one person stay in their order, and that the same request sent twice is kept once. Refuses
to know what a request asks for.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.alarm import digest
from deadair.domain.errors import Poison, Unavailable


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """What somebody sent: its path, its raw bytes, the time stamp that was signed with it, and when it came."""

    path: str
    body: bytes
    stamp: str
    at: datetime
    ref: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What became of it, for the person with that member id. `key` is the same at each attempt to say it."""

    user: str
    response_url: str
    body: dict[str, Any]
    at: datetime
    ref: str
    key: str


class KeptQueue:
    """The queue, which keeps the order within a group. `client` is a low-level SQS client."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def keep(self, request: KeptRequest, user: str) -> None:
        """Keep a request behind that person's earlier ones. Raises Unavailable."""
        told = {
            "path": request.path,
            "body": base64.b64encode(request.body).decode(),
            "stamp": request.stamp,
            "at": request.at.isoformat(),
            "ref": request.ref,
        }
        key = digest(f"{request.path} {request.stamp} {told['body']}")
        self._send({"request": told}, f"of-{digest(user)}", key)

    def keep_answer(self, answer: KeptAnswer) -> None:
        """Keep an answer that Slack did not take: it waits alone and holds up no request. Raises Unavailable."""
        told = {
            "user": answer.user,
            "response_url": answer.response_url,
            "body": answer.body,
            "at": answer.at.isoformat(),
            "ref": answer.ref,
            "key": answer.key,
        }
        self._send({"answer": told}, f"answer-{answer.key}", f"answer-{answer.key}")

    def _send(self, told: dict[str, Any], group: str, key: str) -> None:
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(told),
                MessageGroupId=group[:128],
                MessageDeduplicationId=key[:128],
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The kept queue did not take the request.") from error

    def later(self, receipt: str, seconds: int) -> None:
        """Deliver a message after so long instead of the queue's own time. Raises botocore's errors."""
        self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def kept_from(body: str) -> KeptRequest | KeptAnswer:
    """What a message of ours keeps. Raises Poison for what we never wrote."""
    try:
        told = json.loads(body)
        if "answer" in told:
            found = told["answer"]
            return KeptAnswer(**(found | {"at": datetime.fromisoformat(found["at"])}))
        found = told["request"]
        raw, at = base64.b64decode(found["body"], validate=True), datetime.fromisoformat(found["at"])
        return KeptRequest(**(found | {"body": raw, "at": at}))
    except (KeyError, TypeError, ValueError, binascii.Error) as odd:
        raise Poison("nothing_kept", f"The message keeps nothing of ours: {type(odd).__name__}.") from odd
