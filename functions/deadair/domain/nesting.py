"""How deep what others sent is nested: where Python gives up differs from version to version, and our word must not.

Refuses to know what it says.
"""

from collections.abc import Iterable
from typing import Any


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie within each other deeper than so many levels. Never by recursion."""
    level = [value]
    for _ in range(levels):
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, dict | list) for one in level)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
