"""Notices that failed, as what they are: which one, for whom, and whether waiting helps. No behaviour beyond that."""

from collections.abc import Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.calling import PACED
from deadair.adapters.slack.client import SlackFailed
from deadair.domain.errors import NotFound, Unavailable
from deadair.domain.ownership import Person


@dataclass(frozen=True, slots=True)
class Failed:
    """One notice that was not brought. `person` is whom it was for; None: a channel, or nobody in particular.

    `is_news`: it says what nobody has been told; otherwise a message that is there could not be edited.
    """

    name: str
    error: Exception
    person: Person | None = None
    is_news: bool = True

    @property
    def is_slacks(self) -> bool:
        """Whether it is Slack that did not take it: then there is another way."""
        return isinstance(self.error, SlackFailed)

    @property
    def is_expected(self) -> bool:
        """Whether it is a neighbour's failure, and not a fault of ours."""
        return isinstance(self.error, Unavailable | NotFound | BotoCoreError | ClientError)

    @property
    def is_hopeless(self) -> bool:
        """Whether only a person can mend it."""
        return isinstance(self.error, SlackFailed) and self.error.permanent

    @property
    def is_only_waiting(self) -> bool:
        """Whether Slack was not even asked, because other messages of ours go first."""
        return self.word == PACED

    @property
    def word(self) -> str:
        """Slack's own word for it."""
        return self.error.error if isinstance(self.error, SlackFailed) else type(self.error).__name__

    @property
    def wait_s(self) -> int:
        """How long Slack wants us to wait; 0: it did not say."""
        return self.error.retry_after_s if isinstance(self.error, SlackFailed) else 0


class NoticesFailed(Unavailable):
    """Some notices of an incident were not brought; the others were."""

    def __init__(self, number: int, failures: Sequence[Failed]) -> None:
        told = ", ".join(f"{failed.name} ({failed.word})" for failed in failures)
        super().__init__(f"Notices of INC-{number} were not brought: {told}.")
        self.number = number
        self.failures = tuple(failures)
