"""Where everything of the map is drawn: boxes of systems in columns, a row for each integration, lines between them.

Pure geometry in pixels. Parts of the registry that have nothing to do with each other are laid out by themselves and
packed into the same columns. Refuses to know owners, states and colours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from web.views.map_graph import Graph, Node, System
from web.views.map_layout import COLUMNS, GAP, HEAD, LANE, ROW, Layout, column_of, parts

BOX, GUTTER = 252, 64
PITCH = BOX + GUTTER
MARGIN = 12
# Lines within a column bow out to its right, also out of the last one.
BULGE, RIGHT = 44, 36


@dataclass(frozen=True, slots=True)
class Line:
    """A way from an integration's row to a system (`feeds`), or to an integration that needs it (`needed`).

    `back` leads against the reading direction. `path` is the `d` of an SVG path.
    """

    path: str
    to: str
    kind: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An integration in its box; `y` is its top."""

    node: Node
    y: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A system. `fed` and `fed_back` say on which sides what feeds it comes in."""

    system: System
    x: float
    y: float
    height: float
    rows: tuple[Row, ...]
    fed: bool
    fed_back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map."""

    width: float
    height: float
    columns: int
    boxes: tuple[Box, ...]


@lru_cache(maxsize=16)
def drawing(graph: Graph) -> Drawing:
    """The drawing of a graph. Kept, for it is asked for on every visit and changes with the registry only."""
    tall = [0.0] * COLUMNS
    boxes: list[Box] = []
    for part in parts(graph):
        wide = len(part.columns)
        at = min(range(len(tall) - wide + 1), key=lambda start: (max(tall[start : start + wide]), start))
        top = max(tall[at : at + wide])
        boxes += _Place(part, MARGIN + at * PITCH, MARGIN + top).boxes()
        tall[at : at + wide] = [top + part.height + GAP] * wide
    used = max(sum(height > 0 for height in tall), 1)
    return Drawing(used * PITCH - GUTTER + MARGIN + RIGHT, max(tall) + 2 * MARGIN, used, tuple(boxes))


@dataclass(frozen=True)
class _Place:
    """A layout at a place of the drawing."""

    part: Layout
    x: float
    y: float

    def boxes(self) -> Iterator[Box]:
        part = self.part
        sides: dict[str, set[bool]] = {}
        for node in part.nodes.values():
            for end in node.leads_to:
                if end != node.system:
                    sides.setdefault(end, set()).add(part.column[node.system] < part.column[end])
        for key in part.systems:
            rows = tuple(self._row(node) for node in part.rows[key])
            into = sides.get(key, set())
            yield Box(
                part.systems[key], self._left(key), self._top(key), part.tall(key), rows, True in into, False in into
            )

    def _row(self, node: Node) -> Row:
        nodes = self.part.nodes
        feeds = [self._line(node, end, None) for end in node.leads_to if end != node.system]
        needed = [self._line(node, nodes[s].system, nodes[s]) for s in node.dependents if s in nodes]
        return Row(node, self._port(node.system, node) - ROW / 2, (*feeds, *needed))

    def _line(self, node: Node, end: str, needed: Node | None) -> Line:
        """A line to a box's head, or to a row in it."""
        to, kind = (needed.slug, "needed") if needed else (end, "feeds")
        y, end_y = self._port(node.system, node), self._port(end, needed) if needed else self._top(end) + HEAD / 2
        start_x, end_x = self._left(node.system), self._left(end)
        if start_x == end_x:
            return Line(_bow(end_x + BOX, y, end_y), to, kind, back=True)
        back = end_x < start_x
        lanes = list(self._through(self.part.ways[node.system, end][1:-1]))
        if back:
            return Line(_curve([(start_x, y), *reversed(lanes), (end_x + BOX, end_y)]), to, kind, back=True)
        return Line(_curve([(start_x + BOX, y), *lanes, (end_x, end_y)]), to, kind)

    def _through(self, lanes: Iterable[str]) -> Iterator[tuple[float, float]]:
        for lane in lanes:
            x, y = self.x + column_of(lane) * PITCH, self._top(lane) + LANE / 2
            yield x, y
            yield x + BOX, y

    def _left(self, key: str) -> float:
        return self.x + self.part.column[key] * PITCH

    def _top(self, key: str) -> float:
        return self.y + self.part.tops[key]

    def _port(self, key: str, node: Node) -> float:
        return self._top(key) + self.part.port(key, node)


def _curve(stops: list[tuple[float, float]]) -> str:
    """Level where it leaves, passes and arrives; bent in the gutters only."""
    (x, y), *rest = stops
    drawn = [f"M{x:g} {y:.1f}"]
    for at, (then_x, then_y) in enumerate(rest):
        half = (x + then_x) / 2
        bend = f"C{half:g} {y:.1f} {half:g} {then_y:.1f} {then_x:g} {then_y:.1f}"
        drawn.append(bend if at % 2 == 0 else f"H{then_x:g}")
        x, y = then_x, then_y
    return "".join(drawn)


def _bow(x: float, y: float, then_y: float) -> str:
    """Out of a box and into another of the same column."""
    return f"M{x:g} {y:.1f}C{x + BULGE:g} {y:.1f} {x + BULGE:g} {then_y:.1f} {x:g} {then_y:.1f}"
