"""A local stack of the bench's own, started as `make up` starts it: it shares no interpreter with the bench."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.layout import Layout
from infra.local.ports import pick_free
from infra.target import Target, read_card

ROOT = Path(__file__).parents[2]
START_S = 120.0
STOP_S = 40.0
# The workers start in the background once the stack answers.
SETTLE_S = 5.0


@contextmanager
def own_stack() -> Iterator[Target]:
    """A running stack on free ports with a state directory that is thrown away."""
    aws, web, slack = pick_free(3)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "infra.cli.main", "--state-dir", folder, "up"),
            *("--aws-port", str(aws), "--web-port", str(web), "--slack-port", str(slack)),
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            yield _answering(process, Layout(Path(folder)).stack_file)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_S)


def _answering(process: subprocess.Popen[bytes], card: Path) -> Target:
    until = time.monotonic() + START_S
    while not card.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the stack did not start (exit status {process.poll()})")
        time.sleep(0.1)
    time.sleep(SETTLE_S)
    return read_card(card)
