"""What of a document is indexed, and in which form: pure.

Knows how Markdown reads as plain text and which other spellings a word has. Refuses to know SQL.
"""

import re
import unicodedata

from deadair.adapters.search.query import CAMEL, COMPOUND, HUMPS_AT_MOST, PART, UNSPACED, pairs
from deadair.adapters.search.synonyms import synonyms
from deadair.adapters.search.words import CLASS_WORDS
from deadair.domain.document import Document

# A snippet is cut from the plain text; past this length a document is a log file, not a write-up.
BODY_AT_MOST = 200_000
PARTS_AT_MOST = 4
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# One word after it names a language; more are code, as Slack writes it.
FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})(?:[ \t]*\S*[ \t]*$)?", re.MULTILINE)
LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
LINE_MARKUP = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\|)|[ \t]*\|[ \t]*$", re.MULTILINE)
DIVIDER = re.compile(r"^[-=|: \t]{3,}$", re.MULTILINE)
INLINE_MARKUP = re.compile(r"(\*\*|__|~~|`+)|\\(?=[!-/:-@\[-`{-~])")


def clean(text: str) -> str:
    """The text without control characters (the marks of a snippet are such), each letter in its one composed form."""
    return unicodedata.normalize("NFC", CONTROLS.sub(" ", text))


def plain(markdown: str) -> str:
    """Markdown as the words that a reader sees, roughly; control characters out."""
    text = clean(markdown[:BODY_AT_MOST])
    text = LINE_MARKUP.sub("", DIVIDER.sub("", FENCE.sub("", LINK.sub(r"\1", text))))
    return " ".join(INLINE_MARKUP.sub("", text).replace(" | ", " · ").split())


def aliases(document: Document, body: str) -> str:
    """Other forms of the document's words: humps of CamelCase apart, compounds joined, the class in other words."""
    found: dict[str, None] = {}
    text = clean(f"{document.title} {' '.join(document.tags)} {document.integration_name} ") + body
    for word in COMPOUND.findall(text):
        # Nearly every word has no other form, and asking costs more than all else here.
        if word.isalpha() and word[1:].islower():
            continue
        parts = PART.findall(word)
        humps = CAMEL.findall(word)
        if 1 < len(parts) <= PARTS_AT_MOST:
            found["".join(parts)] = None
        elif 1 < len(humps) <= HUMPS_AT_MOST and "".join(humps) == word and not word.isupper():
            found[" ".join(humps)] = None
    others = (CLASS_WORDS.get(document.failure_class, ""), synonyms(f"{document.title} {body}"), _unspaced(body))
    return " ".join([*found, *others])


def _unspaced(text: str) -> str:
    """Pairs of letters that stand for words where a script sets no spaces, and the other words among them."""
    mixed = [word for word in PART.findall(text) if UNSPACED.search(word)] if UNSPACED.search(text) else []
    others = [part for word in mixed for part in PART.findall(UNSPACED.sub(" ", word))]
    return " ".join([*(pair for word in mixed for pair in pairs(word)), *others])


def facet_words(document: Document) -> str:
    """Tags, names and classes as one text, and the title's words where no spaces tell them."""
    names = (document.integration_name, document.integration, document.company)
    classes = (document.failure_class, document.severity)
    return clean(" · ".join(text for text in (*document.tags, *names, *classes, _unspaced(document.title)) if text))
