"""Several people at one postmortem: what only one of them changed goes together, what both changed is asked.

Knows a postmortem as fields of text, and three states of each: as the form showed it, as it was typed, as it is stored.
Refuses to choose between two texts, and to know doors. A form need not send the texts that it showed: a mark of each
tells whether it is still there.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from deadair.domain.alarm import digest
from deadair.domain.errors import Invalid
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem
from deadair.domain.said import MOST, Impact

# What the numbers of the impact are called.
NUMBERS: dict[str, str] = {
    "records": "Records lost, late or wrong",
    "people": "People who noticed or were harmed",
    "minutes": "Minutes of harm",
    "consent": "Opt-outs or consents not honoured in time",
}
FIELDS: dict[str, str] = {**QUESTIONS, **EXTRAS, **NUMBERS}
MARK = 12
MARKED = re.compile(r"([a-z_]{1,20}):([0-9a-f]{1,32})")
# Thousands as people group them: 1,200 or 1.200 or 1'200.
GROUPED, SIGNS = re.compile(r"[0-9]{1,3}(?:[.,'’][0-9]{3})+"), re.compile(r"[.,'’]")

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """By field: `save` is what only this person changed, `theirs` what only others did, `met` what both did."""

    save: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    met: dict[str, str] = field(default_factory=dict)


def fields_of(postmortem: Postmortem) -> dict[str, str]:
    """Everything that people may say of it, as text by field; empty is unsaid."""
    numbers = {name: "" if number is None else str(number) for name, number in asdict(postmortem.impact).items()}
    texts = {key: postmortem.answers.get(key, "") for key in QUESTIONS}
    return texts | {key: postmortem.extras.get(key, "") for key in EXTRAS} | numbers


def bare(text: str) -> str:
    """A text as it is compared and stored: without the space around it, with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def mark(text: str) -> str:
    """What tells a text from every other."""
    return digest(bare(text))[:MARK]


def marks(texts: Texts) -> dict[str, str]:
    """The mark of each field."""
    return {key: mark(text) for key, text in texts.items()}


def marks_text(told: Texts) -> str:
    """Marks as a form carries them."""
    return " ".join(f"{key}:{one}" for key, one in told.items())


def marks_in(text: str) -> dict[str, str]:
    """Read `marks_text`; what is none of ours is not there."""
    return {found[1]: found[2] for found in MARKED.finditer(text) if found[1] in FIELDS}


def merge(seen: Texts, typed: Texts, stored: Texts) -> Merged:
    """Bring together what was typed and what is stored. `seen` are the marks of what the form was filled with.

    A field of which the form does not say what it showed met whatever is stored.
    """
    merged = Merged()
    for key, text in typed.items():
        if key not in stored or bare(text) == bare(stored[key]):
            continue
        mine, others = mark(text) != seen.get(key), mark(stored[key]) != seen.get(key)
        side = merged.met if mine and others else merged.save if mine else merged.theirs
        side[key] = bare(text) if side is merged.save else stored[key]
    return merged


def answers_in(texts: Texts) -> dict[str, str]:
    """Those that answer questions."""
    return {key: text for key, text in texts.items() if key in QUESTIONS}


def extras_in(texts: Texts) -> dict[str, str]:
    """Those that say something beyond the questions."""
    return {key: text for key, text in texts.items() if key in EXTRAS}


def impact_in(texts: Texts, known: Impact) -> Impact:
    """The known impact with the numbers that were typed; an empty one is unknown. Raises Invalid for no number."""
    typed = {name: _number(name, texts[name]) for name in NUMBERS if name in texts}
    return replace(known, **typed)


def _number(name: str, text: str) -> int | None:
    plain = "".join(text.split())
    if not plain:
        return None
    digits = SIGNS.sub("", plain) if GROUPED.fullmatch(plain) else plain
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MOST)) or int(digits) > MOST:
        remedy = "Write a whole number, or leave it empty where nobody knows."
        raise Invalid(f"“{text.strip()[:40]}” is no number of: {NUMBERS[name].lower()}.", field=name, remedy=remedy)
    return int(digits)
