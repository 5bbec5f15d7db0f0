"""The session's local stack: the synthesised template on free ports with a state directory of its own.

`tests/conftest.py` loads this module as a plugin. A test that asks for `stack` must carry the marker `stack`.
"""

from collections.abc import Iterator

import pytest

from infra.local.options import Ports
from infra.local.ports import pick_free
from infra.local.supervisor import running_stack
from infra.target import Target


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A running stack: `client(service)`, `outputs`, `web`, `slack`, `endpoint`."""
    with running_stack(tmp_path_factory.mktemp("stack"), Ports(*pick_free(3))) as target:
        yield target
