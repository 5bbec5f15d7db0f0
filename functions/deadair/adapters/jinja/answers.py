"""A person's Markdown inside a longer Markdown document.

Knows that an answer may carry markup but must not swallow or script what follows it. Refuses to know HTML pages:
those go through `markdown`.
"""

import re

from deadair.adapters.jinja.markdown import Trusted, parsed
from deadair.domain.visible import visible

# A fence that opens or closes a code block, and a code span: text inside is shown as it is.
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
# A line that may be a heading, by its marks or as the line under one.
MAYBE_HEADING = re.compile(r"^[ >*+\-\d.)]*(#{1,6}([ \t]|$)|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
MARKS = re.compile(r"#+|=+[ \t]*$|-+[ \t]*$")
# The document's own headings are of the first and the second level.
DEEPER, DEEPEST = 2, 6
TAG_START = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")


def as_markdown(text: str) -> Trusted:
    """Mark a person's text as Markdown on purpose.

    Its raw HTML becomes text, an open code block is closed, and its headings stay below those of the document.
    """
    shown, fence = [], ""
    for line in visible(text).split("\n"):
        mark = FENCE.match(line)
        opens_or_closes = mark is not None
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
        shown.append(line if fence or opens_or_closes else _html_as_text(line))
    return Trusted(_below("\n".join([*shown, fence] if fence else shown)))


def _below(text: str) -> str:
    """The text with its headings two levels deeper. One that is underlined gets marks, or is none inside a list."""
    if not MAYBE_HEADING.search(text):
        return text
    lines = text.split("\n")
    for token in parsed(text):
        if token.type != "heading_open" or not token.map:
            continue
        begin, end = token.map
        deeper = "#" * min(int(token.tag[1]) + DEEPER, DEEPEST)
        if token.markup.startswith("#"):
            lines[begin] = MARKS.sub(deeper, lines[begin], count=1)
        elif token.level == 0:
            lines[end - 1], lines[end - 2] = "", f"{deeper} {lines[end - 2].strip()}"
        else:
            lines[end - 1] = MARKS.sub(f"\\\\{token.markup}", lines[end - 1], count=1)
    return "\n".join(lines)


def _html_as_text(line: str) -> str:
    done, at = [], 0
    for span in SPAN.finditer(line):
        done += [TAG_START.sub(r"\\<", line[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*done, TAG_START.sub(r"\\<", line[at:])])
