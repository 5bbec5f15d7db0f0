"""How systems that hang together stand to each other: in which column, in which order, at which height.

Pure geometry in pixels. Lines to the same box share their lanes past the columns between, so that many read as one.
Refuses to know how anything is drawn.
"""

from itertools import pairwise

from web.views.layered import layers, ordered, settled
from web.views.map_graph import Graph, Node, System

HEAD, ROW, FOOT = 30, 40, 6
GAP = 20
LANE = 4
# As many columns as a wide screen shows without scrolling sideways.
COLUMNS = 5
# A line to a system weighs more than one to an integration that needs it, when a cycle must be broken.
FEEDS, NEEDED = 3, 1


def parts(graph: Graph) -> list["Layout"]:
    """The layouts of what hangs together, the largest first."""
    nodes = graph.nodes
    root = {system.key: system.key for system in graph.systems}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for node in nodes.values():
        for end in (*node.leads_to, *(nodes[slug].system for slug in node.dependents if slug in nodes)):
            one, other = sorted((find(node.system), find(end)))
            root[other] = one
    found: dict[str, list[System]] = {}
    for system in graph.systems:
        found.setdefault(find(system.key), []).append(system)
    return sorted(map(Layout, found.values()), key=lambda part: (-len(part.nodes), min(part.systems)))


class Layout:
    """Systems that hang together. `columns` hold the keys of systems and names of lanes, `tops` their heights.

    `ways` are the boxes and lanes that a line from one system to another passes, from left to right; none within a
    column. `rows` are the integrations of each box from top to bottom.
    """

    def __init__(self, systems: list[System]) -> None:
        self.systems = {system.key: system for system in systems}
        self.nodes = {node.slug: node for system in systems for node in system.nodes}
        found = layers({key: self.tall(key) + GAP for key in self.systems}, self._weights(), COLUMNS)
        first = min(found.values())
        self.column = {key: at - first for key, at in found.items()}
        pairs = [(node.system, end) for node in self.nodes.values() for end in self.ends(node)]
        self.ways = {pair: self._way(*pair) for pair in pairs}
        self.columns = ordered(self._columns(), self._links())
        self.rows = self._rows()
        self.tops = settled(self.columns, self._heights(), self._ports(), GAP)
        self.height = max(top + self.tall(key) for key, top in self.tops.items())

    def ends(self, node: Node) -> list[str]:
        """The other systems to which lines of an integration lead."""
        needed = [self.nodes[slug].system for slug in node.dependents if slug in self.nodes]
        return [end for end in dict.fromkeys((*node.leads_to, *needed)) if end != node.system]

    def tall(self, key: str) -> float:
        """The height of a box or a lane."""
        if key not in self.systems:
            return LANE
        count = len(self.systems[key].nodes)
        return HEAD + ROW * count + (FOOT if count else 0)

    def port(self, key: str, node: Node) -> float:
        """How far below the top of a box or lane the lines of an integration meet it."""
        if key not in self.systems:
            return LANE / 2
        if key != node.system:
            return HEAD / 2
        return HEAD + ROW * self.rows[key].index(node) + ROW / 2

    def _weights(self) -> dict[tuple[str, str], int]:
        weights: dict[tuple[str, str], int] = {}
        for node in self.nodes.values():
            for end in self.ends(node):
                pair = (node.system, end)
                weights[pair] = weights.get(pair, 0) + (FEEDS if end in node.leads_to else NEEDED)
        return weights

    def _way(self, start: str, end: str) -> list[str]:
        a, b = self.column[start], self.column[end]
        if a == b:
            return []
        lanes = [_lane(end, at, back=b < a) for at in range(min(a, b) + 1, max(a, b))]
        return [start, *lanes, end] if a < b else [end, *lanes, start]

    def _columns(self) -> list[list[str]]:
        columns: list[list[str]] = [[] for _ in range(max(self.column.values()) + 1)]
        for key in sorted(self.systems):
            columns[self.column[key]].append(key)
        for lane in dict.fromkeys(lane for way in self.ways.values() for lane in way[1:-1]):
            columns[column_of(lane)].append(lane)
        return columns

    def _links(self) -> list[tuple[str, str]]:
        return list(dict.fromkeys(pair for way in self.ways.values() for pair in pairwise(way)))

    def _rows(self) -> dict[str, tuple[Node, ...]]:
        """Rows from top to bottom as their next stops are; what leads nowhere to the right comes last."""
        place = {key: at for column in self.columns for at, key in enumerate(column)}

        def middle(node: Node) -> float:
            ways = [self.ways[node.system, end] for end in self.ends(node)]
            stops = [place[way[1]] for way in ways if way and way[0] == node.system]
            return sum(stops) / len(stops) if stops else float("inf")

        return {key: tuple(sorted(system.nodes, key=middle)) for key, system in self.systems.items()}

    def _heights(self) -> dict[str, float]:
        return {key: self.tall(key) for column in self.columns for key in column}

    def _ports(self) -> list[tuple[tuple[str, float], tuple[str, float]]]:
        return [
            ((a, self.port(a, node)), (b, self.port(b, node)))
            for node in self.nodes.values()
            for end in self.ends(node)
            for a, b in pairwise(self.ways[node.system, end])
        ]


def _lane(end: str, column: int, *, back: bool) -> str:
    """A name that no system has: a lane past a column, shared by all lines to one box from one side."""
    return f"\0{column}\0{int(back)}\0{end}"


def column_of(lane: str) -> int:
    """The column that a lane passes."""
    return int(lane.split("\0")[1])
