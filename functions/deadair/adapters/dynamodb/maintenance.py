"""Planned maintenance as items: one for each integration, with its windows.

Knows that the intake reads the item together with others, and that old windows are dropped when a new one comes.
Refuses to know incidents.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.transact import LostRace, commit, put_new, put_over
from deadair.domain.errors import Stale
from deadair.domain.holding import Window

# Late alarms are judged by the window they fell into; after this long nobody asks.
KEPT = timedelta(days=30)
TURNS = 5

Change = Callable[[tuple[Window, ...]], tuple[Window, ...]]


def windows_from(item: Item) -> tuple[Window, ...]:
    """The windows of one integration, from its item; of an empty item none."""
    return tuple(
        Window(
            w["id"],
            datetime.fromisoformat(w["begins_at"]),
            datetime.fromisoformat(w["ends_at"]),
            w.get("why", ""),
            w.get("by", ""),
        )
        for w in from_item(item).get("windows", ())
    )


def _fields(window: Window) -> dict[str, str | None]:
    return {
        "id": window.id,
        "begins_at": instant(window.begins_at),
        "ends_at": instant(window.ends_at),
        "why": window.why,
        "by": window.by,
    }


class MaintenanceStore:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def of(self, slug: str) -> tuple[Window, ...]:
        """The windows of one integration, past ones included while they are kept."""
        return self.of_many([slug]).get(slug, ())

    def of_many(self, slugs: Iterable[str]) -> dict[str, tuple[Window, ...]]:
        """The windows of some integrations; those without any are absent."""
        items = read_many(self.client, self.table, [keys.maintenance(slug) for slug in slugs])
        return {from_item(item)["slug"]: windows_from(item) for item in items}

    def change(self, slug: str, change: Change, now: datetime) -> tuple[Window, ...]:
        """Write what `change` makes of the windows. Returns them; raises Stale when others write all the time."""
        for _ in range(TURNS):
            item = self.client.get_item(TableName=self.table, Key=keys.maintenance(slug), ConsistentRead=True).get(
                "Item", {}
            )
            seen = from_item(item).get("version", 0)
            after = tuple(window for window in change(windows_from(item)) if window.ends_at > now - KEPT)
            fields = {"slug": slug, "windows": [_fields(window) for window in after], "version": seen + 1}
            new = keys.maintenance(slug) | to_item(fields)
            try:
                commit(self.client, [put_over(self.table, new, seen) if seen else put_new(self.table, new)])
            except LostRace:
                continue
            return after
        raise Stale(f"The maintenance of {slug} was changed meanwhile.", field="integration", remedy="Try again.")
