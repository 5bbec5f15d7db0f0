"""Where tools may keep what they fetched: their usual places at home, or `.deadair/cache` where home is read-only.

Knows the variables by which uv, npm, jsii, the CDK CLI and Playwright are told. Refuses to move a cache that somebody
has placed. Standard library only, because it runs before anything is installed.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".deadair" / "cache"
# Each of these tools ends with an error when its folder cannot be made.
VARIABLES = {
    "UV_CACHE_DIR": "uv",
    "npm_config_cache": "npm",
    "JSII_RUNTIME_PACKAGE_CACHE_ROOT": "jsii",
    "CDK_HOME": "cdk",
    "PLAYWRIGHT_BROWSERS_PATH": "browsers",
}


def place_caches(environ: MutableMapping[str, str] = os.environ, home: Path | None = None) -> None:
    """Where home takes no files (a container's user, a sandbox), name other folders; else leave all as it is."""
    if not may_write(home or Path("~").expanduser()):
        for variable, folder in VARIABLES.items():
            environ.setdefault(variable, str(PLACE / folder))


def may_write(folder: Path) -> bool:
    """Whether files can be made there, or in the nearest folder above that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
