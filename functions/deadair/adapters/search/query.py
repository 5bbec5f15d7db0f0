"""A person's words become terms: pure, no I/O.

Knows words, compounds and stop words. Refuses to let raw text reach MATCH: every term leaves here as letters and
digits in quotes. What the index contains is asked through two small functions, so that this stays testable.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from deadair.adapters.search.words import STOP

WORDS_AT_MOST = 24
CHARACTERS_AT_MOST = 400
# A compound's part counts by itself from this length on; a word with more humps is an identifier of a machine.
PART_AT_LEAST, HUMPS_AT_MOST = 3, 6
COMPOUND = re.compile(r"[^\W_]+(?:[-_./:'’&+][^\W_]+)*")
PART = re.compile(r"[^\W_]+")
CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
POSSESSIVE = re.compile(r"['’](?:s|t|re|ve|ll|d|m)?\Z", re.IGNORECASE)
LATIN_MARKS = ("\u0300", "\u036f")
# Other forms of one letter that the index takes for the same.
FORMS = str.maketrans("ςſµ", "σsμ")
# Scripts that set no space between words: two neighbours count as a word.
UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
IS_IZ = re.compile(r"(?<=\w\w)i([sz])(?=(?:e|ed|es|ing|ation|ations|er|ers)\Z)")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the query. `word` is folded, `written` is how it stands in the query.

    `forms` are the texts that count as the word: phrases of letters, digits and spaces; `parts` are words within it
    that count by themselves. `prefix` marks the last word, which a person may still be typing.
    """

    word: str
    written: str
    forms: tuple[str, ...]
    parts: tuple[str, ...] = ()
    prefix: bool = False


def fold(text: str) -> str:
    """Lower case, and Latin letters without diacritics, as the index has it; other scripts keep their marks."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded, unicodedata.normalize("NFC", text)))


def _folded(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    if LATIN_MARKS[0] <= letter <= LATIN_MARKS[1]:
        return ""
    plain = apart[0] if len(apart) > 1 and apart[0].isascii() else letter
    return plain.lower()[:1].translate(FORMS)


def read(query: str) -> list[Term]:
    """The terms of a query in its order, stop words out unless there are only stop words. Never raises."""
    clean = unicodedata.normalize("NFC", query[:CHARACTERS_AT_MOST].encode("utf-8", "ignore").decode())
    written = [POSSESSIVE.sub("", found[0]) for found in COMPOUND.finditer(clean)][:WORDS_AT_MOST]
    told = [word for word in written if fold(word) not in STOP] or written
    terms = [_term(word) for word in told if fold(word)]
    if terms and clean[-1:] == written[-1][-1:] and terms[-1].written == written[-1]:
        terms[-1] = replace(terms[-1], prefix=True)
    return terms


def pairs(text: str) -> list[str]:
    """Every two neighbours of the unspaced scripts in a text, each run's last letter by itself too, in their order."""
    runs = UNSPACED.findall(unicodedata.normalize("NFKC", text)) if not text.isascii() else []
    return [run[at : at + 2] for run in runs for at in range(len(run))]


def _unspaced(word: str) -> Term:
    """A word with letters of such a script: itself, its pairs, and what stands between in other letters."""
    told = fold(word)
    single = len(told) == 1
    parts = [*(pair for pair in pairs(told) if len(pair) > 1), *PART.findall(UNSPACED.sub(" ", told))]
    return Term(told, word, (told,), tuple(dict.fromkeys(parts)), prefix=single)


def _term(word: str) -> Term:
    if UNSPACED.search(word):
        return _unspaced(word)
    parts = [fold(part) for part in PART.findall(word)]
    forms = [" ".join(parts)]
    words = [part for part in parts if len(part) >= PART_AT_LEAST and part.isalpha() and part not in STOP]
    if len(parts) > 1:
        forms.append("".join(parts))
    humps = [fold(part) for part in CAMEL.findall(word)]
    if len(parts) == 1 and 1 < len(humps) <= HUMPS_AT_MOST and "".join(humps) == parts[0] and not word.isupper():
        forms.append(" ".join(humps))
    told = tuple(dict.fromkeys(form for written in forms for form in _spelt(written)))
    return Term("".join(parts), word, told, tuple(words) if len(parts) > 1 else ())


def _spelt(form: str) -> list[str]:
    other = other_spelling(form)
    return [form, other] if other else [form]


def other_spelling(word: str) -> str:
    """`authorise` for `authorize` and the reverse; empty when there is no such pair."""
    return IS_IZ.sub(lambda m: "iz" if m[1] == "s" else "is", word) if IS_IZ.search(word) else ""


def wanted(
    terms: Iterable[Term], completions: Callable[[str], list[str]], occurs: Callable[[str], bool]
) -> list[tuple[str, ...]]:
    """Per term, and per part of a term, the phrases of FTS5 that count as it, quoted; none twice, nothing without one.

    `completions` gives whole words that begin with a prefix; `occurs` says whether a word is in the index.
    Two neighbours that occur as one word ("sales force") count as that word too. No phrase of neighbours and no prefix
    beside a whole word: each would count the same words once more, and the last word above all others.
    """
    told, taken = list(terms), set[str]()
    found: list[tuple[str, ...]] = []
    for term, after in zip_longest(told, told[1:]):
        forms = [_quoted(form) for form in term.forms]
        if term.prefix:
            forms += _unfinished(term, completions)
        if after and occurs(term.word + after.word):
            forms.append(_quoted(term.word + after.word))
        for alike in (forms, *([_quoted(form) for form in _spelt(part)] for part in term.parts)):
            new = tuple(form for form in dict.fromkeys(alike) if form not in taken)
            taken.update(new)
            found += [new] if new else []
    return found


def match(wanted: Iterable[Iterable[str]]) -> str:
    """The FTS5 expression: every phrase, joined by OR. Empty when there is nothing to look for."""
    return " OR ".join(form for forms in wanted for form in forms)


def _unfinished(term: Term, completions: Callable[[str], list[str]]) -> list[str]:
    """What a word may become that is still being typed."""
    if UNSPACED.match(term.word):
        return [_quoted(term.word) + " *"]
    if len(term.word) == 1:
        return []
    return [_quoted(word) for word in completions(term.word)] or [_quoted(term.word) + " *"]


def _quoted(form: str) -> str:
    return '"' + " ".join(PART.findall(form)) + '"'
