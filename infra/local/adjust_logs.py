"""Logs inside MiniStack: searched by a regular expression between percent signs, as CloudWatch Logs does.

MiniStack takes such a pattern for a word, which no line has. Nothing here knows Deadair.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import re
from collections.abc import Callable

from ministack.services import cloudwatch_logs

Matches = Callable[[str], bool]


def apply() -> None:
    """Make the adjustment."""
    compile_words = cloudwatch_logs._compile_filter_pattern

    def compile_pattern(raw: str) -> Matches:
        bare = (raw or "").strip()
        if len(bare) > 1 and bare.startswith("%") and bare.endswith("%"):
            wanted = re.compile(bare[1:-1])
            return lambda line: wanted.search(line) is not None
        matches: Matches = compile_words(raw)
        return matches

    cloudwatch_logs._compile_filter_pattern = compile_pattern
