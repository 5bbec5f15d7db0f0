"""Memory of the whole local stack: the process with the proxy, the local Slack and the evaluator, and all it started.

Proportional set size where the system tells it (a page that processes share is counted once), else resident size.
"""

import psutil

from infra.target import Target
from tests.bench.figures import Figure

MB = 1024 * 1024


def measure(stack: Target, when: str) -> list[Figure]:
    """What all processes of the stack hold now."""
    root = psutil.Process(stack.pid)
    processes = [root, *root.children(recursive=True)]
    total = sum(_size(process) for process in processes)
    return [Figure(f"memory of the stack {when}, {len(processes)} processes", total / MB, "MB", "≤ 600")]


def _size(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(told, "pss", 0) or told.rss)
