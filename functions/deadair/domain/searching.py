"""A search as one types it into one line: words, and filters as `name:value` among them.

Knows the filters' names, what people call them, and quotes around a value of several words. Refuses to know which
values occur: it offers, by what a search counted, the one that was probably meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deadair.domain.filters import FILTERS

CALLED = {"class": "failure_class", "sev": "severity", "by": "detected_by", "from": "since", "to": "until"}
PAGE = "page"
PAGES_AT_MOST = 200
TOKEN = re.compile(
    rf"(?<!\S)({'|'.join((*FILTERS, *CALLED, PAGE))}):(?:\"([^\"]*)\"|“([^”]*)”|'([^']*)'|(\S+))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Search:
    """`words` are what is looked for, `filters` by their names; `page` counts from 1."""

    words: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.words and not self.filters

    @property
    def typed(self) -> str:
        """The line that reads as this search, without its page."""
        said = (f'{name}:"{value}"' if " " in value else f"{name}:{value}" for name, value in self.filters.items())
        return " ".join(filter(None, [self.words, *said]))


def read_search(text: str) -> Search:
    """Any text is a search; of a filter that is said twice the last counts."""
    filters: dict[str, str] = {}
    page = 1
    for found in TOKEN.finditer(text):
        name = CALLED.get(found[1].lower(), found[1].lower())
        value = " ".join(next(part for part in found.groups()[1:] if part is not None).split())
        if name == PAGE:
            page = int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(PAGES_AT_MOST)) else 1
        elif value:
            filters[name] = _plain(name, value)
    return Search(" ".join(TOKEN.sub(" ", text).split()), filters, min(max(page, 1), PAGES_AT_MOST))


def _plain(name: str, value: str) -> str:
    """As documents have it: `sev2` is SEV2, `rate limit` is rate_limit."""
    if name == "severity":
        level = value.upper().removeprefix("SEV").strip("- ")
        return f"SEV{level}"
    if name in {"failure_class", "detected_by"}:
        return value.casefold().replace(" ", "_").replace("-", "_")
    return value.casefold() if name == "consent" else value


def meant(said: str, counted: Sequence[tuple[str, int]]) -> str:
    """The value that occurs and was probably meant: the same in other letters, else the only one that begins so."""
    wanted = said.casefold()
    same = [value for value, _ in counted if value.casefold() == wanted]
    near = same or [value for value, _ in counted if any(w.startswith(wanted) for w in _starts(value))]
    return near[0] if same or len(near) == 1 else ""


def _starts(value: str) -> list[str]:
    """The value, and each of its words with what follows."""
    words = value.casefold().split()
    return [" ".join(words[place:]) for place in range(len(words))]


def as_meant(search: Search, facets: Mapping[str, Sequence[tuple[str, int]]]) -> Search:
    """The search with every value that does not occur replaced by the one that was meant, where there is one."""
    told = {name: _replaced(value, facets.get(name)) for name, value in search.filters.items()}
    return Search(search.words, told, search.page)


def _replaced(value: str, counted: Sequence[tuple[str, int]] | None) -> str:
    if counted is None or any(known == value for known, _ in counted):
        return value
    return meant(value, counted) or value
