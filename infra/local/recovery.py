"""Who owns a state directory, and what a killed run left behind.

Ends only processes that this state directory started: the id and the start time that were written down must both fit.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from infra.local.errors import AlreadyRunning
from infra.local.layout import Layout

_END_S = 12.0
_CLOCK_TICK_S = 0.02


@dataclass(frozen=True)
class Known:
    """A process that we wrote down. Ids are used again by the system; id and start time together are not."""

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> "Known":
        """Write down a living process."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process, if it still lives."""
        try:
            process = psutil.Process(self.pid)
            same = (
                abs(process.create_time() - self.started_at) < _CLOCK_TICK_S
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return None
        return process if same else None


def claim(layout: Layout, supervisor: int, embedded: int = 0) -> None:
    """Write down who runs on this state directory."""
    known = {"supervisor": asdict(Known.of(supervisor))}
    if embedded:
        known["embedded"] = asdict(Known.of(embedded))
    draft = layout.run_file.with_suffix(".new")
    draft.write_text(json.dumps(known), encoding="utf-8")
    draft.replace(layout.run_file)


def release(layout: Layout) -> None:
    """Nobody runs on it any more."""
    layout.run_file.unlink(missing_ok=True)
    layout.stack_file.unlink(missing_ok=True)


def recover(layout: Layout) -> bool:
    """Clean up after a run that was killed; True when there was one. Raises AlreadyRunning for a living one."""
    known = _read(layout.run_file)
    supervisor = known.get("supervisor")
    if supervisor and supervisor.process():
        raise AlreadyRunning(str(layout.root), supervisor.pid)
    embedded = known.get("embedded")
    process = embedded.process() if embedded else None
    if process:
        _end(process)
    release(layout)
    return bool(known)


def _end(process: psutil.Process) -> None:
    """Ask first: an embedded AWS that lost its supervisor is saving at this moment."""
    process.terminate()
    try:
        process.wait(timeout=_END_S)
    except psutil.TimeoutExpired:
        process.kill()


def _read(file: Path) -> dict[str, Known]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # a kill can leave half a file; then nothing is known
        return {}
    return {role: Known(**known) for role, known in raw.items()}
