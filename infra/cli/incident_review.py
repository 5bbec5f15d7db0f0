"""`deadair incidents postmortem|review|approve|return|publish`: how far a postmortem is, and the way to publishing it.

Each is its parameters and one call, as the other steps (`incident_steps`). Answers are written on the page or in Slack.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.incident_step import Desk, Step, person_of
from infra.cli.incident_steps import Some, Words

if TYPE_CHECKING:
    from deadair.domain.postmortem import Postmortem

Reader = Annotated[
    str, typer.Argument(metavar="E-MAIL", help="Somebody whom the registry or Slack knows and who did not write it.")
]


def _postmortem(desk: Desk) -> None:
    """Show how far the postmortem is: its answers, and what is missing."""
    from deadair.usecases.answer_postmortem import drafted

    _print(desk, drafted(desk.store, desk.number), whole=True)


def _review(desk: Desk, reader: Reader) -> None:
    """Ask one person to read the postmortem before it is published."""
    from deadair.usecases.ask_review import ask_review
    from deadair.usecases.must_be_there import must_be_there
    from infra.cli.slack_people import workspace_of

    person = must_be_there(workspace_of(desk.target), person_of(desk.target, desk.rows(), reader), desk.now)
    _print(desk, ask_review(desk.store, desk.number, desk.actor, person, now=desk.now))


def _approve(desk: Desk, words: Some = None) -> None:
    """Say that the postmortem can be published as it is; not for who wrote some of it."""
    from deadair.usecases.approve_postmortem import approve_postmortem

    _print(desk, approve_postmortem(desk.store, desk.number, desk.actor, " ".join(words or ()), now=desk.now))


def _return(desk: Desk, words: Words) -> None:
    """Say what is still to be done before the postmortem is published."""
    from deadair.usecases.return_postmortem import return_postmortem

    _print(desk, return_postmortem(desk.store, desk.number, desk.actor, " ".join(words), now=desk.now))


def _publish(desk: Desk) -> None:
    """Publish the postmortem as it is, as its next version."""
    from deadair.usecases.publish_postmortem import publish_postmortem

    _print(desk, publish_postmortem(desk.store, desk.number, desk.actor, now=desk.now))


def _print(desk: Desk, postmortem: "Postmortem", *, whole: bool = False) -> None:
    from infra.cli import postmortem_words as words

    severity = desk.store.get(desk.number).severity
    if desk.as_json:
        words.print_json(postmortem, severity)
    elif whole:
        words.print_whole(postmortem, severity)
    else:
        words.print_state(postmortem, severity)


REVIEW: dict[str, Step] = {
    "postmortem": _postmortem,
    "review": _review,
    "approve": _approve,
    "return": _return,
    "publish": _publish,
}
