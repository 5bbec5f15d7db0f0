"""The way to the diagnosis: a message that names an incident, which is looked at again.

Knows the text of the message. Refuses to know what is found.
"""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable


class DiagnosisQueue:
    """The queue. `client` is a low-level SQS client; without an address nobody is told."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def look_again(self, number: int) -> None:
        """Have an incident looked at again. Raises Unavailable."""
        if not self._url:
            return
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps({"incident": number}))
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The diagnosis queue did not answer.") from error
