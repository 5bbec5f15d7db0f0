"""What the form of a postmortem shows, and what it sends: each field with what was typed, stored, suggested and met.

Pure. Knows that a suggestion is nobody's answer until somebody changes it or keeps it. Refuses to know words and
stores.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.merging import FIELDS, NUMBERS, bare, fields_of, mark, marks, marks_in
from deadair.domain.postmortem import EXTRAS, QUESTIONS, SUGGESTIBLE, Postmortem
from deadair.usecases.edit_postmortem import Edited

# A number longer than this is none that we wrote.
DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What somebody else saved in a field that was changed here too. Without `by` nobody knows who, or when."""

    text: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form. `suggested`: its text is what the data know, and nobody's answer yet."""

    key: str
    label: str
    text: str
    suggested: bool = False
    kept: bool = False
    missing: bool = False
    met: Met | None = None

    @property
    def rows(self) -> int:
        """How high it begins."""
        return 5 if len(self.text) > 200 else 3  # noqa: PLR2004 - some three lines


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent: texts by field, the marks of what it showed, and the suggestions that were kept."""

    texts: dict[str, str]
    seen: dict[str, str]
    kept: frozenset[str] = frozenset()


def typed_in(fields: Mapping[str, str], known: Postmortem) -> Typed:
    """Read a form. One that does not say what it showed has seen `known`, unless it says that it saw another edit."""
    offered, kept = marks_in(fields.get("offered", "")), {key for key in SUGGESTIBLE if fields.get(f"keep-{key}")}
    texts = {key: fields[key] for key in FIELDS if key in fields}
    own = {key: "" if _is_offer(key, text, offered) and key not in kept else text for key, text in texts.items()}
    seen = marks_in(fields["seen"]) if "seen" in fields else _seen_by_edit(fields, known)
    return Typed(own, seen, frozenset(kept))


def _is_offer(key: str, text: str, offered: Mapping[str, str]) -> bool:
    return offered.get(key) == mark(text)


def _seen_by_edit(fields: Mapping[str, str], known: Postmortem) -> dict[str, str]:
    edit = seen_edit(fields)
    return marks(fields_of(known)) if edit is None or edit == known.edit else {}


def seen_edit(fields: Mapping[str, str]) -> int | None:
    """The edit that the form was filled from; None when the form does not say."""
    text = fields.get("seen_edit", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def offered(postmortem: Postmortem) -> dict[str, str]:
    """The marks of the suggestions that the form shows."""
    guesses = {key: _guess(postmortem, key) for key in SUGGESTIBLE}
    return {key: mark(text) for key, text in guesses.items() if text}


def _guess(postmortem: Postmortem, key: str) -> str:
    """What the data know where nobody has said anything."""
    said = postmortem.answers.get(key, "") or postmortem.extras.get(key, "")
    return "" if said.strip() else postmortem.suggested.get(key, "").strip()


def form_fields(
    postmortem: Postmortem,
    typed: Typed | None = None,
    met: Mapping[str, Met] | None = None,
    missing: Collection[str] = (),
) -> dict[str, list[Field]]:
    """`questions`, `extras` and `numbers`, each with what was typed, else what is stored, else what is suggested."""
    stored, groups = fields_of(postmortem), {"questions": QUESTIONS, "extras": EXTRAS, "numbers": NUMBERS}
    texts = stored | (typed.texts if typed else {})
    return {
        name: [_field(key, postmortem, texts[key], typed, met or {}, missing) for key in group]
        for name, group in groups.items()
    }


def _field(  # noqa: PLR0917 - all that one field shows
    key: str,
    postmortem: Postmortem,
    text: str,
    typed: Typed | None,
    met: Mapping[str, Met],
    missing: Collection[str],
) -> Field:
    guess = _guess(postmortem, key)
    shows_guess = bool(guess) and bare(text) in {"", bare(guess)}
    return Field(
        key=key,
        label=FIELDS[key],
        text=guess if shows_guess else text,
        suggested=shows_guess,
        kept=typed is not None and key in typed.kept,
        missing=key in missing,
        met=met.get(key),
    )


def met_in(edited: Edited) -> dict[str, Met]:
    """What others saved in fields that were changed here too."""
    return {
        key: Met(text=text, by=touch.by if touch else "", at=touch.at if touch else None)
        for key, text in edited.merged.met.items()
        for touch in (edited.touches.get(key),)
    }
