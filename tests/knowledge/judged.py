"""The judged set: 201 believable write-ups, and 36 searches with the grade of each write-up that answers them.

A write-up is called by its cause and the way it is told, `owner-left/0` (the cards are in `cards/`); its id in the
index says nothing of it. Grades (`searches.toml`): 2 is what the person looks for, 1 would help them, all others 0.
They were given from the cards alone, before any engine was asked, and are not changed to please one; a grade that was
wrong on reading its card again says so in its reason. `SEARCHES` are the searches, `documents()` the write-ups,
`grades(search)` what is right for one, by document id. `HELD_OUT` are more searches, by which nothing is tuned.

`many(n)` makes any number of write-ups of the same kind for measuring: causes at other places, tellings mixed,
numbers, names and machine ids of their own, so that the words grow with the documents.
"""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deadair.domain.document import Document
from tests.knowledge.causes import WAYS, Place, causes
from tests.knowledge.telling import VOICES, Told, document

SEED = 20260105


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody types. `two` and `one` name write-ups (`cause/way`) or all of a cause (`cause`)."""

    text: str
    two: str
    one: str
    why: str


def _searches(file: str) -> tuple[Search, ...]:
    rows = tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))["search"]
    return tuple(Search(**row) for row in rows)


SEARCHES = _searches("searches.toml")
HELD_OUT = _searches("held_out.toml")
UNSEEN = _searches("unseen.toml")


@cache
def _set() -> tuple[tuple[str, Document], ...]:
    rng = random.Random(SEED)
    named = [(cause, way) for cause in causes() for way in range(WAYS)]
    rng.shuffle(named)
    return tuple(
        (
            f"{cause.key}/{way}",
            document(f"INC-{at}", Told(cause, way, cause.places[way], rng), VOICES[at % len(VOICES)]),
        )
        for at, (cause, way) in enumerate(named, 101)
    )


def documents() -> list[Document]:
    """The write-ups, in an order that says nothing."""
    return [told for _, told in _set()]


def grades(search: Search) -> dict[str, int]:
    """Grades by document id. Raises KeyError where a name is of no write-up."""
    names: dict[str, list[str]] = {}
    for name, told in _set():
        for called in (name, name.partition("/")[0]):
            names.setdefault(called, []).append(told.id)
    graded = {found: 1 for name in search.one.split() for found in names[name]}
    return graded | {found: 2 for name in search.two.split() for found in names[name]}


def called(found: str) -> str:
    """The name of the write-up with an id, for people who look at a ranking."""
    return next(name for name, told in _set() if told.id == found)


def many(count: int, seed: int = SEED) -> list[Document]:
    """`count` write-ups, `INC-1` and on, the same for the same seed."""
    rng = random.Random(seed)
    known = causes()
    places: list[Place] = [place for cause in known for place in cause.places]
    made = []
    for at in range(1, count + 1):
        cause = rng.choice(known)
        way = rng.randrange(WAYS)
        place = cause.places[way] if rng.random() < 0.7 else rng.choice(places)
        made.append(document(f"INC-{at}", Told(cause, way, place, rng, mixed=True), rng.choice(VOICES)))
    return made
