"""How the story looks on a terminal: numbered steps, what was seen, where to look."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
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
        self.console.print(f"\n[bold]{self._step:2}  {escape(title)}[/bold]", highlight=False)
        with self.console.status("    watching …", spinner="dots"):
            yield
        self.console.print(f"    [green]✓[/green] [dim]{time.monotonic() - began:.1f} s[/dim]", highlight=False)

    def seen(self, text: str) -> None:
        """Something that was observed."""
        # Long lines go on under their beginning, not at the edge of the terminal.
        self.console.print(Padding(Text(text), (0, 0, 0, 4), expand=False), highlight=False)

    def look(self, what: str, address: str) -> None:
        """Where to see it oneself."""
        self.console.print(f"    [dim]{escape(what)}[/dim] [cyan]{escape(address)}[/cyan]", highlight=False)
