"""The first checks on the card: one paragraph, and a row of buttons for those that nobody has made.

Knows how a check and its tick read. Refuses to know which checks belong to a class.
"""

from deadair.adapters.slack.actions import CHECK, check_value
from deadair.adapters.slack.blocks import Block, actions, button, section
from deadair.adapters.slack.card_facts import NARROW, PARAGRAPH, VALUE
from deadair.adapters.slack.mrkdwn import Mrkdwn, cut_markup, instant, is_web_address, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.checks import Check
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.first_checks import first_checks
from deadair.domain.incident import Incident

CHECKS = 6


def checklist(incident: Incident, diagnosed: Diagnosed | None) -> list[Block]:
    """The checks with a runbook above them, and the buttons."""
    numbered = list(enumerate(checks_for(incident, diagnosed), 1))
    lines = [cut_markup(_line(place, check, incident), NARROW) for place, check in numbered]
    presses = [_press(place, check, incident) for place, check in numbered if check.id not in incident.checks]
    title = cut_markup(_title(incident), PARAGRAPH)
    return [section(lines_of([title, *lines])), *([actions(*presses)] if presses else [])]


def checks_for(incident: Incident, diagnosed: Diagnosed | None) -> tuple[Check, ...]:
    """As many as a card holds."""
    return first_checks(incident, diagnosed)[:CHECKS]


def _press(place: int, check: Check, incident: Incident) -> Block:
    return button(plain("card.checks.button", place=place), f"{CHECK}:{check.id}", check_value(incident, check.id))


def _line(place: int, check: Check, incident: Incident) -> Mrkdwn:
    tick = incident.checks.get(check.id)
    if tick is None:
        return say("card.checks.todo", place=place, text=check.text)
    return say("card.checks.done", place=place, text=check.text, by=one_line(tick.by, 80), at=instant(tick.at))


def _title(incident: Incident) -> Mrkdwn:
    if is_web_address(incident.runbook):
        return say("card.checks.runbook", runbook=link(incident.runbook, plain("card.runbook")))
    if incident.runbook:
        return say("card.checks.text", text=one_line(incident.runbook, VALUE))
    return say("card.checks.title")
