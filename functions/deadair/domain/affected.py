"""Who is affected when an integration does not do its job: whatever depends on it, also through others.

Knows the registry's rows and that consent comes first. Refuses to follow a circle twice.
"""

from collections import deque
from collections.abc import Mapping

from deadair.domain.ownership import Integration

# More names than this help nobody in the first five minutes.
MOST = 20


def affected_by(slug: str, rows: Mapping[str, Integration]) -> tuple[str, ...]:
    """The names of those that depend on it: with consent first, then the nearest, at most MOST."""
    far = _distances(slug, rows)
    known = [rows[one] for one in far if one in rows]
    ranked = sorted(known, key=lambda row: (not row.consent, far[row.slug], row.name, row.slug))
    return tuple(row.name for row in ranked[:MOST])


def _distances(slug: str, rows: Mapping[str, Integration]) -> dict[str, int]:
    """How many steps away each dependent is. Breadth first, so a circle ends."""
    far, waiting = {slug: 0}, deque([slug])
    while waiting:
        here = waiting.popleft()
        row = rows.get(here)
        for dependent in (row.row.get("dependents") or ()) if row else ():
            if dependent not in far:
                far[dependent] = far[here] + 1
                waiting.append(dependent)
    del far[slug]
    return far
