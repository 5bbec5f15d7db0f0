"""The App Home: my incidents, what waits for me, my integrations, my attestation.

Knows the order, how much of each is shown and what stands where there is nothing. Refuses to read anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deadair.adapters.slack.actions import ANSWER, ASK_REVIEW, OPEN_ONE, OPEN_PAGE, SEARCH, value_of
from deadair.adapters.slack.blocks import Block, actions, button, context, header, section
from deadair.adapters.slack.card import status_of
from deadair.adapters.slack.card_buttons import card_buttons
from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.reminders import item_block
from deadair.adapters.slack.review_stage import needs_asking, reader_buttons
from deadair.domain.action_item import ActionItem
from deadair.domain.expiry import Credential, credential
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.postmortem import QUESTIONS, Postmortem

# Two blocks for an incident or a postmortem, one for anything else; Slack takes a hundred.
INCIDENTS, POSTMORTEMS, ITEMS, INTEGRATIONS = 10, 10, 10, 30
TITLE, NAME, NAMES = 120, 80, 10
TEXT = 600
DIVIDER: Block = {"type": "divider"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What one person's Home shows. `others` counts open incidents that are not theirs; `notice` is news for them."""

    person: Person
    now: datetime
    mine: Sequence[Incident] = ()
    others: int = 0
    waiting: Sequence[tuple[Incident, Postmortem]] = ()
    items: Sequence[ActionItem] = ()
    today: date = date.min
    rows: Sequence[Integration] = ()
    notice: str = ""


def home_view(home: Home, links: Links) -> View:
    """The whole of it."""
    blocks = [
        *([section(Mrkdwn(home.notice), TEXT)] if home.notice else []),
        _ways(home, links),
        header(plain("home.incidents.title")),
        *_incidents(home, links),
        DIVIDER,
        header(plain("home.todo.title")),
        *_waiting(home, links),
        DIVIDER,
        header(plain("home.items.title")),
        *_items(home, links),
        DIVIDER,
        header(plain("home.integrations.title")),
        *_integrations(home, links),
        DIVIDER,
        header(plain("home.attestation.title")),
        section(_attestation(home)),
    ]
    return {"type": "home", "blocks": blocks}


def said_instead(text: Mrkdwn) -> View:
    """A Home that can only say one thing."""
    return {"type": "home", "blocks": [section(text)]}


def _ways(home: Home, links: Links) -> Block:
    """What can be done from here. While something of theirs is open, that comes first: no second loud button."""
    return actions(
        button(plain("home.open_one"), OPEN_ONE, "open", primary=not home.mine),
        button(plain("home.search"), SEARCH, "search", url=links.search("")),
        button(plain("home.all"), OPEN_PAGE, "incidents", url=links.incidents()),
    )


def _incidents(home: Home, links: Links) -> list[Block]:
    page = link(links.incidents(), plain("home.incidents.page"))
    if not home.mine:
        key = "home.incidents.none_others" if home.others else "home.incidents.none"
        return [section(say(key, count=home.others, page=page))]
    blocks = []
    for incident in home.mine[:INCIDENTS]:
        blocks += [section(_line(incident, links), TEXT), actions(*card_buttons(incident, links))]
    return blocks + _more("incidents", len(home.mine) - INCIDENTS, page)


def _line(incident: Incident, links: Links) -> Mrkdwn:
    return say(
        "answers.list.line",
        link=link(links.incident(incident.number), incident.id),
        severity=incident.severity.value,
        title=one_line(incident.title, TITLE),
        status=status_of(incident),
        owner=one_line(incident.owner.name, NAME),
        marks="",
    )


def _waiting(home: Home, links: Links) -> list[Block]:
    if not home.waiting:
        return [section(say("home.todo.none"))]
    lines = [
        block
        for incident, postmortem in home.waiting[:POSTMORTEMS]
        for block in _postmortem(incident, postmortem, home.person, links)
    ]
    page = link(links.incidents(), plain("home.incidents.page"))
    return lines + _more("todo", len(home.waiting) - POSTMORTEMS, page)


def _postmortem(incident: Incident, postmortem: Postmortem, person: Person, links: Links) -> list[Block]:
    told = {"id": incident.id, "title": one_line(incident.title, TITLE)}
    asked_of, review = postmortem.waits_for, postmortem.review
    if review and asked_of and same_person(asked_of, person):
        by = one_line(review.asked_by.name, NAME)
        return [
            section(say("home.todo.read", by=by, **told), TEXT),
            reader_buttons(incident, postmortem, links),
        ]
    progress = {"answered": answered(postmortem), "total": len(QUESTIONS)}
    key, button_key, action = _next(incident, postmortem)
    name = one_line(asked_of.name, NAME) if asked_of else ""
    text = say(f"home.todo.{key}", name=name, **told, **progress)
    accessory = button(plain(f"home.todo.{button_key}"), action, value_of(incident))
    return [section(text, TEXT) | {"accessory": accessory}]


def _next(incident: Incident, postmortem: Postmortem) -> tuple[str, str, str]:
    """What is said of one's own, what its button says, and what it does."""
    if postmortem.unanswered:
        return "line", "answer", ANSWER
    if needs_asking(incident, postmortem):
        return "needs_review", "ask", ASK_REVIEW
    return ("in_review", "answer", ANSWER) if postmortem.waits_for else ("ready", "publish", ANSWER)


def _items(home: Home, links: Links) -> list[Block]:
    page = link(links.actions(), plain("home.items.page"))
    if not home.items:
        return [section(say("home.items.none", page=page))]
    lines = [item_block(item, home.today, links) for item in home.items[:ITEMS]]
    return lines + _more("items", len(home.items) - ITEMS, page)


def _integrations(home: Home, links: Links) -> list[Block]:
    page = link(links.integrations(), plain("home.integrations.page"))
    if not home.rows:
        return [section(say("home.integrations.none", page=page))]
    held = sorted(((row, credential(row, home.now)) for row in home.rows), key=lambda one: _soonest(*one))
    lines = [section(_integration(home, row, known), TEXT) for row, known in held[:INTEGRATIONS]]
    return lines + _more("integrations", len(held) - INTEGRATIONS, page)


def _soonest(row: Integration, held: Credential) -> tuple[bool, int, str]:
    return held.days is None, held.days or 0, row.name.casefold()


def _integration(home: Home, row: Integration, held: Credential) -> Mrkdwn:
    role = "owner" if same_person(row.owner, home.person) else "deputy"
    return say(f"home.integrations.{role}", name=one_line(row.name, NAME), credential=_held(held))


def _held(held: Credential) -> Mrkdwn:
    if held.days is None or held.expires_on is None:
        return say("home.credential.unknown")
    key = "today" if held.days == 0 else held.urgency
    kind, date = one_line(held.kind, NAME) or plain("home.credential.kind"), f"{held.expires_on:%-d %b %Y}"
    return say(f"home.credential.{key}", kind=kind, days=_days(abs(held.days)), date=date)


def _days(count: int) -> str:
    return plain("home.credential.day" if count == 1 else "home.credential.days", count=count)


def _attestation(home: Home) -> Mrkdwn:
    """What there is to confirm: nothing while no review is under way."""
    owned = [one_line(row.name, NAME) for row in home.rows if same_person(row.owner, home.person)]
    if not owned:
        return say("home.attestation.none")
    key = "one" if len(owned) == 1 else "many"
    return say(f"home.attestation.{key}", count=len(owned), names=", ".join(owned[:NAMES]))


def _more(part: str, count: int, page: Mrkdwn) -> list[Block]:
    return [context(say(f"home.{part}.more", count=count, page=page))] if count > 0 else []
