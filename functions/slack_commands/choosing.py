"""Which incident a command means when it names none: that of the thread, the person's only one, else a question.

Knows references. Refuses to guess between two.
"""

from collections.abc import Callable, Iterable

from deadair.adapters.slack.blocks import BUTTON_VALUE
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.tokens import LAST
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from slack_commands.context import Context, Reply
from slack_commands.running import Offer, offering, words_again

SHOWN = 5
# Among so many resolved ones the person's is sought; open ones are all looked at, so that the only one is the only one.
LOOKED_AT = 25

Work = Callable[[Context, int], Reply]


def on_incident(context: Context, work: Work, *, past: bool = False) -> Reply:
    """Do `work` on the incident that the command means. `past` looks among resolved ones when none is named."""
    number = context.command.number
    if number is not None:
        return work(context, number)
    if context.command.ref == LAST:
        newest = _latest(context)
        return work(context, newest.number) if newest else _nothing(context, past=past)
    if context.here is not None:
        return work(context, context.here)
    candidates = context.store.past_incidents(LOOKED_AT).items if past else context.store.open_incidents()
    mine = [incident for incident in candidates if is_mine(incident, context)]
    if len(mine) == 1:
        return work(context, mine[0].number)
    return _pick(context, mine, others=False, past=past) if mine else _pick(context, candidates, others=True, past=past)


def is_mine(incident: Incident, context: Context) -> bool:
    """Whether the person owns the incident or has taken it."""
    person, holder = context.actor.person, incident.holder
    return same_person(incident.owner, person) or (holder is not None and same_person(holder, person))


def rows_of(person: Person, rows: Iterable[Integration]) -> list[Integration]:
    """The integrations that a person owns."""
    return [row for row in rows if same_person(row.owner, person)]


def _latest(context: Context) -> Incident | None:
    found = [*context.store.open_incidents(1), *context.store.past_incidents(1).items]
    return max(found, key=lambda incident: incident.number, default=None)


def _pick(context: Context, candidates: list[Incident], *, others: bool, past: bool) -> Reply:
    if not candidates:
        return _nothing(context, past=past)
    shown = candidates[:SHOWN]
    words = [words_again(context.command, context.command.verb, str(incident.number)) for incident in shown]
    if max(len(text) for text in words) > BUTTON_VALUE:
        command = context.typed(context.command.verb, shown[0].number, "…")
        return Reply(say("answers.pick.too_long", command=command), refused=True)
    which = "others" if others else "mine"
    title = say(f"answers.pick.{'past' if past else 'open'}_{which}", count=len(candidates))
    offers = [
        Offer(plain("answers.pick.button", id=incident.id, title=one_line(incident.title, 50)), text)
        for incident, text in zip(shown, words, strict=True)
    ]
    return offering(title, *offers, refused=True)


def _nothing(context: Context, *, past: bool) -> Reply:
    key = "answers.pick.nothing_past" if past else "answers.pick.nothing_open"
    command = context.typed("list") if past else context.typed(context.command.verb, "42")
    return Reply(say(key, said=context.typed(context.command.verb), command=command), refused=True)
