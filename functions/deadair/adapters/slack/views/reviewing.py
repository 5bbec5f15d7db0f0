"""The modals of a review: whom to ask, and what a reader wants changed.

Knows what each asks. Refuses to know what is done with the answer.
"""

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View, modal, somebody, typed
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.review import SAID_LIMIT

REVIEW, RETURN = "review", "return"
TITLE = 200


def review_modal(incident: Incident, carried: Carried) -> View:
    """Who is to read it."""
    who = somebody("who", _word(REVIEW, "who"), hint=_word(REVIEW, "who_hint"), example=_word(REVIEW, "who_example"))
    return _modal(REVIEW, incident, carried, who)


def return_modal(incident: Incident, carried: Carried) -> View:
    """What should change."""
    hint, example = _word(RETURN, "said_hint"), _word(RETURN, "said_example")
    said = typed("said", _word(RETURN, "said"), hint=hint, example=example, longest=SAID_LIMIT, lines=True)
    return _modal(RETURN, incident, carried, said)


def _modal(name: str, incident: Incident, carried: Carried, block: dict[str, object]) -> View:
    about = section(say("modals.review.about", id=incident.id, title=one_line(incident.title, TITLE)))
    title = plain(f"modals.{name}.title", id=incident.id)
    return modal(name, title, _word(name, "submit"), [about, block], carried)


def _word(name: str, key: str) -> str:
    return plain(f"modals.{name}.{key}")
