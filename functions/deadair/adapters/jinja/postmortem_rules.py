"""The part of Jinja that a template of postmortems is written in: print, loop, choose, set, include, extend.

Knows each construct that is allowed, so that all others are refused with their line: calls, macros, imports,
arithmetic, private names. Refuses to know how a template is rendered.
"""

from collections.abc import Iterator, Mapping

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from deadair.adapters.jinja.postmortem_variables import Part

# Each name of a filter that a template may use; `each` is put around every loop by the sandbox.
FILTERS = frozenset({"duration", "front_matter", "join", "length", "linked", "number", "people", "utc"})
TESTS = frozenset({"none"})
LOOP = frozenset({"first", "index", "last", "length"})
ALLOWED: dict[type[nodes.Node], str] = {
    kind: kind.__name__
    for kind in (
        *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Block, nodes.Extends, nodes.Include),
        *(nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair),
        *(nodes.For, nodes.If, nodes.Assign, nodes.CondExpr, nodes.Filter, nodes.Test),
        *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg),
    )
}
SAID: dict[type[nodes.Node], str] = {
    nodes.Call: "calls something",
    nodes.Macro: "defines a macro",
    nodes.CallBlock: "calls a macro",
    nodes.Import: "imports",
    nodes.FromImport: "imports",
    nodes.Concat: "puts texts together with ~; print them one after the other",
    nodes.BinExpr: "calculates",
    nodes.FilterBlock: "filters a block; use the filter where the value is printed",
    nodes.AssignBlock: "sets a block; set a value",
    nodes.NSRef: "sets a field; set a plain name",
    nodes.Slice: "cuts a list",
}


def hold(tree: nodes.Template) -> None:
    """Raise TemplateSyntaxError, with the line, for the first construct that is not allowed."""
    for node in _walk(tree):
        why = _refused(node)
        if why:
            raise TemplateSyntaxError(why, node.lineno)


def unknown(tree: nodes.Template, declared: Mapping[str, Part]) -> list[tuple[int, str]]:
    """The variables that a template names and nobody declares, as (line, path): also where no sample comes by."""
    found: list[tuple[int, str]] = []
    _look(tree, {name: (name, part) for name, part in declared.items()}, found)
    return found


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _refused(node: nodes.Node) -> str:
    if type(node) not in ALLOWED:
        said = next((text for kind, text in SAID.items() if isinstance(node, kind)), "")
        return f"it {said}" if said else f"{type(node).__name__} is not for templates of postmortems"
    if isinstance(node, nodes.Name | nodes.Block) and node.name.startswith("_"):
        return f"`{node.name}` is private"
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return f"`{node.attr}` is private"
    return _refused_use(node)


def _refused_use(node: nodes.Node) -> str:
    """An allowed construct, used in a way that is not."""
    said = ""
    match node:
        case nodes.Getitem() if not isinstance(node.arg, nodes.Const | nodes.Name):
            said = "an item is named by a word or a number"
        case nodes.Filter() if node.name not in FILTERS:
            said = f"there is no filter `{node.name}`; there are {', '.join(sorted(FILTERS))}"
        case nodes.Test() if node.name not in TESTS:
            said = f"there is no test `{node.name}`; there is `none`"
        case nodes.For() if node.recursive:
            said = "a loop may not begin itself again"
        case nodes.Include() | nodes.Extends() if not isinstance(node.template, nodes.Const):
            said = "what is included is named by a plain text"
        case nodes.List() | nodes.Dict() | nodes.Tuple() if not _is_plain(node):
            said = "a list holds plain texts and numbers"
    return said


def _is_plain(node: nodes.List | nodes.Dict | nodes.Tuple) -> bool:
    """Lists of lists of … would be small in a template and endless when they are printed."""
    if isinstance(node, nodes.Tuple) and node.ctx == "store":
        return all(isinstance(name, nodes.Name) for name in node.items)
    values = [pair.value for pair in node.items] if isinstance(node, nodes.Dict) else node.items
    return all(isinstance(value, nodes.Const) for value in values)


# What a name stands for while the template is read: its path and what is inside; None for a value of its own.
_Known = dict[str, tuple[str, Part | None]]


def _look(node: nodes.Node, known: _Known, found: list[tuple[int, str]]) -> None:
    if isinstance(node, nodes.For):
        _look(node.iter, known, found)
        inside = {**known, "loop": ("loop", None), **_names(node.target, _meant(node.iter, known))}
        for child in (*([node.test] if node.test else []), *node.body):
            _look(child, inside, found)
        for child in node.else_:
            _look(child, known, found)
        return
    if isinstance(node, nodes.Assign):
        _look(node.node, known, found)
        known.update(_names(node.target, None))
        return
    missing = _missing(node, known)
    if missing:
        found.append((node.lineno, missing))
        return
    for child in node.iter_child_nodes():
        _look(child, known, found)


def _names(target: nodes.Node, meant: tuple[str, Part | None] | None) -> _Known:
    if isinstance(target, nodes.Name):
        return {target.name: meant or (target.name, None)}
    return {child.name: (child.name, None) for child in target.iter_child_nodes() if isinstance(child, nodes.Name)}


def _meant(node: nodes.Node, known: _Known) -> tuple[str, Part | None] | None:
    """What a name or a path stands for; None when it is nothing of the document."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _meant(node.node, known)
    if isinstance(node, nodes.Name):
        return known.get(node.name)
    key = _key(node)
    above = _meant(node.node, known) if isinstance(node, nodes.Getattr | nodes.Getitem) else None
    if above is None or above[1] is None or key is None or key not in above[1].parts:
        return above if above and isinstance(key, int) else None
    return f"{above[0]}.{key}", above[1].parts[key]


def _key(node: nodes.Node) -> object:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) else None


def _missing(node: nodes.Node, known: _Known) -> str:
    if isinstance(node, nodes.Name):
        return node.name if node.ctx == "load" and node.name not in known else ""
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return ""
    key, above = _key(node), _meant(node.node, known)
    if above and above[0] == "loop" and above[1] is None:
        return "" if key in LOOP else f"loop.{key}"
    if above is None or above[1] is None or not above[1].parts or not isinstance(key, str):
        return ""
    return "" if key in above[1].parts else f"{above[0]}.{key}"
