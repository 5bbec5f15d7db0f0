"""`make bench`: measure a stack of its own, print a table. `--only line,slack,imports,calls,memory` narrows it."""

import argparse
import json
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from infra.local.options import Ports
from infra.local.supervisor import running_stack
from infra.target import Target
from tests.bench import calls, imports, line, memory, slack
from tests.bench.figures import Figure, table

ON_STACK: dict[str, Callable[[Target], list[Figure]]] = {
    "line": line.measure,
    "slack": slack.measure,
    "calls": calls.measure,
    "memory": memory.measure,
}


def free_ports() -> Ports:
    """Three ports that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    numbers = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return Ports(*numbers)


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="imports,line,slack,calls,memory")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    names = chosen.only.split(",")
    console = Console(stderr=True)
    figures = _measured("imports", imports.measure, console) if "imports" in names else []
    on_stack = [name for name in names if name in ON_STACK]
    if on_stack:
        with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder), free_ports()) as stack:
            for name in on_stack:
                figures += _measured(name, lambda name=name: ON_STACK[name](stack), console)  # type: ignore[misc]
    if chosen.json:
        print(json.dumps([figure.fields() for figure in figures], indent=2))
    else:
        Console().print(table(figures))


def _measured(name: str, measure: Callable[[], list[Figure]], console: Console) -> list[Figure]:
    with console.status(f"measuring {name} …"):
        return measure()


main()
