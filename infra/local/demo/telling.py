"""How the story looks on a terminal: numbered steps, what was seen, where to look."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text


class Teller:
    """Tells steps as they happen. `seen` lines stand under the step that is being told."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._step = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step: its title at once, its time when it was observed."""
        self._step += 1
        began = time.monotonic()
        self.console.print()
        self._under(Text(title, style="bold"), f"{self._step:2}")
        with self.console.status("    watching …", spinner="dots"):
            yield
        self.console.print(f"    [green]✓[/green] [dim]{time.monotonic() - began:.1f} s[/dim]", highlight=False)

    def seen(self, text: str) -> None:
        """Something that was observed."""
        self._under(Text(text))

    def look(self, what: str, address: str) -> None:
        """Where to see it oneself."""
        self.console.print(f"    [dim]{escape(what)}[/dim] [cyan]{escape(address)}[/cyan]", highlight=False)

    def _under(self, text: Text, number: str = "") -> None:
        """A line whose end, where it is too long, goes on under its beginning and not at the edge of the terminal."""
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=2)
        table.add_row(Text(number, style="bold"), text)
        self.console.print(table, highlight=False)
