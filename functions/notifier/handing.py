"""Messages whose readers have the incident no more: set aside while somebody else is told, and edited afterwards.

Knows that telling the new person goes first, and that what was set aside stays until it is edited. Refuses to know
what is said.
"""

from collections.abc import Iterator, Mapping

from deadair.adapters.dynamodb.notices import NoticeStore, Progress
from deadair.adapters.slack.client import SlackClient, SlackFailed
from deadair.adapters.slack.message import Message
from deadair.domain.alarm import digest
from deadair.domain.ownership import Person
from notifier.drawing import Marks
from notifier.telling import key_of

PAST = "past-"
CLOSED = "closed"
KEPT = ("person", "name", "channel", "ts", "crowd")


def is_anothers(marks: Marks, person: Person) -> bool:
    """Whether the message that is there is in front of somebody else than it is for now."""
    reader, now = marks.get("person", ""), key_of(person)
    return ("ts" in marks or "crowd" in marks) and bool(reader and now) and reader != now


def set_aside(notices: NoticeStore, number: int, name: str, marks: Marks) -> None:
    """Keep where it is, before the new person's takes its place."""
    kept = {key: marks[key] for key in KEPT if key in marks}
    notices.note(number, f"{PAST}{name}-{digest(marks['person'])[:12]}", kept)


def aside(notices: Mapping[str, Progress]) -> Iterator[tuple[str, Marks]]:
    """Those that still look as they did."""
    for name, told in notices.items():
        if name.startswith(PAST) and CLOSED not in told.marks:
            yield name, told.marks


def close(slack: SlackClient, marks: Marks, message: Message) -> None:
    """Edit it. One that is gone, or whose reader is, needs nothing more."""
    try:
        slack.update(marks["channel"], marks["ts"], message)
    except SlackFailed as failed:
        if not failed.permanent:
            raise
