"""`make bench`: start a stack of its own, measure, print a table. `--only line,imports` narrows it."""

import argparse
import json
import time
from collections.abc import Callable

from rich.console import Console

from infra.target import Target
from tests.bench import calls, imports, knowledge, line, memory, pages, registry, signals, slack, storm
from tests.bench.figures import Figure, table
from tests.bench.own_stack import own_stack

ON_STACK: dict[str, Callable[[Target], list[Figure]]] = {
    "line": line.measure,
    "slack": slack.measure,
    "calls": calls.measure,
    "signals": signals.measure,
    "storm": storm.measure,
    "knowledge": knowledge.measure,
}
NAMES = ("imports", *ON_STACK, "memory", "pages", "registry")
console = Console(stderr=True)


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", type=_names, default=NAMES, help=f"some of {','.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    figures = _measured("imports", imports.measure) if "imports" in chosen.only else []
    if set(chosen.only) - {"imports"}:
        console.print("starting a local stack …")
        with own_stack() as stack:
            figures += _on_stack(stack, chosen.only)
    if chosen.json:
        print(json.dumps([figure.fields() for figure in figures], indent=2, ensure_ascii=False))
    else:
        Console().print(table(figures))


def _on_stack(stack: Target, names: tuple[str, ...]) -> list[Figure]:
    figures = []
    if "memory" in names:
        figures += _measured("memory, idle", lambda: memory.measure(stack, "idle"))
    for name, measure in ON_STACK.items():
        if name in names:
            figures += _measured(name, lambda: measure(stack))  # noqa: B023 - called before the next turn
    if "memory" in names:
        figures += _measured("memory, after the work", lambda: memory.measure(stack, "after the work"))
    # Last: their rows and documents would weigh on everything else.
    if "pages" in names:
        figures += _measured("pages", lambda: pages.measure(stack))
    if "registry" in names:
        figures += _measured("registry", lambda: registry.measure(stack))
    return figures


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(NAMES):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose among {', '.join(NAMES)}")
    return names


def _measured(name: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    began = time.monotonic()
    with console.status(f"measuring {name} …"):
        figures = measure()
    console.print(f"measured {name} in {time.monotonic() - began:.0f} s")
    return figures


if __name__ == "__main__":
    main()
