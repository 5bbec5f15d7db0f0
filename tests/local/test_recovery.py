"""After a crash only our own leftovers are ended, and a living stack is left alone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import recovery
from infra.local.errors import AlreadyRunning
from infra.local.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def write_down(layout: Layout, **roles: recovery.Known) -> None:
    layout.run_file.write_text(json.dumps({role: vars(known) for role, known in roles.items()}))


def test_a_fresh_folder_has_nothing_to_recover(layout: Layout) -> None:
    assert recovery.recover(layout) is False


def test_a_living_stack_is_refused(layout: Layout) -> None:
    recovery.claim(layout, os.getpid())

    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        recovery.recover(layout)


def test_a_leftover_embedded_aws_is_ended(layout: Layout, sleeper: subprocess.Popen[bytes]) -> None:
    gone = recovery.Known(pid=2**22 - 3, started_at=1.0)
    write_down(layout, supervisor=gone, embedded=recovery.Known.of(sleeper.pid))
    layout.stack_file.write_text("{}")

    assert recovery.recover(layout) is True

    assert sleeper.poll() is not None
    assert not layout.run_file.exists()
    assert not layout.stack_file.exists()


def test_a_stranger_with_a_reused_id_is_left_alone(layout: Layout, sleeper: subprocess.Popen[bytes]) -> None:
    write_down(layout, embedded=recovery.Known(pid=sleeper.pid, started_at=1.0))

    recovery.recover(layout)

    assert sleeper.poll() is None


def test_half_a_file_is_taken_as_nothing_known(layout: Layout) -> None:
    layout.run_file.write_text('{"superv')

    assert recovery.recover(layout) is False
