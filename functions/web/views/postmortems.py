"""What the search of postmortems shows: facets as links, chips, ways out of nothing.

Pure. Refuses to know words and storage.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

from deadair.domain.filters import FACETS, given
from web import addresses

# A page folds all but the first few of them.
FACET_VALUES = 20
PER_PAGE = 20
LAST_PAGE = 500
# A number longer than this is none that we wrote.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many it would leave, and the address that sets or removes it."""

    value: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    facet: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """What to leave out of a search that finds nothing, and how many that would find. The words are the facet `q`."""

    facet: str
    value: str
    href: str
    total: int


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address sets."""
    return given(query)


def page_of(query: Mapping[str, str]) -> int:
    """The page that an address asks for, from 1; the first for anything odd."""
    text = query.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 1


def search_address(query: str, filters: Mapping[str, str], page: int = 1) -> str:
    """The address of a search; a filter whose value is empty is none."""
    return addresses.with_query("/postmortems", q=query, **filters, page=str(page) if page > 1 else "")


def choices(
    facets: Mapping[str, list[tuple[str, int]]], query: str, filters: Mapping[str, str]
) -> dict[str, list[Choice]]:
    """The facets that offer a choice, each with its commonest values."""
    shown: dict[str, list[Choice]] = {}
    for name in FACETS:
        values = [(value, count) for value, count in facets.get(name, []) if value][:FACET_VALUES]
        if len(values) > 1 or (values and name in filters):
            without = search_address(query, {**filters, name: ""})
            # The rest of the address is the same for each value: encoding it every time took half of this page.
            with_it = f"{without}{'&' if '?' in without else '?'}{name}="
            chosen = filters.get(name)
            shown[name] = [
                Choice(value, count, chosen == value, without if chosen == value else with_it + quote_plus(value))
                for value, count in values
            ]
    return shown


def ways_out(query: str, filters: Mapping[str, str], total: Callable[[str, dict[str, str]], int]) -> list[WayOut]:
    """Each single thing to leave out, the one that finds most first. `total` counts what a search would find."""
    tries = [(name, value, query, {**filters, name: ""}) for name, value in filters.items()]
    if query and filters:
        tries.append(("q", query, "", dict(filters)))
    found = [WayOut(name, value, search_address(words, left), total(words, left)) for name, value, words, left in tries]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def chips(query: str, filters: Mapping[str, str]) -> list[Chip]:
    """The filters that are set."""
    return [Chip(name, value, search_address(query, {**filters, name: ""})) for name, value in filters.items()]
