"""What the map shows of each integration: who has it, and what is wrong with it now; and the same for programs.

Pure. Where things stand is `map_drawing`'s business, who feeds whom is `map_graph`'s. Refuses to know words and
storage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from web.views.label import BOLD, shortened
from web.views.map_drawing import BOX, Box, Drawing, Row, drawing
from web.views.map_graph import Graph, Node, System, around, graph_of

# More rows than this in one picture tell nobody anything: then a system is to be chosen.
MOST = 400
NAME_SIZE, SMALL_SIZE = 13.0, 11.5
NAME_ROOM = BOX - 52
HEAD_ROOM = BOX - 44
# What stands at the right end of a row's second line takes its room from the owner.
OWNER_ROOM = {"": NAME_ROOM, "down": NAME_ROOM - 84, "unwatched": NAME_ROOM - 110}


@dataclass(frozen=True, slots=True)
class State:
    """An integration now. `open` has the worst incident first; `watched` says whether silence would be noticed."""

    row: Integration
    open: tuple[Incident, ...]
    watched: bool

    @property
    def needs_owner(self) -> bool:
        """Whether nobody is named."""
        return not self.row.owner.name

    @property
    def flag(self) -> str:
        """The one thing that a small place has room for: `down`, `unwatched` or nothing."""
        return "down" if self.open else "" if self.watched else "unwatched"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the drawing with its state and labels that fit."""

    place: Row
    state: State
    label: str
    owner: str


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A system of the drawing with its rows."""

    place: Box
    label: str
    rows: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A registry as a map. `drawing` is None when there is too much to draw; `chosen` is the system that it is about.

    `systems` are the names of all, for the choice.
    """

    graph: Graph
    states: Mapping[str, State]
    chosen: System | None
    systems: tuple[str, ...]
    total: int
    drawing: Drawing | None

    @property
    def shown(self) -> list[System]:
        """The systems from which something leaves, as the list under the drawing has them."""
        return [system for system in self.graph.systems if system.nodes] if self.drawing else []

    @property
    def boxes(self) -> list[DrawnBox]:
        """What is drawn."""
        return [_drawn_box(box, self.states) for box in (self.drawing.boxes if self.drawing else ())]

    def into(self, node: Node) -> list[System]:
        """The systems to which an integration leads."""
        by_key = {system.key: system for system in self.graph.systems}
        return [by_key[key] for key in node.leads_to if key in by_key]


def integration_map(rows: Sequence[Integration], open_incidents: Iterable[Incident], system: str = "") -> Map:
    """The map of a registry, or of one system's neighbourhood. An unknown system is as good as none."""
    whole = graph_of(rows)
    chosen = next((one for one in whole.systems if one.key and one.key == system.strip().casefold()), None)
    graph = around(whole, system) if chosen else whole
    drawable = len(graph.nodes) <= MOST
    names = tuple(sorted((one.name for one in whole.systems if one.key), key=str.casefold))
    states = _states(rows, open_incidents)
    return Map(graph, states, chosen, names, len(rows), drawing(graph) if drawable else None)


def as_data(seen: Map) -> dict[str, Any]:
    """The map for programs: systems, integrations, and who feeds whom."""
    names = {system.key: system.name for system in seen.graph.systems}
    nodes = [node for system in seen.graph.systems for node in system.nodes]
    return {
        "systems": [name for name in names.values() if name],
        "integrations": [_as_data(node, names, seen.states[node.slug]) for node in nodes],
        "feeds": [{"from": node.slug, "to": slug} for node in nodes for slug in node.dependents],
    }


def _as_data(node: Node, names: Mapping[str, str], state: State) -> dict[str, Any]:
    return {
        "slug": node.slug,
        "name": node.name,
        "source": names.get(node.system, ""),
        "destinations": [names[key] for key in node.leads_to if key in names],
        "dependents": list(node.dependents),
        "dependents_not_in_registry": list(node.unknown),
        "owner": state.row.owner.name or None,
        "needs_owner": state.needs_owner,
        "silence_alarm": state.watched,
        "open": [incident.id for incident in state.open],
        "url": f"/integrations/{node.slug}",
    }


def _states(rows: Iterable[Integration], open_incidents: Iterable[Incident]) -> dict[str, State]:
    down: dict[str, list[Incident]] = {}
    for incident in open_incidents:
        down.setdefault(incident.integration, []).append(incident)
    return {
        row.slug: State(
            row,
            tuple(sorted(down.get(row.slug, ()), key=lambda incident: incident.severity)),
            watched=bool((row.row.get("thresholds") or {}).get("silence_min")),
        )
        for row in rows
    }


def _drawn_box(box: Box, states: Mapping[str, State]) -> DrawnBox:
    rows = tuple(_drawn(row, box.system.name, states[row.node.slug]) for row in box.rows)
    return DrawnBox(box, shortened(box.system.name, HEAD_ROOM, NAME_SIZE * BOLD), rows)


def _drawn(row: Row, system: str, state: State) -> Drawn:
    owner = shortened(state.row.owner.name, OWNER_ROOM[state.flag], SMALL_SIZE)
    return Drawn(row, state, shortened(in_box(row.node.name, system), NAME_ROOM, NAME_SIZE * BOLD), owner)


def in_box(name: str, system: str) -> str:
    """The name of an integration under the name of the system from which it leaves, which need not be said twice."""
    rest = name[len(system) :].lstrip()
    said = bool(system) and name.casefold().startswith(system.casefold())
    return f"→ {rest[1:].lstrip()}" if said and rest.startswith("→") and rest[1:].strip() else name
