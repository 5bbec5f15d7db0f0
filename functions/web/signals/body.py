"""The bytes of a request as JSON, read strictly: what two readers could understand differently is refused.

Knows JSON and how much of it is taken. Refuses to know what a signal or a change says. Reading raises Refused and
nothing else.
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

from deadair.domain.nesting import is_deeper
from web.signals.refused import Refused

# A batch, its signals, one signal, its status codes; whoever goes deeper sends something else.
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Sort:
    """What a body holds one or many of: its names, and how many at once."""

    one: str
    many: str
    at_once: int

    @property
    def by_itself(self) -> str:
        """How to send them."""
        return f'Send a {self.one}, a list of {self.many}, or {{"{self.many}": [...]}}.'


SIGNALS = Sort("signal", "signals", 500)
CHANGES = Sort("change", "changes", 100)


def read_json(raw: bytes) -> Any:
    """What the bytes say."""
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_each_once)
    except UnicodeDecodeError as odd:
        raise _not_json(f"The body is not UTF-8 from byte {odd.start} on.") from odd
    except RecursionError as deep:
        raise _too_deep() from deep
    except json.JSONDecodeError as odd:
        raise _not_json(f"The body is not JSON: {odd.msg} at line {odd.lineno} column {odd.colno}.") from odd
    except ValueError as odd:
        raise _not_json("The body holds a number that is too long.") from odd
    if is_deeper(found, DEEPEST):
        raise _too_deep()
    return found


def parts_in(told: Any, sort: Sort) -> list[tuple[str, Any]]:
    """Each part of the body with its place, as an error names it: empty for one that stands by itself."""
    many = sort.many
    if isinstance(told, dict) and many in told:
        if len(told) > 1:
            other = next(name for name in told if name != many)
            raise _wrong(_short(other), f"Beside `{many}` the body holds nothing else.", sort.by_itself)
        told = told[many]
    elif isinstance(told, dict):
        return [("", told)]
    if not isinstance(told, list):
        raise _wrong(many, f"The body holds no {many}.", sort.by_itself)
    if not told:
        raise _wrong(many, f"The list of {many} is empty.", "Send at least one; of nothing, send nothing.")
    if len(told) > sort.at_once:
        told_much = f"The body holds {len(told)} {many}."
        raise Refused(413, "too_many", told_much, field=many, remedy=f"Send at most {sort.at_once} at once.")
    return [(f"{many}[{place}]", one) for place, one in enumerate(told)]


def integration_in(parts: list[tuple[str, Any]], sort: Sort) -> str:
    """Whose key is to be looked at: the integration that the first of them names."""
    place, first = parts[0]
    named = first.get("integration") if isinstance(first, dict) else None
    if not isinstance(named, str) or not named:
        field = f"{place}.integration" if place else "integration"
        raise _wrong(field, f"The {sort.one} names no integration.", "Send the slug of the integration's row.")
    return named


def _wrong(field: str, message: str, remedy: str) -> Refused:
    return Refused(422, "wrong_fields", message, field=field, remedy=remedy)


def _not_json(message: str) -> Refused:
    return Refused(400, "not_json", message, remedy="Send JSON as UTF-8.")


def _too_deep() -> Refused:
    message = f"The body is nested more than {DEEPEST} levels deep."
    return Refused(400, "too_deep", message, remedy="Send objects and lists no deeper than they are described.")


def _no_number(name: str) -> Any:
    raise Refused(
        400, "not_json", f"{name} is no number in JSON.", remedy="Leave the field out when there is no number."
    )


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise Refused(
            400, "not_json", "A number is too big to be one.", remedy="Leave it out, or send what was measured."
        )
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = "An object says the same name twice."
        raise Refused(
            400, "said_twice", message, field=_short(twice), remedy="Say it once: which one counts is not for us."
        )
    return found


def _short(name: str) -> str:
    return name[:40]
