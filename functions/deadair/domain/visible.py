"""Text whose every character can be seen. Knows which characters mislead; refuses to know where a text is shown."""

import re

MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with nothing in it that misleads: direction overrides, controls and lone surrogates become U+FFFD."""
    return MISLEADING.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
