"""The tags of alarms that no row claims by name, as they were looked up.

Knows one item for each alarm. It outlives its freshness by weeks: while CloudWatch does not answer, an old tag still
says where an alarm belongs, and its OK finds the incident that its ALARM opened. Refuses to ask CloudWatch.
"""

from datetime import datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.adapters.dynamodb.transact import Write, put
from deadair.domain.alarm import Tagged

KEPT = timedelta(days=30)


def tagged_from(item: Item) -> Tagged:
    """What was looked up, from its item."""
    f = from_item(item)
    return Tagged(f["alarm"], f.get("slug", ""), datetime.fromisoformat(f["asked_at"]))


def tagged_write(table: str, tagged: Tagged) -> Write:
    """The write that keeps it, for `commit`."""
    expires = int((tagged.asked_at + KEPT).timestamp())
    fields = {"alarm": tagged.alarm, "slug": tagged.slug, "asked_at": instant(tagged.asked_at), "expires_at": expires}
    return put(table, keys.tags(tagged.alarm) | to_item(fields))
