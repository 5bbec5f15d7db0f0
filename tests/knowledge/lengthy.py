"""The judged write-ups as old companies keep them: long, under titles that say nothing, the cause somewhere in between.

Real collections hold write-ups of 300 to 3,000 words beside short ones. Of three of these one stays as it is, one gets
a title like "Incident report 2024-05-17" with its own title in the text, and both others grow to up to 2,500 words by
asides and by wrong tracks of other causes. The grades are those of the judged set.
"""

import random
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Template

from deadair.domain.document import Document
from tests.knowledge.causes import WAYS, causes
from tests.knowledge.judged import SEED, documents
from tests.knowledge.telling import SAYINGS

ASIDES = tomllib.loads(Path(__file__).with_name("asides.toml").read_text("utf-8"))
KINDS = 3
FIGURES = {"n": "412", "n2": "17", "h": "9", "k": "5", "m": "23", "pct": "40", "id": "0f3a"}
WORDS = (300, 2500)


@cache
def long_documents() -> tuple[Document, ...]:
    """The write-ups of the judged set with their ids, most of them long; the same every time."""
    rng = random.Random(SEED)
    return tuple(_told(at, document, rng) for at, document in enumerate(documents()))


def _told(at: int, document: Document, rng: random.Random) -> Document:
    if at % KINDS == 0:
        return document
    body = _grown(document, rng)
    if at % KINDS == 1:
        return replace(document, body=body)
    title = f"Incident report {document.date.date().isoformat()}"
    return replace(document, title=title, body=f"# {document.title}\n\n{body}", fix="")


def _grown(document: Document, rng: random.Random) -> str:
    wanted = rng.randrange(*WORDS)
    parts, words = document.body.split("\n\n"), len(document.body.split())
    while words < wanted:
        more = f"## {rng.choice(ASIDES['headings'])}\n\n{_aside(document, rng)}"
        parts.insert(rng.randrange(len(parts) + 1), more)
        words += len(more.split())
    return "\n\n".join(parts)


def _aside(document: Document, rng: random.Random) -> str:
    """A paragraph beside the point: of no incident, or of what it was not."""
    source, _, target = document.integration_name.partition(" → ")
    blanks = {"src": source, "dst": target or source, "day": "Tuesday", "p": document.owner, "co": document.company}
    if rng.random() < 0.6:
        return Template(rng.choice(ASIDES["paragraphs"])).safe_substitute(blanks)
    other = rng.choice(causes())
    tracks = " ".join(rng.sample(SAYINGS["tracks"], 3))
    text = f"{tracks} A colleague remembered: {other.saw[rng.randrange(WAYS)]} It had nothing to do with this."
    return Template(text).safe_substitute(
        blanks | {"n": "412", "n2": "17", "h": "9", "k": "5", "m": "23", "pct": "40", "id": "0f3a"}
    )
