"""The digest of somebody's morning, and the channel's of the month, as messages.

Knows the order, how much of each is shown and how a day is said. Refuses to know when they are due and to read
anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deadair.adapters.slack.actions import ACTION_DONE, OPEN_PAGE, action_value
from deadair.adapters.slack.blocks import Block, actions, button, context, fallback, header, section
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.action_item import ActionItem
from deadair.domain.document import Described
from deadair.domain.pattern import DAYS, Pattern
from deadair.domain.postmortem import QUESTIONS
from deadair.domain.reminding import SOON, Digest, Waiting

# With a block for each and some around, far below Slack's fifty.
LATE, NEAR, LATER, POSTMORTEMS = 12, 8, 8, 8
TEXT, TITLE, LINE = 160, 100, 600
PATTERNS = 5


def digest_message(digest: Digest, links: Links) -> Message:
    """What somebody reads: what is late first, each with its button."""
    text = say("reminders.text", name=one_line(digest.person.name, TITLE), named=named(digest))
    until = said_day(digest.day + SOON, digest.day)
    blocks = [
        header(plain(_title(digest))),
        *_items(say("reminders.late"), digest.overdue, LATE, digest.day, links),
        *_items(say("reminders.soon", until=until), digest.soon, NEAR, digest.day, links),
        *_items(say("reminders.later"), digest.later, LATER, digest.day, links),
        *_postmortems(digest.waiting, links),
        context(say("reminders.next", page=link(links.actions(), plain("reminders.page")))),
    ]
    return Message(fallback(text), tuple(blocks))


def named(digest: Digest) -> str:
    """How much of what there is, in one line."""
    counts = {
        "overdue": len(digest.overdue),
        "soon": len(digest.soon),
        "later": len(digest.later),
        "waiting": len(digest.waiting),
    }
    told = [plain(f"reminders.named.{_form(name, count)}", count=count) for name, count in counts.items() if count]
    return ", ".join(told)


def due_words(item: ActionItem, today: date) -> str:
    """Until when it is to be done, seen from a day of its owner's."""
    days = (today - item.due_on).days
    if days > 0:
        key = "late_one" if days == 1 else "late"
        return plain(f"reminders.due.{key}", day=said_day(item.due_on, today), days=days)
    if days >= -1:
        return plain("reminders.due.tomorrow" if days else "reminders.due.today")
    return plain("reminders.due.on", day=said_day(item.due_on, today))


def said_day(day: date, today: date) -> str:
    """`Fri 4 Dec`, with its year where that is another."""
    return f"{day:%a %-d %b}" if day.year == today.year else f"{day:%-d %b %Y}"


def item_block(item: ActionItem, today: date, links: Links) -> Block:
    """One item with its button."""
    text = say(
        "reminders.line",
        id=link(item.link or links.action(item.incident), item.id),
        text=one_line(item.text, TEXT),
        due=due_words(item, today),
        kind=item.kind.value,
        incident=link(links.incident(item.incident), f"INC-{item.incident}"),
    )
    press = button(plain("reminders.done"), ACTION_DONE, action_value(item))
    return section(text, LINE) | {"accessory": press}


def _title(digest: Digest) -> str:
    if not digest.waiting:
        return "reminders.title_actions"
    return "reminders.title" if digest.count > len(digest.waiting) else "reminders.title_waiting"


def _form(name: str, count: int) -> str:
    return "waiting_one" if (name, count) == ("waiting", 1) else name


def _items(title: Mrkdwn, items: Sequence[ActionItem], most: int, today: date, links: Links) -> list[Block]:
    if not items:
        return []
    shown = [item_block(item, today, links) for item in items[:most]]
    page = link(links.actions(), plain("reminders.page"))
    rest = [context(say("reminders.more", count=len(items) - most, page=page))] if len(items) > most else []
    return [section(title), *shown, *rest]


def _postmortems(waiting: Sequence[Waiting], links: Links) -> list[Block]:
    if not waiting:
        return []
    return [section(say("reminders.waiting.title")), *(_postmortem(one, links) for one in waiting[:POSTMORTEMS])]


def _postmortem(one: Waiting, links: Links) -> Block:
    page = links.postmortem_form(one.incident)
    text = say(
        f"reminders.waiting.{'draft' if one.draft else 'review'}",
        incident=link(links.incident(one.incident), f"INC-{one.incident}"),
        title=one_line(one.title, TITLE),
        answered=one.answered,
        total=len(QUESTIONS),
    )
    label = plain(f"reminders.{'write' if one.draft else 'read'}")
    return section(text, LINE) | {"accessory": button(label, OPEN_PAGE, f"INC-{one.incident}", url=page)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the channel is told once a month: `again` is to be read again; `unheld` are incidents whose fix did not."""

    day: date
    again: Described | None = None
    patterns: Sequence[Pattern] = ()
    unheld: Sequence[tuple[int, str]] = ()
    open: int = 0
    overdue: int = 0


def month_message(month: Month, links: Links) -> Message:
    """One postmortem, what comes back, and how much is open."""
    name = f"{month.day:%B %Y}"
    page = button(plain("reminders.month.page"), OPEN_PAGE, "actions", url=links.actions())
    blocks = [
        header(plain("reminders.month.title", month=name)),
        section(_again(month.again, links)),
        section(_comes_back(month, links)),
        section(_open(month, links)),
        *([actions(page)] if month.open else []),
    ]
    return Message(fallback(say("reminders.month.text", month=name)), tuple(blocks))


def _again(again: Described | None, links: Links) -> Mrkdwn:
    if again is None:
        return say("reminders.month.again_none")
    title = one_line(f"{again.id} · {again.title}" if not again.imported else again.title, TEXT)
    values = {
        "page": link(links.document(again.id), title),
        "when": f"{again.date:%-d %b %Y}",
        "integration": one_line(again.integration_name or again.company or again.integration, TITLE) or "—",
    }
    if again.fix:
        return say("reminders.month.again_fix", fix=one_line(again.fix, TEXT), **values)
    return say("reminders.month.again", **values)


def _comes_back(month: Month, links: Links) -> Mrkdwn:
    lines = [_pattern(one) for one in month.patterns[:PATTERNS]]
    for number, name in month.unheld[:PATTERNS]:
        shown = link(links.incident(number), f"INC-{number}")
        lines.append(say("reminders.month.unheld", integration=one_line(name, TITLE), incident=shown))
    if not lines:
        return say("reminders.month.calm", days=DAYS)
    return lines_of([say("reminders.month.patterns", days=DAYS), *lines])


def _pattern(one: Pattern) -> Mrkdwn:
    return say(
        "reminders.month.pattern",
        integration=one_line(one.integration_name or one.integration, TITLE),
        **{"class": plain(f"words.class_word.{one.failure_class.value}")},
        count=one.count,
        last=f"{one.last_at:%-d %b}" if one.last_at else "—",
    )


def _open(month: Month, links: Links) -> Mrkdwn:
    if not month.open:
        return say("reminders.month.open_none")
    page = link(links.actions(), plain("reminders.month.page"))
    return say("reminders.month.open", open=month.open, overdue=month.overdue, page=page)
