"""A person's Markdown inside a longer Markdown document.

Knows that an answer may carry markup but must not swallow or script what follows it. Refuses to know HTML pages:
those go through `markdown`.
"""

import re

from deadair.adapters.jinja.markdown import Trusted
from deadair.domain.visible import visible

# A fence that opens or closes a code block, and a code span: text inside is shown as it is.
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
TAG_START = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")


def as_markdown(text: str) -> Trusted:
    """Mark a person's text as Markdown on purpose: its raw HTML becomes text, an open code block is closed."""
    shown, fence = [], ""
    for line in visible(text).split("\n"):
        mark = FENCE.match(line)
        opens_or_closes = mark is not None
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
        shown.append(line if fence or opens_or_closes else _html_as_text(line))
    return Trusted("\n".join([*shown, fence] if fence else shown))


def _html_as_text(line: str) -> str:
    done, at = [], 0
    for span in SPAN.finditer(line):
        done += [TAG_START.sub(r"\\<", line[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*done, TAG_START.sub(r"\\<", line[at:])])
