"""What people may call the five questions after `pm 42`.

Knows words. Refuses to know answers.
"""

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


def question(text: str) -> tuple[str, str]:
    """The key of the question that a text starts with and the answer after it; an empty key when it names none."""
    first, rest = first_word(text)
    if bare(first) in {"answer", "a"}:
        first, rest = first_word(rest)
    word = bare(first)
    key = word if word in QUESTION_WORDS.values() else QUESTION_WORDS.get(word, "")
    return key, unquoted(rest.lstrip(":- ").strip())
