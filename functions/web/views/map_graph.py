"""Who feeds whom, as the registry says it: systems, the integrations that leave from them, and where those lead.

Pure. A destination may name several systems, parted by commas; one system spelled in two cases is one. Refuses to know
coordinates, words and states.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from deadair.domain.ownership import Integration

PARTED = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Node:
    """An integration on the map: where it leads (keys of systems) and which integrations of the registry need it.

    Hashable, so that one drawing serves as long as the registry says the same.
    """

    slug: str
    name: str
    system: str
    leads_to: tuple[str, ...]
    dependents: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """A system with the integrations that leave from it. The key is empty where rows do not say their source."""

    key: str
    name: str
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """All systems by name, and the nodes by slug."""

    systems: tuple[System, ...]

    @property
    def nodes(self) -> dict[str, Node]:
        """The integrations by slug."""
        return {node.slug: node for system in self.systems for node in system.nodes}


def graph_of(rows: Iterable[Integration]) -> Graph:
    """The graph of a registry."""
    rows = sorted(rows, key=lambda row: row.slug)
    slugs = {row.slug for row in rows}
    names = _names(rows)
    leaving: dict[str, list[Node]] = {key: [] for key in names}
    for row in rows:
        leaving.setdefault(_key(row.source), []).append(_node(row, slugs))
    return Graph(
        tuple(
            System(key, names.get(key, ""), tuple(sorted(nodes, key=lambda node: (node.name.casefold(), node.slug))))
            for key, nodes in sorted(leaving.items())
        )
    )


def around(graph: Graph, system: str) -> Graph:
    """What begins or ends at one system, and what needs that."""
    key, nodes = _key(system), graph.nodes
    near = {node.slug for node in nodes.values() if node.system == key or key in node.leads_to}
    near |= {slug for node in nodes.values() if node.slug in near for slug in node.dependents}
    shown = {nodes[slug].system for slug in near} | {end for slug in near for end in nodes[slug].leads_to} | {key}
    return Graph(
        tuple(
            System(one.key, one.name, tuple(node for node in one.nodes if node.slug in near))
            for one in graph.systems
            if one.key in shown
        )
    )


def systems_in(text: str) -> list[str]:
    """The systems that a source or destination names, as written."""
    return [name for part in PARTED.split(text) if (name := " ".join(part.split()))]


def _node(row: Integration, slugs: set[str]) -> Node:
    told = [str(slug) for slug in row.row.get("dependents") or ()]
    return Node(
        slug=row.slug,
        name=row.name,
        system=_key(row.source),
        leads_to=tuple(dict.fromkeys(_key(name) for name in systems_in(row.destination))),
        dependents=tuple(slug for slug in told if slug in slugs),
        unknown=tuple(slug for slug in told if slug not in slugs),
    )


def _names(rows: Iterable[Integration]) -> dict[str, str]:
    """How most rows spell each system; at a tie the spelling that sorts first."""
    spelled: dict[str, Counter[str]] = {}
    for row in rows:
        for name in [" ".join(row.source.split()), *systems_in(row.destination)]:
            if name:
                spelled.setdefault(_key(name), Counter())[name] += 1
    return {key: min(counts, key=lambda name: (-counts[name], name)) for key, counts in spelled.items()}


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    """Thousands of rows name a few systems."""
    return " ".join(name.split()).casefold()
