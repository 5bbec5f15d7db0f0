"""The two things that are uploaded: the code of all rooms, and the dependencies that they share.

Knows which files belong in them and how wheels for Lambda are fetched without Docker. Refuses to know the CDK.
The code asset holds `functions/` at its root and `templates/` beside it; the layer holds `python/`.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.uv import ROOT, uv, uv_path

LAMBDA_PYTHON = "3.13"
# The python3.13 runtime is Amazon Linux 2023 (glibc 2.34), so wheels of 2.28 run there; apsw has no older ones.
LAMBDA_PLATFORM = "aarch64-manylinux_2_28"
# The Lambda runtime brings boto3 with what it needs; ours would only make the bundle larger.
LEFT_TO_THE_RUNTIME = frozenset({"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"})
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", ".DS_Store")


def code_files() -> Iterator[Path]:
    """Every file that the code asset holds, in a stable order."""
    for folder in ("functions", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                yield path


def digest(paths: Iterable[Path], *, salt: str = "") -> str:
    """A SHA-256 over names and bytes, in the given order."""
    total = hashlib.sha256(salt.encode())
    for path in paths:
        total.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def stage_code(target: Path, interpreter: str | None) -> None:
    """Copy the code of all rooms to `target`, with bytecode when an interpreter of Lambda's version is given."""
    shutil.copytree(ROOT / "functions", target, dirs_exist_ok=True, ignore=IGNORED)
    shutil.copytree(ROOT / "templates", target / "templates", dirs_exist_ok=True, ignore=IGNORED)
    compile_tree(target, interpreter)


def stage_dependencies(target: Path, interpreter: str | None) -> None:
    """Install the locked wheels for Lambda into `target/python`, without what the runtime brings."""
    packages = target / "python"
    requirements = target / "requirements.txt"
    requirements.write_text(locked_requirements(), encoding="utf-8")
    platform = ["--python-platform", LAMBDA_PLATFORM, "--python-version", LAMBDA_PYTHON, "--only-binary", ":all:"]
    # Without --no-deps the resolver would bring back what was left to the runtime.
    exact = ["--no-deps", "--require-hashes", "-r", str(requirements)]
    uv("pip", "install", "-q", "--target", str(packages), *platform, *exact)
    requirements.unlink()
    compile_tree(packages, interpreter)


def locked_requirements() -> str:
    """The rooms' dependencies with their hashes, from the lock, without those of the runtime."""
    left_out = [part for name in sorted(LEFT_TO_THE_RUNTIME) for part in ("--no-emit-package", name)]
    return uv("export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-header", "-q", *left_out)


def compile_tree(target: Path, interpreter: str | None) -> None:
    """Compile to bytecode that is never checked against file times: the zip has none worth checking."""
    if interpreter is not None:
        options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(target)]
        subprocess.run([interpreter, "-m", "compileall", *options, str(target)], check=True)


def lambda_python() -> str | None:
    """A Python of Lambda's version on this machine, or None; without one the bundle works and starts slower."""
    result = subprocess.run(
        [uv_path(), "python", "find", "--no-python-downloads", "--no-project", LAMBDA_PYTHON],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        # pyenv's shims refuse to run a version that is installed but not chosen; without pyenv this says nothing.
        env={**os.environ, "PYENV_VERSION": LAMBDA_PYTHON},
    )
    return result.stdout.strip() if result.returncode == 0 else None
