"""What is to be known before transitions are recorded: what they had become, their lines, and what helps to read them.

Knows that all of it is one call. Refuses to decide anything, and to let what only helps stop an alarm.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.health import health_from
from deadair.adapters.dynamodb.items import Item, from_item
from deadair.adapters.dynamodb.lines import line_from
from deadair.adapters.dynamodb.maintenance import windows_from
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.tags import tagged_from
from deadair.domain.alarm import Tagged, Transition
from deadair.domain.health import Health
from deadair.domain.holding import Window
from deadair.domain.line import Line

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What a transition had become when it was first recorded."""

    message_id: str
    outcome: str
    incident: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be known before a transition is recorded: some lines, and what else helps, where it does.

    `health` is the slug of an integration whose health and maintenance count.
    """

    transition: Transition
    lines: tuple[str, ...]
    health: str = ""
    tags: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer: transitions by their key, lines by name, health and maintenance by slug, tags by alarm key."""

    known: dict[str, Known] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    health: dict[str, Health] = field(default_factory=dict)
    tags: dict[str, Tagged] = field(default_factory=dict)
    windows: dict[str, tuple[Window, ...]] = field(default_factory=dict)

    def __or__(self, more: "Seen") -> "Seen":
        """Both answers; the later one counts."""
        return Seen(
            self.known | more.known,
            self.lines | more.lines,
            self.health | more.health,
            self.tags | more.tags,
            self.windows | more.windows,
        )


def look(client: Any, table: str, questions: list[Question]) -> Seen:
    """The answer to all of them. `client` is a low-level DynamoDB client."""
    lines = {name: Line(name) for each in questions for name in each.lines}
    wanted = [keys.transition(each.transition) for each in questions] + [keys.line(name) for name in lines]
    wanted += [keys.health(each.health) for each in questions if each.health]
    wanted += [keys.maintenance(each.health) for each in questions if each.health]
    wanted += [keys.tags(each.transition.alarm.key) for each in questions if each.tags]
    seen = Seen(lines=lines)
    for item in read_many(client, table, wanted):
        _file(item, seen)
    return seen


def _file(item: Item, seen: Seen) -> None:
    """Put an item that was read where it belongs."""
    kind, _, name = item["pk"]["S"].partition("#")
    if kind in ("HEALTH", "TAGS", "MAINTENANCE"):
        _file_help(kind, name, item, seen)
    elif kind == "LINE":
        seen.lines[name] = line_from(from_item(item))
    else:
        f = from_item(item)
        seen.known[f["transition"]] = Known(f["message_id"], f["outcome"], f.get("incident", ""))


def _file_help(kind: str, name: str, item: Item, seen: Seen) -> None:
    """What only helps must not stop an alarm: an item that cannot be read is said and left out."""
    try:
        if kind == "HEALTH":
            seen.health[name] = health_from(item)
        elif kind == "MAINTENANCE":
            seen.windows[name] = windows_from(item)
        else:
            seen.tags[name] = tagged_from(item)
    except (KeyError, TypeError, ValueError):
        logger.exception("an item cannot be read", extra={"pk": item["pk"]["S"]})
