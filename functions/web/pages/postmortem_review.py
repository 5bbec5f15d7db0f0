"""The steps of a review on the page of a postmortem: ask a person, approve, ask for changes.

Knows who is offered as a reviewer, and that somebody approves what they have seen. Refuses to save words: the form has
done that before.
"""

from collections.abc import Callable

from deadair.domain.errors import Invalid
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem, may_review
from deadair.domain.standing_in import everybody
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.ask_review import ask_review
from deadair.usecases.return_postmortem import return_postmortem
from web.call import Call
from web.views.postmortem_form import seen_edit


def possible_reviewers(call: Call, postmortem: Postmortem) -> list[Person]:
    """Whom the registry names and who has not written it."""
    return [person for person in everybody(call.web.registry.rows()) if may_review(postmortem, person)]


def ask(call: Call, number: int) -> Postmortem:
    """Ask the chosen person. Raises Invalid for nobody, and for somebody who has left."""
    key = call.request.fields.get("reviewer", "").strip().casefold()
    found = (person for person in everybody(call.web.registry.rows()) if key and key in _names(person))
    person = next(found, None)
    if person is None:
        raise Invalid("Nobody is chosen to read it.", field="reviewer", remedy="Choose a person, then ask.")
    reviewer = call.web.members.must_be_there(person, call.now)
    return ask_review(call.web.incidents, number, call.actor, reviewer, now=call.now)


def _names(person: Person) -> set[str]:
    return {name.casefold() for name in (person.email, person.slack_id, person.name) if name}


def _approve(call: Call, number: int) -> str:
    said, seen = call.request.fields.get("said", ""), seen_edit(call.request.fields)
    approve_postmortem(call.web.incidents, number, call.actor, said, now=call.now, seen_edit=seen)
    return "approved"


def _return(call: Call, number: int) -> str:
    return_postmortem(call.web.incidents, number, call.actor, call.request.fields.get("said", ""), now=call.now)
    return "returned"


# Each takes its step and says what the page tells then.
STEPS: dict[str, Callable[[Call, int], str]] = {"approve": _approve, "return": _return}
