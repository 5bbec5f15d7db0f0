"""Memory of the whole local stack: the process with the proxy, the local Slack and the evaluator, and all it started.

While the embedded AWS saves, a fork of it exists for a moment; looks that see it are reported apart.
Proportional set size where the system tells it (a page that processes share is counted once), else resident size.
"""

import time

import psutil

from infra.target import Target
from tests.bench.figures import Figure

MB = 1024 * 1024
LOOKS, BETWEEN_S = 25, 0.1


def measure(stack: Target, when: str) -> list[Figure]:
    """What all processes of the stack hold: the least and the most of some looks, which differ when it saves."""
    looks = []
    for _ in range(LOOKS):
        looks.append(_look(stack))
        time.sleep(BETWEEN_S)
    least, most = min(looks), max(looks)
    figures = [Figure(f"memory of the stack {when}, {least[1]} processes", least[0] / MB, "MB", "≤ 600")]
    if most[1] > least[1]:
        figures.append(Figure(f"memory of the stack {when}, while it saves", most[0] / MB, "MB"))
    return figures


def workers(stack: Target) -> dict[int, int]:
    """What each process of a function holds, in bytes, by its id: what must stay flat however much they worked."""
    return {p.pid: _size(p) for p in psutil.Process(stack.pid).children(recursive=True) if _is_worker(p)}


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any("ministack-lambda-" in part for part in process.cmdline())
    except psutil.Error:
        return False


def embedded(stack: Target) -> int:
    """What the embedded AWS holds: it keeps every table and queue in memory, so it grows with what is kept."""
    parts = ("infra.local.embedded",)
    found = [p for p in psutil.Process(stack.pid).children() if any(part in p.cmdline() for part in parts)]
    return sum(_size(process) for process in found)


def _look(stack: Target) -> tuple[int, int]:
    """Bytes, and the number of processes."""
    root = psutil.Process(stack.pid)
    sizes = [_size(process) for process in (root, *root.children(recursive=True))]
    return sum(sizes), len(sizes)


def _size(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(told, "pss", 0) or told.rss)
