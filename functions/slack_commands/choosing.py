"""Which incident a command means when it names none: the person's only one, else a question with buttons.

Knows references. Refuses to guess between two.
"""

from collections.abc import Callable

from deadair.adapters.slack.blocks import BUTTON_VALUE, actions, button, section
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.tokens import LAST
from deadair.domain.incident import Incident
from slack_commands.context import Context, Reply

SHOWN = 5
# Among so many resolved ones the person's is sought; open ones are all looked at, so that the only one is the only one.
LOOKED_AT = 25
RUN = "run"

Work = Callable[[Context, int], Reply]


def on_incident(context: Context, work: Work, *, past: bool = False) -> Reply:
    """Do `work` on the incident that the command means. `past` looks among resolved ones when none is named."""
    number = context.command.number
    if number is not None:
        return work(context, number)
    if context.command.ref == LAST:
        newest = _latest(context)
        return work(context, newest.number) if newest else _nothing(context, past=past)
    candidates = context.store.past_incidents(LOOKED_AT).items if past else context.store.open_incidents()
    mine = [incident for incident in candidates if is_mine(incident, context)]
    if len(mine) == 1:
        return work(context, mine[0].number)
    return _pick(context, mine, others=False) if mine else _pick(context, candidates, others=True, past=past)


def is_mine(incident: Incident, context: Context) -> bool:
    """Whether the person owns the incident or has taken it."""
    person = context.actor.person
    owns = incident.owner.slack_id == person.slack_id if person.slack_id else incident.owner.name == person.name
    return owns or incident.acknowledged_by == person.name


def run_button(index: int, label: str, words: str, *, primary: bool = False) -> dict[str, object]:
    """A button that runs a command. `words` must fit a button's value."""
    return button(label, f"{RUN}:{index}", words, primary=primary)


def words_again(command: Command, verb: str, ref: str) -> str:
    """A command for a button's value. The parser reads it again, so it is written as Slack would send it."""
    flags = [f"--{name} {value}" for name, value in command.flags.items()]
    whole = " ".join(part for part in (verb, ref, command.text, *flags) if part)
    escaped = whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mention in command.mentions:
        again = f"<@{mention.slack_id}|{mention.name}>"
        escaped = escaped.replace(f"@{mention.name or mention.slack_id}", again, 1)
    return escaped


def _latest(context: Context) -> Incident | None:
    found = [*context.store.open_incidents(1), *context.store.past_incidents(1).items]
    return max(found, key=lambda incident: incident.number, default=None)


def _pick(context: Context, candidates: list[Incident], *, others: bool, past: bool = False) -> Reply:
    if not candidates:
        return _nothing(context, past=past)
    shown = candidates[:SHOWN]
    words = [words_again(context.command, context.command.verb, str(incident.number)) for incident in shown]
    if max(len(text) for text in words) > BUTTON_VALUE:
        return Reply(say("answers.pick.too_long", command=context.typed(context.command.verb, shown[0].number, "…")))
    title = say("answers.pick.title_others") if others else say("answers.pick.title", count=len(candidates))
    buttons = [
        run_button(i, plain("answers.pick.button", id=incident.id, title=one_line(incident.title, 50)), text)
        for i, (incident, text) in enumerate(zip(shown, words, strict=True))
    ]
    return Reply(title, (section(title), actions(*buttons)))


def _nothing(context: Context, *, past: bool) -> Reply:
    key = "answers.pick.nothing_past" if past else "answers.pick.nothing_open"
    command = context.typed("list") if past else context.typed(context.command.verb, "42")
    return Reply(say(key, said=context.typed(context.command.verb), command=command))
