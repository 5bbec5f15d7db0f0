"""How far it is: a bar on stderr for what takes longer than a second, for people who look at a terminal.

Knows nothing of what is done. Says nothing where its words would be in the way: with `--json`, in a file, in a pipe.
"""

from threading import Lock, Timer
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from infra.cli import terminal

PATIENCE_S = 1.0


class Bar:
    """`with Bar("Writing", 5000) as told: … told(49)`. Without a total it counts what it hears; `quiet` never shows."""

    def __init__(self, what: str, total: int | None = None, *, quiet: bool = False) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        shown = columns if total else (columns[0], columns[1], TextColumn("{task.fields[counted]}"))
        self._bar = Progress(*shown, console=terminal.err, transient=True)
        self._task = self._bar.add_task(terminal.clean(what), total=total, counted="")
        self._count = 0
        self._timer = Timer(PATIENCE_S, self._show)
        self._timer.daemon = True
        self._over = quiet or not terminal.err.is_terminal
        # The timer may fire while the work ends.
        self._lock = Lock()

    def __call__(self, count: int) -> None:
        """So many more are done."""
        self._count += count
        self._bar.update(self._task, completed=self._count, counted=str(self._count))

    def __enter__(self) -> Self:
        if not self._over:
            self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar.live.is_started:  # a bar that never was leaves an empty line
                self._bar.stop()

    def _show(self) -> None:
        with self._lock:
            if not self._over:
                self._bar.start()
