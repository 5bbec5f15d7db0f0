"""What importing each room costs in a fresh process, against making a DynamoDB client alone.

Processor time, which other work on the machine disturbs less than the clock. The runs take turns, and the first round,
which may write bytecode, does not count. A room's import makes no client: that waits for its first event.
"""

import resource
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import Figure, percentile

ROOT = Path(__file__).parents[2]
RUNS = 5
HOT = ("alarm_intake", "slack_commands")
LIMIT = 1.3
BASE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"


def measure() -> list[Figure]:
    """The median ratio of each room."""
    rooms = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
    times = seconds({room: f"import {room}.handler" for room in rooms})
    shown = [Figure("boto3.client('dynamodb') alone, fresh process", times[BASE] * 1000, "ms")]
    return shown + [
        Figure(f"import {room}", times[room] / times[BASE], "×", f"≤ {LIMIT}" if room in HOT else "") for room in rooms
    ]


def seconds(statements: dict[str, str], runs: int = RUNS) -> dict[str, float]:
    """The median processor seconds of a fresh process for each named statement, and for BASE."""
    named = {BASE: BASE} | statements
    times: dict[str, list[float]] = {name: [] for name in named}
    for turn in range(runs + 1):
        for name, statement in named.items():
            took = _timed(statement)
            times[name] += [took] if turn else []
    return {name: percentile(taken, 0.5) for name, taken in times.items()}


def imported(statement: str) -> set[str]:
    """The top-level packages that a fresh process has loaded after the statement."""
    told = _run(f"{statement}; print(*{{name.partition('.')[0] for name in sys.modules}})")
    return set(told.split())


def _timed(statement: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(statement)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(statement: str) -> str:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'functions')!r}); {statement}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        text=True,
        capture_output=True,
        env={"AWS_DEFAULT_REGION": "us-east-1"},
    )
    return done.stdout
