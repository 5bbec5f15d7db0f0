"""What narrows a search of postmortems: one name each, in addresses, on the command line, in Slack and in the API.

Knows names and the form of their values. Refuses to know which values occur and how they are looked for.
"""

import re
from collections.abc import Mapping
from datetime import date

from deadair.domain.errors import Invalid

# In the order in which pages offer them; each is counted.
FACETS = ("integration", "failure_class", "severity", "owner", "vendor", "detected_by", "consent", "company", "tag")
# Whole days in UTC, both included.
DAYS = ("since", "until")
FILTERS = (*FACETS, *DAYS)
YES, NO = "yes", "no"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def given(fields: Mapping[str, str]) -> dict[str, str]:
    """The filters among some fields, such as an address's, that have a value."""
    return {name: fields[name].strip() for name in FILTERS if fields.get(name, "").strip()}


def checked(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters that have a value. Raises Invalid that names the one that is none, or is no day, no yes and no no."""
    for name in filters:
        if name not in FILTERS:
            remedy = f"Use one of {', '.join(FILTERS)}."
            raise Invalid(f"There is no filter `{name}`.", field=name, remedy=remedy)
    told = {name: value.encode("utf-8", "ignore").decode() for name, value in filters.items() if value}
    for name in DAYS:
        if name in told and not _is_day(told[name]):
            raise Invalid(f"`{told[name][:40]}` is no day.", field=name, remedy="Write it as 2026-01-31.")
    if told.get("consent", YES) not in {YES, NO}:
        raise Invalid(f"`{told['consent'][:40]}` is neither yes nor no.", field="consent", remedy="Write yes or no.")
    if told.get("since", "") > told.get("until", "9999-12-31"):
        raise Invalid("The last day lies before the first.", field="until", remedy="Choose a later one, or none.")
    return told


def _is_day(text: str) -> bool:
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
