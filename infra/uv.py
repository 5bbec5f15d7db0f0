"""The uv of this environment, run in the project's root.

Knows where uv is. Refuses to know what it is asked.
"""

import shutil
import subprocess
import sysconfig
from pathlib import Path

from infra.caches import place_caches

ROOT = Path(__file__).resolve().parent.parent


def uv(*arguments: str) -> str:
    """Run uv in the project's root and return what it prints."""
    # The CDK CLI forces colour on what it starts, and coloured requirements are no requirements.
    return subprocess.run(
        [uv_path(), "--color", "never", *arguments], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ).stdout


def uv_path() -> str:
    """The uv of this environment, else the one on PATH."""
    place_caches()
    beside = Path(sysconfig.get_path("scripts")) / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("uv is missing: run `make setup`.")
    return found
