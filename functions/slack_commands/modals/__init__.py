"""The modals, one for each thing that needs more than a press: how it opens, and what is done when it is sent.

Knows which function is which. Imported when a modal is used, because most requests use none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View
from deadair.domain.incident import Incident
from slack_commands.context import Context, Reply
from slack_commands.modals import action, chat, milestones, opening, questions, reviewing, steps
from slack_commands.modals.sent import Sent

About = Callable[[Context, Incident, Carried], View]


@dataclass(frozen=True, slots=True)
class Modal:
    """`verb` is the command that does the same. `view` is None for what opens without an incident of its own."""

    verb: str
    take: Callable[[Context, Sent], Reply]
    view: About | None = None


MODALS: dict[str, Modal] = {
    "note": Modal("note", steps.take_note, steps.note),
    "resolve": Modal("resolve", steps.take_resolve, steps.resolve),
    "assign": Modal("assign", steps.take_assign, steps.assign),
    "snooze": Modal("snooze", steps.take_snooze, steps.snooze),
    "false_alarm": Modal("false-alarm", steps.take_false_alarm, steps.false_alarm),
    "reopen": Modal("reopen", steps.take_reopen, steps.reopen),
    "action": Modal("action", action.take_action, action.action),
    "milestones": Modal("milestone", milestones.take_milestones, milestones.milestones),
    "pm": Modal("pm", questions.take_questions, questions.questions),
    "review": Modal("review", reviewing.take_review, reviewing.review),
    "return": Modal("return", reviewing.take_return, reviewing.send_back),
    "open": Modal("open", opening.take_opening),
    "keep": Modal("note", chat.take_keeping),
}
