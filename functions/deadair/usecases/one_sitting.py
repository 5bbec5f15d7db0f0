"""What a form saves by itself while somebody writes: one line of the timeline and one step for each sitting.

Knows that the line names every question that was touched, so another one takes its place when there are more; that the
step is the whole sitting, so that taking it back takes all of it back; and that somebody else's save ends it. Refuses
to know what is saved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore, postmortem_item
from deadair.adapters.dynamodb.places import Place
from deadair.adapters.dynamodb.step_writes import carry_on, forget, postmortem_changed, step_writes
from deadair.adapters.dynamodb.steps import Changed, Step, read_steps
from deadair.adapters.dynamodb.transact import put_over
from deadair.domain.ownership import same_person
from deadair.domain.postmortem import Postmortem
from deadair.domain.timeline import Entry, Fact

# Whoever pauses for longer begins a new line.
SITTING = timedelta(minutes=10)
# How the id of such an entry ends: it alone is carried on.
BY_ITSELF = "-auto"
SAID_IN = frozenset({"answers", "extras", "impact"})
Said = Callable[[Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class _Sitting:
    """The step that goes on, and everything that it has changed by then."""

    step: Step
    changed: Changed

    @property
    def fields(self) -> list[str]:
        """What was touched, by field."""
        return [place.path[-1] for place in self.changed.places if place.path[0] in SAID_IN]


class SittingStore(IncidentStore):
    """The store for what a form saves by itself at `now`. `said` words the line that names those fields."""

    def __init__(self, store: IncidentStore, now: datetime, said: Said) -> None:
        super().__init__(store.client, store.table)
        self._now, self._said = now, said

    def save_postmortem(self, number: int, before: Postmortem | None, after: Postmortem, *entries: Entry) -> None:
        """As ever, but for what goes on with the person's own line of some minutes ago. Raises Stale."""
        if before is None or len(entries) != 1 or entries[0].actor is None:
            super().save_postmortem(number, before, after, *entries)
            return
        entry = replace(entries[0], id=entries[0].id + BY_ITSELF)
        item = postmortem_item(number, after)
        changed = postmortem_changed(postmortem_item(number, before), item)
        last = self._sitting(number, entry, changed)
        if last is None:
            super().save_postmortem(number, before, after, entry)
            return
        writes = [put_over(self.table, item, before.edit, counter="edit")]
        text = self._said(last.fields)
        if text == last.step.said:
            writes.append(carry_on(self.table, last.step, last.changed, self._now))
        else:
            told = replace(entry, text=text, supersedes=last.step.entry)
            writes += self._told(number, (told,)) + step_writes(self.table, [(number, told)], [last.changed])
            writes.append(forget(self.table, last.step))
        self.commit(writes, f"The postmortem of INC-{number}")

    def _sitting(self, number: int, entry: Entry, changed: Changed) -> _Sitting | None:
        """The last step at this postmortem, where it is this person's own sitting, with what changes now."""
        steps = read_steps(self.client, self.table, number, self._now)
        last = next((step for step in steps if _of_postmortem(step, number)), None)
        if last is None or entry.actor is None or not same_person(last.by, entry.actor.person):
            return None
        goes_on = last.entry.endswith(BY_ITSELF) and not last.taken_back and not last.large
        if not goes_on or last.fact is not Fact.POSTMORTEM_ANSWERED or self._now - last.last_at > SITTING:
            return None
        together = _together(last.changed[0].places, changed.places)
        return _Sitting(last, replace(changed, places=together)) if together else None


def _of_postmortem(step: Step, number: int) -> bool:
    name = keys.postmortem(number)["sk"]["S"]
    return any(one.name[1] == name for one in step.changed)


def _together(before: Iterable[Place], after: Iterable[Place]) -> tuple[Place, ...]:
    """From what was there before the first to what is there after the second; what is as it was is no change."""
    found = {place.path: place for place in before}
    for place in after:
        first = found.get(place.path, place)
        found[place.path] = Place(place.path, first.before, place.after)
    return tuple(place for place in found.values() if place.before != place.after)
