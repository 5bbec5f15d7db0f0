"""What a template of postmortems may print: every variable with its meaning, and two incidents made of examples.

Knows the one declaration, `templates/postmortem/variables.toml`, and gives a template exactly what it names: nothing
else of a document can be reached. Refuses to know how anything is rendered.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from deadair.adapters.jinja.environment import templates_folder

Of = Literal["document", "suggested"]
SEGMENT = re.compile(r"([a-z][a-z0-9_]*)(\[\])?")


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the declaration. `path` is `impact.records`, or `timeline[].text` for a field of each item.

    `examples` has one value for each item of a list, else one. `bare` is what stands there when nobody knows.
    """

    path: str
    meaning: str
    examples: tuple[Any, ...]
    bare: Any
    always: bool


@dataclass(slots=True)
class Part:
    """A variable with what is inside it, by name."""

    variable: Variable
    many: bool = False
    parts: "dict[str, Part]" = field(default_factory=dict)


@cache
def variables(of: Of = "document") -> tuple[Variable, ...]:
    """Every variable of a template, in the order of the declaration."""
    told = tomllib.loads((templates_folder() / "postmortem" / "variables.toml").read_text("utf-8"))[of]
    return tuple(_variable(path, row) for path, row in told.items())


@cache
def declared(of: Of = "document") -> dict[str, Part]:
    """The same as a tree. KeyError for a path whose parent has no row."""
    top: dict[str, Part] = {}
    for variable in variables(of):
        *above, (name, _) = ((found[1], bool(found[2])) for found in SEGMENT.finditer(variable.path))
        place = top
        for parent, many in above:
            place[parent].many = many
            place = place[parent].parts
        place[name] = Part(variable)
    return top


def sample(of: Of, *, full: bool) -> dict[str, Any]:
    """An incident made of the examples; a bare one is what stays of it when little is known."""
    return {name: _example(part, 0, full=full) for name, part in declared(of).items()}


def shaped(of: Of, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is declared, out of these values; what they lack is as in a bare incident."""
    return {name: _shaped(part, values.get(name)) for name, part in declared(of).items()}


def document_values(told: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a document, out of what is stored of it."""
    lines = [{**line, "at": line.get("at") or line.get("occurred_at")} for line in told.get("timeline") or ()]
    facts = [{"label": label, "text": text} for label, text in told.get("facts") or ()]
    return shaped("document", {**told, "timeline": lines, "facts": facts})


def lacking(of: Of, values: Mapping[str, Any]) -> list[str]:
    """The declared variables that these values do not have: a claim of the tests."""
    return [path for name, part in declared(of).items() for path in _lacking(part, name, values)]


def _variable(path: str, row: Mapping[str, Any]) -> Variable:
    examples = tuple(row["examples"]) if "examples" in row else (row.get("example"),)
    always = bool(row.get("always"))
    return Variable(path, row["meaning"], examples, examples[0] if always else _bare(examples[0]), always)


def _bare(example: Any) -> Any:
    """Nothing of the same kind; a number that nobody knows is none, and not 0."""
    return None if isinstance(example, int | float) and not isinstance(example, bool) else type(example or "")()


def _example(part: Part, at: int, *, full: bool) -> Any:
    if not part.parts:
        variable = part.variable
        known = full or variable.always
        return variable.examples[at % len(variable.examples)] if known else variable.bare
    if not part.many:
        return {name: _example(inner, at, full=full) for name, inner in part.parts.items()}
    count = max(len(inner.variable.examples) for inner in part.parts.values()) if full or part.variable.always else 0
    return [{name: _example(inner, n, full=full) for name, inner in part.parts.items()} for n in range(count)]


def _shaped(part: Part, value: Any) -> Any:
    if not part.parts:
        return _bare(part.variable.examples[0]) if value is None else value
    if part.many:
        items = [item for item in value or () if isinstance(item, Mapping)]
        return [{name: _shaped(inner, item.get(name)) for name, inner in part.parts.items()} for item in items]
    known = value if isinstance(value, Mapping) else {}
    return {name: _shaped(inner, known.get(name)) for name, inner in part.parts.items()}


def _lacking(part: Part, path: str, values: Mapping[str, Any]) -> list[str]:
    name = path.rpartition(".")[2].removesuffix("[]")
    if name not in values:
        return [path]
    value = values[name]
    inside = value if part.many else [value]
    end = "[]." if part.many else "."
    found = [
        missing
        for item in inside or ()
        for key, inner in part.parts.items()
        for missing in _lacking(inner, f"{path}{end}{key}", item)
    ]
    return sorted(set(found))
