"""What stands in the thread under a card: each change as one line, and the alarms' repetitions in one.

Knows how a line reads. Refuses to know which lines stand there already. Names are never mentions: nobody is called by
a thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.adapters.slack.blocks import Block, fallback, section
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, clock, cut_markup, instant, lines_of, link, one_line, with_times
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry

# Characters: of what is said in a line, of a line with its markup, of all lines in one section, and in one message.
TEXT, LINE, SECTION, MESSAGE = 320, 600, 2900, 9000
# A line that was written down so much later shows its day, too.
SAME_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Rings:
    """News of alarms, counted. `since` and `until`: when the first and the last of them happened."""

    rang: int = 0
    calm: int = 0
    other: int = 0
    since: datetime | None = None
    until: datetime | None = None
    only: str = ""

    @property
    def count(self) -> int:
        """How many news."""
        return self.rang + self.calm + self.other


NO_RINGS = Rings()


@dataclass(frozen=True, slots=True)
class News:
    """What one message of the thread says. `lines` are in order, `rings` happened among them."""

    lines: Sequence[Entry] = field(default=())
    rings: Rings = NO_RINGS


def thread_message(incident: Incident, news: News, links: Links) -> Message:
    """The lines below each other, the newest last; the oldest give way where there are too many for one message."""
    lines = [line_of(entry) for entry in news.lines]
    if news.rings.count:
        lines.insert(_place(news), _rings(news.rings))
    kept = _newest(lines)
    above = [_more(incident, len(lines) - len(kept), links)] if len(kept) < len(lines) else []
    last = plain_line(news.lines[-1]) if news.lines else plain("thread.rings_text")
    text = fallback(say("thread.text", id=incident.id, line=last))
    return Message(text, tuple(_sections([*above, *kept])))


def line_of(entry: Entry) -> Mrkdwn:
    """`10:42 · Ana Lima · what`: when it happened, who says so, what."""
    at = entry.occurred_at
    when = clock(at) if abs(entry.recorded_at - at) < SAME_DAY else instant(at)
    said = with_times(one_line(entry.text, TEXT))
    return cut_markup(say("thread.line", at=when, by=one_line(entry.author, 80), text=said), LINE)


def plain_line(entry: Entry) -> str:
    """The line where nothing is markup."""
    return plain("thread.plain_line", by=one_line(entry.author, 80), text=one_line(entry.text, TEXT))


def _place(news: News) -> int:
    """The alarms' line stands before what happened after the last of them."""
    until = news.rings.until
    later = (place for place, entry in enumerate(news.lines) if until and entry.occurred_at > until)
    return next(later, len(news.lines))


def _rings(rings: Rings) -> Mrkdwn:
    until = clock(rings.until) if rings.until else ""
    if rings.count == 1:
        return say("thread.ring", at=until, text=one_line(rings.only, TEXT))
    counts = (("rang", rings.rang), ("calm", rings.calm), ("other", rings.other))
    told = [plain(f"thread.rings.{kind}", count=count) for kind, count in counts if count]
    since = clock(rings.since) if rings.since else ""
    return say("thread.rings.line", at=until, since=since, told=", ".join(told))


def _more(incident: Incident, count: int, links: Links) -> Mrkdwn:
    page = link(links.incident(incident.number), incident.id)
    return say("thread.more" if count > 1 else "thread.one_more", count=count, page=page)


def _newest(lines: list[Mrkdwn]) -> list[Mrkdwn]:
    kept, left = len(lines), MESSAGE
    while kept and left >= len(lines[kept - 1]) + 1:
        kept, left = kept - 1, left - len(lines[kept - 1]) - 1
    return lines[kept:]


def _sections(lines: list[Mrkdwn]) -> Iterator[Block]:
    together: list[Mrkdwn] = []
    for line in lines:
        if together and sum(len(one) + 1 for one in together) + len(line) > SECTION:
            yield section(lines_of(together))
            together = []
        together.append(line)
    yield section(lines_of(together))
