"""Somebody takes their last step back, or does it again after all.

Knows that a step can be taken back for a day, by whoever took it and by whoever may work on the incident, and that
what alarms said meanwhile stays. Refuses to guess: where somebody changed the same since, it says who.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.actions import action_again
from deadair.adapters.dynamodb.incidents import IncidentStore, postmortem_item
from deadair.adapters.dynamodb.items import Item, from_item, postmortem_from
from deadair.adapters.dynamodb.lines import line_from
from deadair.adapters.dynamodb.step_writes import item_changed, mark, postmortem_changed
from deadair.adapters.dynamodb.steps import Changed, Step, Turn, read_step
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.adapters.dynamodb.transact import Write, put, put_over
from deadair.domain.alarm import shown
from deadair.domain.incident import Incident
from deadair.domain.ownership import same_person
from deadair.domain.permission import Act
from deadair.domain.postmortem import same_words
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.its_line import LineStep, line_again, line_step
from deadair.usecases.last_step import must_be_possible, must_hold, the_step
from deadair.usecases.restoring import Restored, restored
from deadair.usecases.step import allowed, entry_of

SAID_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Undone:
    """The incident as it is then, what the timeline says, and the entry by which it is turned round once more.

    `again` says that the step stands once more.
    """

    incident: Incident
    text: str
    entry: str
    again: bool


def undo(store: IncidentStore, number: int, actor: Actor, *, entry: str = "", now: datetime) -> Undone:
    """Take back the person's own last step on the incident, or the one with that entry. Taken back twice, it stands.

    Raises NotFound, NotAllowed, Stale, and IllegalTransition that says who changed what since; then nothing changed.
    """
    incident = store.get(number)
    step, steps = the_step(store, incident, actor, entry, now)
    mine = same_person(step.by, actor.person)
    actor = allowed(incident, actor, Act.NOTE if mine else Act.WORK)
    must_be_possible(incident, step, steps)
    back = restored(store, step, actor.person.name, now)
    must_hold(store, step, steps, back, actor)
    turn = Turn(step.base or step.entries, step.said, step.turns + 1)
    told = _entries(step, back, actor, _text(step, turn, mine=mine), now)
    saved = _write(store, step, turn, back, told)
    return Undone(saved[number], told[number].text, told[number].id, turn.again)


def _text(step: Step, turn: Turn, *, mine: bool) -> str:
    said = shown(turn.said, limit=SAID_LIMIT)
    if turn.again:
        return f"Done again: {said}"
    return f"Taken back: {said}" if mine else f"Taken back, what {step.by.name} did: {said}"


def _entries(step: Step, back: Restored, actor: Actor, text: str, now: datetime) -> dict[int, Entry]:
    lines = {
        number: entry_of(after, actor, Fact.UNDONE, text, now=now) for number, (_, after) in back.incidents.items()
    }
    return {number: replace(line, supersedes=step.entries[number]) for number, line in lines.items()}


def _write(store: IncidentStore, step: Step, turn: Turn, back: Restored, told: dict[int, Entry]) -> dict[int, Incident]:
    """Everything in one transaction. Raises Stale."""
    first = [step.number, *(number for number in back.incidents if number != step.number)]
    line = _line(store, back)
    others = list(_others(store.table, back))
    changed = [*line.changed, *(changed for changed, _ in others)]
    taken_steps = [Taken(*back.incidents[number], told[number]) for number in first]
    saved, writes = taken(store.table, *taken_steps, changed=changed, turn=turn)
    writes += [*line.writes, *(write for _, write in others), *_marks(store, step, turn, told[step.number].id)]
    store.commit(writes, " or ".join(before.id for before, _ in back.incidents.values()))
    return dict(zip(first, saved, strict=True))


def _line(store: IncidentStore, back: Restored) -> LineStep:
    """Whoever goes on is what its alarms speak of; a line that the step moved goes back where nobody goes on."""
    opening = [before for before, after in back.incidents.values() if after.is_open and not before.is_open]
    if opening:
        return line_again(store, opening[0])
    moved = [(was, after) for was, after in back.items if was["pk"]["S"].startswith(keys.LINE) and was != after]
    steps = [line_step(store.table, line_from(from_item(after)), line_from(from_item(was))) for was, after in moved]
    return steps[0] if steps else LineStep()


def _others(table: str, back: Restored) -> Iterator[tuple[Changed, Write]]:
    """The postmortem, action items and the changes of the integration."""
    for was, after in back.items:
        if was["sk"] == keys.postmortem(0)["sk"]:
            yield _postmortem(table, was, after)
        elif was["sk"]["S"].startswith(keys.ACTION) and was != after:
            yield action_again(table, was, after)
        elif not was["pk"]["S"].startswith(keys.LINE) and was != after:
            yield item_changed(was, after), put(table, after)


def _postmortem(table: str, was: Item, after: Item) -> tuple[Changed, Write]:
    known = postmortem_from(was)
    number = int(was["pk"]["S"].removeprefix(keys.INCIDENT))
    back = postmortem_from(after)
    words = known.words + (0 if same_words(back, known) else 1)
    item = postmortem_item(number, replace(back, edit=known.edit + 1, words=words))
    return postmortem_changed(was, item), put_over(table, item, known.edit, counter="edit")


def _marks(store: IncidentStore, step: Step, turn: Turn, entry: str) -> list[Write]:
    """The step is taken back by this entry; whether the one that was there first stands, changes with each turn."""
    marks = mark(store.table, step, entry)
    base = read_step(store.client, store.table, step.number, turn.base[step.number]) if step.base else None
    stands = "" if turn.turns % 2 == 0 else entry
    return marks + (mark(store.table, base, stands) if base and base.taken_back != stands else [])
