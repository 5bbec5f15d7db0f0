"""Rows as the table has them, also those that an older model wrote.

Knows in what an old row may differ from today's model. Refuses to know why it was written.
"""

import json
from typing import Any

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.parts import WINDOW_LIMIT_MIN

WINDOWS = ("freshness_min", "silence_min")


def row_from_json(text: str) -> Row:
    """A stored row. A window that no alarm can look at reads as the nearest that one can.

    Raises pydantic's ValidationError for a row that no import wrote.
    """
    try:
        fields = json.loads(text)
    except ValueError:
        return Row.model_validate_json(text)  # which says what is wrong with it
    return Row.model_validate(_of_today(fields))


def _of_today(fields: Any) -> Any:
    thresholds = fields.get("thresholds") if isinstance(fields, dict) else None
    if not isinstance(thresholds, dict):
        return fields
    nearest = {
        name: min(max(value, 1), WINDOW_LIMIT_MIN)
        for name in WINDOWS
        if isinstance(value := thresholds.get(name), int | float)
    }
    return {**fields, "thresholds": {**thresholds, **nearest}}
