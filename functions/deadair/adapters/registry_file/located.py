"""YAML text as plain values, each with the line and column where it stands.

Every scalar stays text: `no` is the word no and `66.0` is not 66, because the model knows what a field means and
YAML only guesses. Refuses what makes YAML dangerous or surprising: anchors, tags, several documents, repeated keys.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from deadair.adapters.registry_file.problems import Location

# libyaml reads 20 times as fast as the Python reader, and is in every wheel; without it the slow one does.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH_LIMIT = 20
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML 1.1 calls printable, turned around. A byte order mark inside the text is no character of any value.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
Place = tuple[int, int]


@dataclass
class Located:
    """Plain values, and where their keys and values stand (line and column from 1), by path."""

    value: Any = None
    values: dict[Location, Place] = field(default_factory=dict)
    keys: dict[Location, Place] = field(default_factory=dict)
    repeated: list[tuple[Location, Place, Place]] = field(default_factory=list)
    begins: Place = (1, 1)

    def place(self, at: Location, *, of_key: bool = False) -> Place:
        """Where a path stands; the nearest part that contains it when it is not in the file."""
        if of_key and at in self.keys:
            return self.keys[at]
        while at and at not in self.values:
            at = at[:-1]
        return self.values.get(at, (1, 1))


class NotReadable(Exception):
    """The text is no YAML that we read; says where, what and what to do."""

    def __init__(self, place: Place, message: str, remedy: str) -> None:
        super().__init__(message)
        self.place, self.message, self.remedy = place, message, remedy


def locate(text: str) -> Located:
    """Read one YAML document. Raises NotReadable at the first thing that is no YAML."""
    documents = locate_all(text)
    first = next(documents, None)
    if first is None:
        raise NotReadable((1, 1), "the file is empty", "begin with `integrations:`")
    if another := next(documents, None):
        raise NotReadable(another.begins, "a second document begins with `---`", "keep all rows in one document")
    return first


def locate_all(text: str) -> Iterator[Located]:
    """Read every YAML document. Raises NotReadable at the first thing that is no YAML."""
    if control := UNREADABLE.search(text):
        place = _place_of(text, control.start())
        raise NotReadable(place, f"has the control character U+{ord(control[0]):04X}", "delete it")
    try:
        events = yaml.parse(text, Loader=Loader)
        next(events)
        while isinstance(start := next(events), yaml.DocumentStartEvent):
            found = Located(begins=_at(start))
            found.value = _value(next(events), events, (), found)
            next(events)
            yield found
    except yaml.MarkedYAMLError as error:
        raise _syntax(text, error) from None


def _value(event: yaml.Event, events: Iterator[yaml.Event], at: Location, found: Located) -> Any:
    """The value that begins with `event`; takes the events up to its end."""
    _plain_node(event, at)
    found.values[at] = _at(event)
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and not event.style and event.value in NULLS else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(item, events, (*at, i), found) for i, item in enumerate(_until(events, yaml.SequenceEndEvent))]
    return _mapping(events, at, found)


def _mapping(events: Iterator[yaml.Event], at: Location, found: Located) -> dict[str, Any]:
    """Fields by name, the last of repeated ones."""
    fields: dict[str, Any] = {}
    for key in _until(events, yaml.MappingEndEvent):
        _plain_node(key, at)
        if not isinstance(key, yaml.ScalarEvent):
            raise NotReadable(
                _at(key), "the name of a field is a list or a group", "write a plain name before the colon"
            )
        inner = (*at, key.value)
        if inner in found.keys:
            found.repeated.append((inner, _at(key), found.keys[inner]))
        found.keys.setdefault(inner, _at(key))
        fields[key.value] = _value(next(events), events, inner, found)
    return fields


def _until(events: Iterator[yaml.Event], end: type[yaml.Event]) -> Iterator[yaml.Event]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _plain_node(event: yaml.Event, at: Location) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise NotReadable(
            _at(event), "anchors and aliases (& and *) are not read", "write the value out, or put it in quotes"
        )
    if getattr(event, "tag", None) not in {None, "!"}:
        raise NotReadable(_at(event), "tags (!) are not read", "write the plain value, or put it in quotes")
    if len(at) > DEPTH_LIMIT:
        raise NotReadable(
            _at(event), f"is nested more than {DEPTH_LIMIT} deep", "no row is that deep; check the indentation"
        )


def _syntax(text: str, error: yaml.MarkedYAMLError) -> NotReadable:
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    line = lines[place[0] - 1] if place[0] <= len(lines) else ""
    rest = line[place[1] - 1 :]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return NotReadable((place[0], line.index("\t") + 1), "a tab indents the line", "indent with spaces")
    if rest[:1] in {"@", "`", "%"}:
        return NotReadable(place, f"a value cannot begin with {rest[0]}", f"put it in quotes: '{rest.strip()}'")
    if "mapping values are not allowed" in (error.problem or ""):
        return NotReadable(
            place,
            "a second colon, or a field at the wrong indentation",
            "put a value with a colon in quotes, or align the fields",
        )
    problem = (error.problem or "is no YAML").replace("did not find expected", "expected")
    return NotReadable(
        place, f"is no YAML: {problem}", "check quotes, brackets and indentation on this line and the one above"
    )


def _at(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return (before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
