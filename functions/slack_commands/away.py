"""The store cannot be reached while somebody waits: what was asked is kept, and worked when it answers again.

Knows which failures pass by themselves. Refuses to know where it is kept: see `keeping`.
"""

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable
from slack_commands.context import Reply

# A fault of ours: the same words would fail again.
OURS = frozenset({"ValidationException", "ResourceNotFoundException"})


class StoreAway(Unavailable):
    """It could not be worked now. `reply` is what the person reads where it cannot be kept either."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("The store did not answer.")
        self.reply = reply


def may_pass(error: BaseException) -> bool:
    """Whether it is AWS that did not answer, and may later."""
    cause = error if isinstance(error, BotoCoreError | ClientError) else error.__cause__
    if isinstance(cause, ClientError):
        return cause.response["Error"]["Code"] not in OURS
    return isinstance(cause, BotoCoreError)
