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


def stack_bytes(stack: Target) -> int:
    """What all processes of the stack hold, at the least of some looks: without a fork that saves."""
    looks = []
    for _ in range(LOOKS):
        looks.append(_look(stack)[0])
        time.sleep(BETWEEN_S)
    return min(looks)


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
