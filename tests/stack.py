"""The session's local stack: the synthesised template on free ports with a state directory of its own.

`tests/conftest.py` loads this module as a plugin. A test that asks for `stack` must carry the marker `stack`.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.usecases.import_registry import import_registry, plan_import, write_plan
from infra.cli.people import tell_local_slack
from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import running_stack
from infra.target import Target

ROOT = Path(__file__).parents[1]
REGISTRY = ROOT / "infra/local/sample/registry.yaml"
Deadair = Callable[..., tuple[int, str, str]]
Register = Callable[..., str]


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of the session's stack."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def stack(state_dir: Path) -> Iterator[Target]:
    """A running stack: `client(service)`, `outputs`, `web`, `slack`, `endpoint`."""
    # Rows without traffic would ring for it, in the middle of somebody else's claim: a new alarm waits for its data.
    with running_stack(state_dir, Ports(*pick_free(3)), patience_s=86400) as target:
        yield target


@pytest.fixture(scope="session")
def deadair(stack: Target, state_dir: Path) -> Deadair:
    """The command as an operator runs it, in a process of its own, with the sample registry imported.

    Returns the exit status, what it said on stdout, and what it said on stderr.
    """

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "infra.cli.main", "--state-dir", str(state_dir), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        return done.returncode, done.stdout, done.stderr

    assert run("registry", "import", REGISTRY)[0] == 0
    return run


@pytest.fixture
def register(stack: Target, deadair: Deadair) -> Iterator[Register]:
    """Puts integrations of one's own into the shared registry, of Zoë unless said otherwise; returns each one's slug.

    They are retired afterwards. What is claimed of them no alarm of the sample, and no other claim, can disturb.
    """
    mine: set[str] = set()

    def add(**fields: object) -> str:
        slug = f"feed-{uuid4().hex[:8]}"
        owner = {"name": "Zoë Okonkwo", "email": "zoe.okonkwo@example.com", "slack_id": "U0ZOE"}
        row = {"slug": slug, "name": f"Feed {slug}", "owner": owner, "alarm_patterns": [f"{slug}-*"]}
        mine.add(slug)
        rows = [Row.model_validate(row | fields)]
        import_registry(_writer(stack), rows, now=datetime.now(UTC), by="tests")
        tell_local_slack(stack, rows)
        return slug

    yield add
    retire(stack, mine)


def retire(stack: Target, slugs: set[str]) -> None:
    """Take rows out of the shared registry again."""
    writer = _writer(stack)
    plan = plan_import(writer, (), prune=True)
    only = replace(plan, changes=tuple(change for change in plan.changes if change.slug in slugs))
    write_plan(writer, only, now=datetime.now(UTC), by="tests")


def _writer(stack: Target) -> RegistryWriter:
    return RegistryWriter(stack.client("dynamodb"), stack.outputs["RegistryTable"])


def a_table_like(stack: Target, output: str) -> str:
    """A fresh, empty table of the shape of one of the stack's. Returns its name.

    It has no stream, so no deployed room works beside the test.
    """
    dynamodb, name = stack.client("dynamodb"), f"{output}-{uuid4().hex[:8]}"
    shape = dynamodb.describe_table(TableName=stack.outputs[output])["Table"]
    parts = ("IndexName", "KeySchema", "Projection")
    indexes = [{part: index[part] for part in parts} for index in shape.get("GlobalSecondaryIndexes", [])]
    dynamodb.create_table(
        TableName=name,
        KeySchema=shape["KeySchema"],
        AttributeDefinitions=shape["AttributeDefinitions"],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    return name


def kill_workers(stack: Target) -> int:
    """Kill, without a warning, the processes in which this stack's functions run. Returns how many there were."""
    killed = 0
    for worker in _below_the_embedded_aws(stack):
        with suppress(psutil.NoSuchProcess):
            # A dead one that nobody has buried yet has no words.
            if "_worker.py" in " ".join(worker.cmdline()):
                worker.kill()
                killed += 1
    return killed


def _below_the_embedded_aws(stack: Target) -> list[psutil.Process]:
    """Of one stack only: a test process may run several."""
    port = str(stack.endpoint).rpartition(":")[2]
    for child in psutil.Process(stack.pid).children():
        with suppress(psutil.NoSuchProcess):
            if {"infra.local.embedded", port} <= set(child.cmdline()):
                return child.children(recursive=True)
    return []
