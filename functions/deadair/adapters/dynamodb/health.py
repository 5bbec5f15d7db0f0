"""How integrations are, by their last signals, as items.

Knows one item for each integration, replaced only by who saw it as it is. Refuses to know what a signal counts for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item, when
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.transact import Write, put_new, put_over
from deadair.domain.health import Health, Recent

INSTANTS = ("last_signal_at", "last_record_at", "last_success_at", "last_empty_at", "last_error_at")


class HealthStore:
    """Reads of health. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def get(self, slug: str) -> Health | None:
        """How an integration is; None when it never sent a signal."""
        return self.get_many([slug]).get(slug)

    def get_many(self, slugs: Iterable[str]) -> dict[str, Health]:
        """How these integrations are, by slug; those that never sent a signal are missing."""
        found = read_many(self.client, self.table, map(keys.health, slugs))
        return {health.slug: health for health in map(health_from, found)}

    def write(self, health: Health) -> Write:
        """The write that replaces what was read with `health`, for `commit`; it fails if somebody came between."""
        item = keys.health(health.slug) | to_item(_fields(replace(health, version=health.version + 1)))
        return put_over(self.table, item, health.version) if health.version else put_new(self.table, item)


def health_from(item: Item) -> Health:
    """Health from its item."""
    f = from_item(item)
    instants: dict[str, Any] = {name: when(f.get(name)) for name in INSTANTS}
    return Health(slug=f["slug"], recent=tuple(map(_recent, f["recent"])), version=f["version"], **instants)


def _fields(health: Health) -> dict[str, Any]:
    """`codes` is written for whoever reads the table; we count it anew."""
    return {
        "slug": health.slug,
        **{name: instant(getattr(health, name)) for name in INSTANTS},
        "codes": health.codes,
        "recent": [_recent_fields(one) for one in health.recent],
        "version": health.version,
    }


def _recent_fields(one: Recent) -> dict[str, Any]:
    shown = {"at": instant(one.at), "ok": one.ok, "records": one.records, "errors": one.errors, "key": one.key}
    return shown | {"codes": dict(one.codes)}


def _recent(f: Mapping[str, Any]) -> Recent:
    at = when(f["at"])
    if at is None:
        raise ValueError("a signal without its time")
    return Recent(at, f["ok"], f["records"], f["errors"], f["codes"], f["key"])
