"""The error lines of a log group, asked of CloudWatch Logs within bounds.

Knows FilterLogEvents, its pages and its refusals, and how long a batch of questions may take. Refuses to know what a
line means, and to fail: a group that cannot be read leaves a note instead of lines.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# One expression of the kind that the service takes: no groups, no spaces, at most 1,024 characters. What is an error
# is decided by who reads the lines; this only keeps the rest of a log from being sent.
WORTH_SENDING = (
    "%[Ee]rr|ERR|[Ee]xcep|[Ff]ail|FAIL|[Ff]atal|FATAL|CRITICAL|[Ww]arn|WARN|[Dd]enied|DENIED|[Rr]efused|REFUSED|[Rr]eject"
    "|[Tt]imed|[Tt]imeout|TIMEOUT|TIMEDOUT|nauthori|NAUTHORI|[Ff]orbidden|FORBIDDEN|[Ii]nvalid|INVALID|[Ee]xpired|EXPIRED"
    "|[Rr]evoked|[Tt]hrottl|LIMIT|[Ll]imit|[Tt]oo.many|[Mm]ismatch|[Dd]eprecated|[Uu]nable|[Ss]ignature|[Nn]othing"
    "|[Ss]tatus.{0,12}[45][0-9][0-9]|HTTP.{0,10}[45][0-9][0-9]%"
)
LINES_A_PAGE, PAGES = 1000, 3
# One group, and all groups of a batch: the room has two minutes.
GROUP_S, BATCH_S = 6.0, 20.0
LINE_READ = 8000


@dataclass(frozen=True, slots=True)
class Lines:
    """Error lines, oldest first, and why there are none or not all, in words; empty when there is nothing to say."""

    texts: tuple[str, ...] = ()
    note: str = ""


class LogReader:
    """`client` is a low-level client of CloudWatch Logs. `ticks` counts seconds and never goes back."""

    def __init__(self, client: Any, ticks: Callable[[], float] = time.monotonic) -> None:
        self._client, self._ticks = client, ticks
        self._until = float("inf")

    def begin(self) -> None:
        """A new batch of questions."""
        self._until = self._ticks() + BATCH_S

    def errors(self, group: str, start: datetime, end: datetime) -> Lines:
        """The lines of that stretch that may be errors: at most three pages, for at most six seconds."""
        until = min(self._until, self._ticks() + GROUP_S)
        found: list[str] = []
        token: dict[str, str] = {}
        for _ in range(PAGES):
            if self._ticks() >= until:
                return Lines(tuple(found), "The logs were not read to the end: it took too long.")
            try:
                page = self._page(group, start, end, token)
            except (BotoCoreError, ClientError) as error:
                return Lines(tuple(found), _note(group, error))
            found += [event["message"][:LINE_READ] for event in page["events"]]
            if "nextToken" not in page:
                return Lines(tuple(found))
            token = {"nextToken": page["nextToken"]}
        return Lines(tuple(found), f"There is more in the logs than the {len(found)} lines that were read.")

    def _page(self, group: str, start: datetime, end: datetime, token: dict[str, str]) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.filter_log_events(
            logGroupName=group,
            startTime=int(start.timestamp() * 1000),
            endTime=int(end.timestamp() * 1000),
            filterPattern=WORTH_SENDING,
            limit=LINES_A_PAGE,
            **token,
        )
        return answer


def _note(group: str, error: Exception) -> str:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        return f"There is no log group {group} in this account and region."
    if code in {"AccessDeniedException", "AccessDenied"}:
        return f"Deadair may not read the log group {group}."
    return "CloudWatch Logs did not answer."
