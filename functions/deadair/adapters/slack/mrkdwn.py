"""Text in Slack's own markup: what is escaped, how a time and a link are written.

Knows mrkdwn. `Mrkdwn` marks text that is markup already; every other string is data and is escaped where it enters.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from deadair.domain.visible import visible

ELLIPSIS = "…"
# Between @ and the word: nothing to see, and Slack no longer reads a call to everyone.
WORD_JOINER = "\u2060"
IN_UTC = re.compile(r"\b([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC)\b", re.ASCII)
CALLS = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)


class Mrkdwn(str):
    """Text that is markup already and must not be escaped again."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """Data as markup: nothing in it can become a link, a mention or a call to everyone, or turns its line around."""
    if isinstance(text, Mrkdwn):
        return text
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(CALLS.sub("@" + WORD_JOINER, plain))


def one_line(text: str, limit: int) -> str:
    """Plain text without line breaks, cut to `limit` characters with an ellipsis."""
    return cut(" ".join(text.split()), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis when something is missing."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + ELLIPSIS


def cut_markup(text: str, limit: int) -> Mrkdwn:
    """Markup cut to `limit` characters without leaving half an entity or half a `<…>` at the end."""
    if len(text) <= limit:
        return Mrkdwn(text)
    kept = text[: limit - 1]
    opened = kept.rfind("<")
    if opened > kept.rfind(">"):
        kept = kept[:opened]
    kept = re.sub(r"&[a-z]{0,3}$", "", kept)
    return Mrkdwn(kept.rstrip() + ELLIPSIS)


def instant(at: datetime) -> Mrkdwn:
    """A time in the reader's own zone; readers without Slack's rendering see UTC."""
    utc = at.astimezone(UTC)
    return Mrkdwn(f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time}}|{utc:%Y-%m-%d %H:%M} UTC>")


def clock(at: datetime) -> Mrkdwn:
    """The hour and minute in the reader's own zone, where the day is plain."""
    utc = at.astimezone(UTC)
    return Mrkdwn(f"<!date^{int(utc.timestamp())}^{{time}}|{utc:%H:%M} UTC>")


def with_times(text: str) -> Mrkdwn:
    """Data as markup, its times in UTC moved into the reader's own zone."""
    parts = IN_UTC.split(text)
    return Mrkdwn("".join(_moved(part) if place % 2 else escape(part) for place, part in enumerate(parts)))


def _moved(text: str) -> Mrkdwn:
    try:
        return instant(datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC))
    except ValueError:
        return escape(text)


def link(url: str, label: str) -> Mrkdwn:
    """A link, or only its label when the address is no plain http(s) address."""
    shown = escape(label.replace("|", "¦"))
    if not is_web_address(url):
        return shown
    return Mrkdwn(f"<{url.replace('|', '%7C')}|{shown}>")


def code(text: str) -> Mrkdwn:
    """Text to be typed. A backtick in it would end the span, so it becomes a quote."""
    return Mrkdwn(f"`{escape(text.replace('`', chr(39)))}`")


def lines_of(lines: Iterable[str]) -> Mrkdwn:
    """Lines below each other; those that are not markup yet are escaped."""
    return Mrkdwn("\n".join(escape(line) for line in lines))


def duration(seconds: float) -> str:
    """How long, in the two largest units: `3 d 4 h`, `2 h 5 min`, `40 s`."""
    whole = max(int(seconds), 0)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{whole} s"


def is_web_address(text: str) -> bool:
    """Whether text is one http(s) address that can stand inside `<…>`."""
    return re.fullmatch(r"https?://[^\s<>\"]{1,2900}", text) is not None
