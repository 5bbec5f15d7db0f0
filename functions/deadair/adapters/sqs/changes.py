"""Changes on their way to being kept: messages of the change queue, written and read.

Knows how many fit into a message and the text of one. Refuses to know whose changes they are.
"""

import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.changes import change_fields, change_of
from deadair.adapters.sqs.signals import MESSAGE_BYTES
from deadair.domain.change import Change
from deadair.domain.errors import Poison, Unavailable
from deadair.domain.portions import portions

# What tells our own messages from events of EventBridge.
MARK = "changes"


class ChangeQueue:
    """The queue. `client` is a low-level SQS client."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, changes: Iterable[Change]) -> None:
        """Queue them, in as few messages as they fit into.

        Raises Unavailable when SQS does not take one: whoever sends all of them again keeps none twice.
        """
        try:
            for some in portions(map(_text, changes), (MESSAGE_BYTES,), lambda text: (len(text) + 1,)):
                self._client.send_message(QueueUrl=self._url, MessageBody=f'{{"{MARK}":[{",".join(some)}]}}')
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The change queue did not answer.") from error


def changes_from(told: dict[str, Any]) -> list[Change]:
    """The changes of a message of ours. Raises Poison for what we never wrote."""
    try:
        return [change_of(one) for one in told[MARK]]
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise Poison("no_changes", f"The message holds no changes of ours: {type(odd).__name__}.") from odd


def _text(change: Change) -> str:
    """ASCII, so that its length is its size."""
    return json.dumps(change_fields(change), separators=(",", ":"))
