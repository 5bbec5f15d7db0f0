"""When people can be reached, as items; and with them, in one call, what else an incident's next step depends on.

Knows one item for each address. Refuses to know who is asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, to_item
from deadair.adapters.dynamodb.maintenance import windows_from
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.transact import LostRace, commit, put_new, put_over
from deadair.domain.errors import Stale
from deadair.domain.holding import Window
from deadair.domain.reachability import Away, Reach

TURNS = 5


@dataclass(frozen=True, slots=True)
class Around:
    """What is around an incident: its people by their address, and the maintenance of its integration."""

    reach: Mapping[str, Reach]
    windows: tuple[Window, ...]


def read_around(client: Any, table: str, emails: Iterable[str], slug: str) -> Around:
    """Read both in one call. Addresses that nobody said anything about are absent."""
    wanted = [keys.person(email) for email in emails if email]
    reach: dict[str, Reach] = {}
    windows: tuple[Window, ...] = ()
    for item in read_many(client, table, [*wanted, keys.maintenance(slug)]):
        if item["pk"]["S"].startswith("PERSON#"):
            reach[item["pk"]["S"].removeprefix("PERSON#")] = reach_from(item)
        else:
            windows = windows_from(item)
    return Around(reach, windows)


def reach_from(item: Item) -> Reach:
    """A person from their item."""
    f = from_item(item)
    return Reach(
        email=f["email"],
        timezone=f.get("timezone", "UTC"),
        weekdays=frozenset(f.get("weekdays", ())),
        hours=tuple((start, end) for start, end in f.get("hours", ())),
        away=tuple(
            Away(date.fromisoformat(a["from_on"]), date.fromisoformat(a["until_on"]), a.get("why", ""))
            for a in f.get("away", ())
        ),
    )


def reach_fields(reach: Reach) -> dict[str, Any]:
    """The inverse of `reach_from`."""
    return {
        "email": reach.email,
        "timezone": reach.timezone,
        "weekdays": sorted(reach.weekdays),
        "hours": [list(span) for span in reach.hours],
        "away": [
            {"from_on": away.from_on.isoformat(), "until_on": away.until_on.isoformat(), "why": away.why}
            for away in reach.away
        ],
    }


class PeopleStore:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def of(self, emails: Iterable[str]) -> dict[str, Reach]:
        """What is known of these people, by address in lower case; those of whom nothing is known are absent."""
        items = read_many(self.client, self.table, [keys.person(email) for email in emails if email])
        return {item["pk"]["S"].removeprefix("PERSON#"): reach_from(item) for item in items}

    def change(self, email: str, change: Callable[[Reach], Reach]) -> Reach:
        """Write what `change` makes of a person. Returns it; raises Stale when others write all the time."""
        for _ in range(TURNS):
            found = self.client.get_item(TableName=self.table, Key=keys.person(email), ConsistentRead=True)
            item = found.get("Item")
            seen = from_item(item)["version"] if item else 0
            after = change(reach_from(item) if item else Reach(email.strip()))
            new = keys.person(email) | to_item(reach_fields(after) | {"version": seen + 1})
            try:
                commit(self.client, [put_over(self.table, new, seen) if seen else put_new(self.table, new)])
            except LostRace:
                continue
            return after
        raise Stale(f"{email} was changed meanwhile.", field="person", remedy="Try again.")
