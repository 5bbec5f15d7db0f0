"""The way to the diagnosis: a message that names an incident, which is looked at again.

Knows the text of the message. Refuses to know what is found.
"""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable


class DiagnosisQueue:
    """The queue. `client` is a low-level SQS client."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def look_again(self, number: int) -> None:
        """Have an incident looked at again now, however shortly ago it was. Raises Unavailable."""
        self._send({"incident": number}, 0)

    def look_later(self, number: int, seconds: int) -> None:
        """Have an incident looked at after so long, at most 900, unless it just was. Raises Unavailable."""
        self._send({"incident": number, "later": True}, seconds)

    def _send(self, message: dict[str, Any], seconds: int) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=seconds)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The diagnosis queue did not answer.") from error
