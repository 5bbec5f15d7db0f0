"""Memory of the whole local stack: this process (proxy, local Slack, evaluator) and everything that it started."""

import psutil

from infra.target import Target
from tests.bench.figures import Figure

MB = 1024 * 1024


def measure(stack: Target) -> list[Figure]:
    """Proportional set size where the system tells it (shared pages counted once), else resident size."""
    root = psutil.Process(stack.pid)
    processes = [root, *root.children(recursive=True)]
    total = sum(_size(process) for process in processes)
    return [Figure(f"memory of the local stack, {len(processes)} processes", total / MB, "MB", "≤ 600")]


def _size(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(told, "pss", 0) or told.rss)
