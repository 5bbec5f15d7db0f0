"""How figures are kept and shown."""

from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured figure. `aim` is what it should be, in words; nobody is failed by it."""

    what: str
    value: float
    unit: str
    aim: str = ""

    def fields(self) -> dict[str, Any]:
        """The figure as a mapping."""
        return asdict(self)


def percentile(values: list[float], share: float) -> float:
    """The value under which that share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def table(figures: list[Figure]) -> Table:
    """Figures as a table for a terminal."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("figure")
    shown.add_column("measured", justify="right")
    shown.add_column("aim", style="dim")
    for figure in figures:
        shown.add_row(figure.what, f"{figure.value:,.2f} {figure.unit}", figure.aim)
    return shown
