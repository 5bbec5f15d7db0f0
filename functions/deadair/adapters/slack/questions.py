"""What people may call the five questions after `pm 42`, and how their answers read.

Knows words, and that answers are Markdown. Refuses to know who answers.
"""

import re

from deadair.adapters.slack.tokens import bare, first_word, unquoted

QUESTION_WORDS: dict[str, str] = {
    "broke": "what_broke",
    "what": "what_broke",
    "started": "when_started",
    "start": "when_started",
    "when": "when_started",
    "detected": "how_detected",
    "detection": "how_detected",
    "how": "how_detected",
    "fix": "what_fixed",
    "fixed": "what_fixed",
    "earlier": "what_earlier",
    "catch": "what_earlier",
}

# Markdown's escape of a sign.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def as_read(markdown: str) -> str:
    """An answer as its reader sees it: Slack knows no escapes and would show each."""
    return ESCAPED.sub(r"\1", markdown)


def question(text: str) -> tuple[str, str]:
    """The key of the question that a text starts with and the answer after it; an empty key when it names none."""
    first, rest = first_word(text)
    if bare(first) in {"answer", "a"}:
        first, rest = first_word(rest)
    word = bare(first)
    key = word if word in QUESTION_WORDS.values() else QUESTION_WORDS.get(word, "")
    return key, unquoted(rest.lstrip(":- ").strip())
