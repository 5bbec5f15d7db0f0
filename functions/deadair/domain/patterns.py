"""Whether two alarm patterns can claim the same alarm, and an alarm name that shows it.

Knows `*` (any text) and `?` (any one character). Refuses to know which pattern should win.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator

Claim = tuple[str, str]
# Stands for "any character" in an example.
ANY = "x"
LITERAL = re.compile(r"[^*?]*")


def overlaps(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Every pair of (pattern, slug) of different slugs that can match one name, with such a name.

    Only patterns of which one's literal beginning begins the other's are compared, so that thousands of rows
    with their own prefixes cost little.
    """
    begun = sorted((_beginning(pattern), pattern, slug) for pattern, slug in claims)
    for i, (beginning, pattern, slug) in enumerate(begun):
        for j in range(i + 1, len(begun)):
            other_beginning, other, other_slug = begun[j]
            if not other_beginning.startswith(beginning):
                break
            if other_slug != slug and (example := common_name(pattern, other)) is not None:
                yield (pattern, slug), (other, other_slug), example or ANY


def common_name(one: str, other: str) -> str | None:
    """The shortest name that both patterns match; None when there is none."""
    start = (0, 0)
    names = {start: ""}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        if at == (len(one), len(other)):
            return names[at]
        for then, char in _steps(one, other, *at):
            if then in names and len(names[then]) <= len(names[at]) + len(char):
                continue
            names[then] = names[at] + char
            # A step without a character costs nothing and goes first, so that the first arrival is the shortest.
            (queue.append if char else queue.appendleft)(then)
    return None


def _steps(one: str, other: str, i: int, j: int) -> Iterator[tuple[tuple[int, int], str]]:
    a, b = one[i : i + 1], other[j : j + 1]
    if a == "*":
        yield (i + 1, j), ""
    if b == "*":
        yield (i, j + 1), ""
    if not a or not b or (a == b == "*"):
        return
    wild = "*?"
    if a in wild or b in wild or a == b:
        char = a if a not in wild else b if b not in wild else ANY
        yield (i if a == "*" else i + 1, j if b == "*" else j + 1), char


def _beginning(pattern: str) -> str:
    found = LITERAL.match(pattern)
    return found[0] if found else ""
