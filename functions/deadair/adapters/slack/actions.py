"""What a button says when it is pressed: the ids of our actions, and the values that they carry.

Knows how a value is written and how it is read again: number, version and status as they were drawn, or the check.
Refuses to know what a press does. Whatever is not ours reads as None, because values come from outside. Imports next
to nothing: the Slack room reads with it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from deadair.domain.action_item import ActionItem
from deadair.domain.incident import Incident
from deadair.domain.stages import Status

# On the card and in direct messages. All carry `value_of`, except CHECK (`check:<id>`, with `check_value`) and MORE.
ACKNOWLEDGE, ADD_NOTE, MITIGATE, RESOLVE = "ack", "note", "mitigate", "resolve"
MORE, ANSWER, OPEN_PAGE, CHECK = "more", "pm", "open", "check"
# Of the Home and the menu, about no incident.
OPEN_ONE, SEARCH = "open_one", "search"
# Of the question to which timeline a marked message goes (`keep:<place>`).
KEEP = "keep"
# Of an action item, in reminders and on the Home (`action_value`).
ACTION_DONE = "action_done"
# Of whoever was asked to read a postmortem (`words_value`), and of whoever may ask (`value_of`).
APPROVE, SEND_BACK, ASK_REVIEW = "approve", "return", "review"

NUMBER = "[0-9]{1,9}"
STATE = re.compile(rf"({NUMBER}):({NUMBER}):({'|'.join(Status)})")
WORDS_VALUE = re.compile(rf"({NUMBER}):({NUMBER})")
ACTION_VALUE = re.compile(rf"({NUMBER}):([0-9]{{1,3}})")
CHECK_VALUE = re.compile(rf"({NUMBER}):{NUMBER}:([a-z_.]{{1,60}})")


class Choice(StrEnum):
    """What stands under More. Slack takes five at once, so which of them are shown depends on the status."""

    ASSIGN = "assign"
    SNOOZE = "snooze"
    MILESTONES = "milestones"
    FALSE_ALARM = "false_alarm"
    REOPEN = "reopen"
    ACTION = "action"
    ANSWER = "pm"
    OPEN_PAGE = "open"


CHOSEN = re.compile(rf"({'|'.join(Choice)}):(.+)")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The state that a button was drawn from."""

    number: int
    version: int
    status: Status


def value_of(incident: Incident) -> str:
    """What a button sends back: `42:7:open`."""
    return f"{incident.number}:{incident.version}:{incident.status.value}"


def drawn(value: str) -> Drawn | None:
    """Read `42:7:open`."""
    found = STATE.fullmatch(value)
    return Drawn(int(found[1]), int(found[2]), Status(found[3])) if found else None


def choice_value(choice: Choice, incident: Incident) -> str:
    """What an option under More sends back: `assign:42:7:open`."""
    return f"{choice.value}:{value_of(incident)}"


def chosen(value: str) -> tuple[Choice, Drawn] | None:
    """Read `assign:42:7:open`."""
    found = CHOSEN.fullmatch(value)
    state = drawn(found[2]) if found else None
    return (Choice(found[1]), state) if found and state else None


def check_value(incident: Incident, check: str) -> str:
    """What a check's button sends back: `42:7:auth.token`."""
    return f"{incident.number}:{incident.version}:{check}"


def checked(value: str) -> tuple[int, str] | None:
    """Read `42:7:auth.token`: the incident's number and the check."""
    found = CHECK_VALUE.fullmatch(value)
    return (int(found[1]), found[2]) if found else None


def action_value(item: ActionItem) -> str:
    """What an action item's button sends back: `42:1`."""
    return f"{item.incident}:{item.number}"


def action_named(value: str) -> tuple[int, int] | None:
    """Read `42:1`: the incident's number and the item's."""
    found = ACTION_VALUE.fullmatch(value)
    return (int(found[1]), int(found[2])) if found else None


def words_value(number: int, words: int) -> str:
    """What the buttons of a reader send back: `42:12`, the words that the message showed."""
    return f"{number}:{words}"


def words_shown(value: str) -> tuple[int, int] | None:
    """Read `42:12`: the incident's number, and which words of its postmortem."""
    found = WORDS_VALUE.fullmatch(value)
    return (int(found[1]), int(found[2])) if found else None
