"""The modal of an action item: what is to be done, what for, by whom, until when, and where it stands in a tracker.

Knows what it asks, and who has it where nobody says. Refuses to know what is done with the answer.
"""

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View, chosen, modal, optional, somebody, typed
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.action_item import TEXT_LIMIT, ActionKind
from deadair.domain.incident import Incident

ACTION = "action"
TITLE, NAME, DAY, LINK = 200, 80, 60, 2000


def action_modal(incident: Incident, carried: Carried) -> View:
    """One action item more. Its fields are named as the use case names what it refuses."""
    kinds = [(kind.value, _word(f"kind_{kind.value}")) for kind in ActionKind]
    hint = plain("modals.action.owner_hint", owner=one_line(incident.owner.name, NAME))
    blocks = [
        section(say("modals.action.about", id=incident.id, title=one_line(incident.title, TITLE))),
        _asked("text", longest=TEXT_LIMIT, lines=True),
        chosen("kind", _word("kind"), kinds, hint=_word("kind_hint"), first=ActionKind.PREVENTIVE.value),
        optional(somebody("owner", _word("owner"), hint=hint, example=_word("owner_example"))),
        optional(_asked("due_on", longest=DAY)),
        optional(_asked("link", longest=LINK)),
    ]
    return modal(ACTION, plain("modals.action.title", id=incident.id), _word("submit"), blocks, carried)


def _asked(field: str, *, longest: int, lines: bool = False) -> dict[str, object]:
    hint, example = _word(f"{field}_hint"), _word(f"{field}_example")
    return typed(field, _word(field), hint=hint, example=example, longest=longest, lines=lines)


def _word(key: str) -> str:
    return plain(f"modals.{ACTION}.{key}")
