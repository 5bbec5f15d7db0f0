"""`action`: what is to be done about an incident: added, changed, done, dropped, and what is open.

Knows that a day is one of the person's own calendar. Refuses to know how words are read: see `action_words`.
"""

from dataclasses import replace
from datetime import date

from deadair.adapters.slack.action_words import DONE, DROP, REOPEN, ActionWords, read_action
from deadair.adapters.slack.actions import ACTION_DONE, action_value
from deadair.adapters.slack.blocks import Block, button, section
from deadair.adapters.slack.blocks import context as small
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.reminders import due_words, said_day
from deadair.domain.action_item import ActionItem, ActionStatus
from deadair.domain.ownership import Person
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.change_action import change_action
from deadair.usecases.actions.end_action import end_action, reopen_action
from deadair.usecases.actions.writing import actions_of, entry_name
from deadair.usecases.steadily import steadily
from slack_commands.choosing import is_mine, on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import meant
from slack_commands.running import offering, undo

SHOWN = 12
TEXT, LINE = 160, 600


def run(context: Context) -> Reply:
    """`action 42 what is to be done @who by 12 Dec`, `action 42-A1 done`; without words, what is open."""
    if not context.command.text and not context.command.ref and context.here is None:
        return _mine(context)
    # Most of it is decided when an incident is over.
    past = not any(is_mine(one, context) for one in context.store.open_incidents()) if _names_none(context) else False
    return on_incident(context, _about, past=past)


def pressed(context: Context, incident: int, number: int) -> Reply:
    """The button of one item: done. Pressed again, it says that it is."""
    return _end(context, incident, ActionWords(number, DONE))


def _names_none(context: Context) -> bool:
    return not context.command.ref and context.here is None


def _about(context: Context, number: int) -> Reply:
    mention = context.command.mentions[0] if context.command.mentions else None
    name = (mention.name or mention.slack_id) if mention else ""
    said = read_action(context.command.text, today(context), name)
    if said.step:
        return _end(context, number, said)
    if said.place:
        return _change(context, number, said)
    return add(context, number, said) if said.text else _of_incident(context, number)


def add(context: Context, number: int, said: ActionWords, link: str = "") -> Reply:
    """One more, for whoever the command mentions; `link` is its address in a tracker."""
    item = add_action(
        context.store,
        number,
        context.actor,
        said.text,
        owner=_owner(context),
        due_on=said.due_on,
        now=context.now,
        today=today(context),
        link=link,
        **({"kind": said.kind} if said.kind else {}),
    )
    day = said_day(item.due_on, today(context))
    return _told(
        context, item, say("action.added", id=_link(context, item), owner=item.owner.name, day=day, text=item.text)
    )


def _change(context: Context, number: int, said: ActionWords) -> Reply:
    owner = _owner(context)
    known = actions_of(context.store).get(number, said.place)
    if not (owner or said.text or said.kind or said.due_on):
        return _one(context, known)
    item = steadily(
        lambda: change_action(
            context.store,
            number,
            said.place,
            context.actor,
            now=context.now,
            today=today(context),
            text=said.text or None,
            kind=said.kind,
            owner=owner,
            due_on=said.due_on,
        )
    )
    if item.version == known.version:
        return Reply(say("action.same", id=_link(context, item)))
    values = {"text": one_line(item.text, TEXT), "owner": item.owner.name, "kind": item.kind.value}
    return _told(context, item, say("action.changed", id=_link(context, item), due=_due(context, item), **values))


def _end(context: Context, number: int, said: ActionWords) -> Reply:
    known = actions_of(context.store).get(number, said.place)
    if said.step == REOPEN:
        item = steadily(lambda: reopen_action(context.store, number, said.place, context.actor, now=context.now))
        return _told(context, item, say("action.reopened", id=_link(context, item), text=one_line(item.text, TEXT)))
    status = ActionStatus.DROPPED if said.step == DROP else ActionStatus.DONE
    item = steadily(
        lambda: end_action(context.store, number, said.place, context.actor, status, now=context.now, why=said.text)
    )
    if item.version == known.version:
        return Reply(say("action.already", id=_link(context, item), status=plain(f"action.status.{item.status.value}")))
    return _told(
        context, item, say(f"action.{item.status.value}", id=_link(context, item), text=one_line(item.text, TEXT))
    )


def _told(context: Context, item: ActionItem, text: Mrkdwn) -> Reply:
    """The answer with the button that takes the step back."""
    return offering(text, undo(item.incident, entry_name(item, context.now)))


def _owner(context: Context) -> Person | None:
    """Who is to have it: whoever is mentioned. Raises Invalid for somebody who is not there."""
    if not context.command.mentions:
        return None
    named = replace(context.command, text="")
    return meant(context.directory, named, context.actor.person, context.now)[0]


def _mine(context: Context) -> Reply:
    items = actions_of(context.store).of_person(context.actor.person)
    command = context.typed("action", 42, "what is to be done", "by 12 Dec")
    if not items:
        return Reply(say("action.mine_none", command=command))
    return _listed(context, say("action.mine"), items, mine=True)


def _of_incident(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    items = actions_of(context.store).of_incident(number)
    if not items:
        command = context.typed("action", number, "what is to be done", "@who", "by 12 Dec")
        return Reply(say("action.none", incident=incident.id, command=command))
    title = say("action.title", incident=link(context.links.action(number), incident.id))
    return _listed(context, title, sorted(items, key=lambda item: (not item.is_open, item.due_on)), mine=False)


def _listed(context: Context, title: Mrkdwn, items: list[ActionItem], *, mine: bool) -> Reply:
    lines = [_line(context, item, mine=mine) for item in items[:SHOWN]]
    blocks: list[Block] = [section(title)]
    blocks += [_pressable(item, text) for item, text in zip(items, lines, strict=False)]
    if len(items) > SHOWN:
        page = link(context.links.actions(), plain("action.page"))
        blocks.append(small(say("action.more", count=len(items) - SHOWN, page=page)))
    return Reply(lines_of([title, *lines]), tuple(blocks))


def _pressable(item: ActionItem, text: Mrkdwn) -> Block:
    shown = section(text, LINE)
    if not item.is_open:
        return shown
    return shown | {"accessory": button(plain("action.done_button"), ACTION_DONE, action_value(item))}


def _line(context: Context, item: ActionItem, *, mine: bool) -> Mrkdwn:
    key = "action.line_ended" if not item.is_open else "action.line_mine" if mine else "action.line"
    return say(
        key,
        id=_link(context, item),
        text=one_line(item.text, TEXT),
        owner=item.owner.name,
        due=_due(context, item),
        kind=item.kind.value,
        status=plain(f"action.status.{item.status.value}"),
    )


def _one(context: Context, item: ActionItem) -> Reply:
    """One item, and what can be typed about it."""
    name = f"{item.incident}-A{item.number}"
    text = say(
        "action.one",
        id=_link(context, item),
        text=one_line(item.text, TEXT),
        owner=item.owner.name,
        due=_due(context, item),
        kind=item.kind.value,
        status=plain(f"action.status.{item.status.value}"),
        change=context.typed("action", name, "by", "Friday"),
        done=context.typed("action", name, "done"),
        drop=context.typed("action", name, "drop", "why"),
    )
    return Reply(text, (_pressable(item, text),))


def _link(context: Context, item: ActionItem) -> Mrkdwn:
    return link(item.link or context.links.action(item.incident), item.id)


def _due(context: Context, item: ActionItem) -> str:
    return due_words(item, today(context))


def today(context: Context) -> date:
    """The day on the person's clock when it was said."""
    return context.heard_at.astimezone(context.zone).date()
