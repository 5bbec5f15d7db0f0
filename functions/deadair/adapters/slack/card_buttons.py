"""The buttons under a card: the steps that make sense now, the rest under More.

Knows which steps apply in which status. Refuses to know what a press does.
"""

from deadair.adapters.slack import actions
from deadair.adapters.slack.actions import Choice, choice_value, value_of
from deadair.adapters.slack.blocks import Block, button, option, overflow
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.phrases import plain
from deadair.domain.incident import Incident
from deadair.domain.postmortem import Postmortem, missing
from deadair.domain.stages import Status

UNDER_MORE = {
    Status.OPEN: (Choice.ASSIGN, Choice.SNOOZE, Choice.MILESTONES, Choice.FALSE_ALARM),
    Status.ACKNOWLEDGED: (Choice.ASSIGN, Choice.SNOOZE, Choice.MILESTONES, Choice.FALSE_ALARM),
    # Slack shows five at most: once the harm has stopped, taking that back is likelier than a snooze, and what is to be
    # done about it likelier than that it was nothing.
    Status.MITIGATED: (Choice.ASSIGN, Choice.REOPEN, Choice.MILESTONES, Choice.ACTION),
    Status.RESOLVED: (Choice.ACTION, Choice.REOPEN, Choice.MILESTONES),
}


def card_buttons(incident: Incident, links: Links, postmortem: Postmortem | None = None) -> list[Block]:
    """The row under a card. Values carry number, version and status as they were drawn."""
    if incident.merged_into is not None:
        return [page_button(incident, links)]
    if not incident.is_open:
        return [*_asks(incident, postmortem), _press(actions.ADD_NOTE, incident), more(incident, links)]
    is_open = incident.status is Status.OPEN
    quiet = incident.recovered_at is not None and not is_open
    return [
        *([_press(actions.ACKNOWLEDGE, incident, primary=True)] if is_open else []),
        _press(actions.ADD_NOTE, incident),
        *([_press(actions.MITIGATE, incident)] if incident.status is not Status.MITIGATED else []),
        _press(actions.RESOLVE, incident, primary=quiet),
        more(incident, links),
    ]


def more(incident: Incident, links: Links) -> Block:
    """The rarer steps, and the way to the page."""
    options = [
        option(plain(f"card.more.{choice.value}"), choice_value(choice, incident))
        for choice in UNDER_MORE[incident.status]
    ]
    page = links.incident(incident.number)
    options.append(option(plain("card.buttons.open"), choice_value(Choice.OPEN_PAGE, incident), url=page))
    return overflow(actions.MORE, options)


def page_button(incident: Incident, links: Links) -> Block:
    """Opens the incident's page."""
    return button(
        plain("card.buttons.open"), actions.OPEN_PAGE, value_of(incident), url=links.incident(incident.number)
    )


def answer_button(incident: Incident, postmortem: Postmortem) -> Block:
    """Opens the five questions; the last step is to publish them."""
    words = "answer" if missing(postmortem, incident.severity) else "publish"
    return button(plain(f"postmortem.{words}_button"), actions.ANSWER, value_of(incident), primary=True)


def _asks(incident: Incident, postmortem: Postmortem | None) -> list[Block]:
    if postmortem is None or (postmortem.is_published and not postmortem.amending):
        return []
    return [answer_button(incident, postmortem)]


def _press(action: str, incident: Incident, *, primary: bool = False) -> Block:
    return button(plain(f"card.buttons.{action}"), action, value_of(incident), primary=primary)
