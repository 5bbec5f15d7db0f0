"""What importing each room costs in a fresh process, against making a DynamoDB client alone."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure, percentile

ROOT = Path(__file__).parents[2]
RUNS = 5
HOT = {"alarm_intake", "slack_commands"}
BASE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"


def measure() -> list[Figure]:
    """The median ratio of each room. The runs take turns, so that a slow moment of the machine hits all alike."""
    rooms = sorted(p.parent.name for p in (ROOT / "functions").glob("*/handler.py"))
    statements = {"": BASE} | {room: f"import {room}.handler" for room in rooms}
    times: dict[str, list[float]] = {name: [] for name in statements}
    for _ in range(RUNS):
        for name, statement in statements.items():
            times[name].append(_fresh(statement))
    base = percentile(times[""], 0.5)
    shown = [Figure("boto3.client('dynamodb') alone", base * 1000, "ms")]
    return shown + [
        Figure(f"import {room}", percentile(times[room], 0.5) / base, "×", "≤ 1.3" if room in HOT else "")
        for room in rooms
    ]


def _fresh(statement: str) -> float:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'functions')!r}); {statement}"
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env={"AWS_DEFAULT_REGION": "us-east-1"})
    return time.perf_counter() - began
