"""From a bare machine to a working environment: `python3 -m infra.setup [browser] [cdk]`.

Knows the virtual environment, uv, the locked dependencies, a browser and the pinned CDK CLI. Refuses to do anything
twice: each part is skipped when what it would make is there. Standard library only, because nothing else is installed
yet; Python 3.11 or later, Debian or macOS.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from infra.browser import NOTE, find_browser
from infra.caches import place_caches

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "deadair-setup.sha256"
REQUIREMENTS = VENV / "requirements.txt"
# The registry's newest number, 3.0.0, is an old build that refuses today's library.
CDK_CLI = "aws-cdk@2.1148.1"
CDK_HOME = ROOT / ".deadair" / "cache" / CDK_CLI.replace("@", "-")
CDK = CDK_HOME / "node_modules" / "aws-cdk" / "bin" / "cdk"


class SetUpFailed(Exception):
    """A part could not be set up; the message says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Set up the environment, and the named extras."""
    extras = {"browser": ensure_browser, "cdk": ensure_cdk}
    unknown = [name for name in arguments if name not in extras]
    if unknown:
        print(f"setup: unknown part {unknown[0]!r}; there are: {', '.join(extras)}", file=sys.stderr)
        return 2
    place_caches()
    try:
        with alone():
            ensure_environment()
            for name in arguments:
                extras[name]()
    except SetUpFailed as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def alone() -> Iterator[None]:
    """Two targets at once (`make -j lint test`) must not make one environment twice; the second waits for the first."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure_environment() -> None:
    """The virtual environment with the locked dependencies and the `deadair` command."""
    if sys.version_info < (3, 11):  # noqa: UP036  it runs before anything has checked the version
        raise SetUpFailed(f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}; name one by PYTHON=…")
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    started = time.monotonic()
    ensure_venv()
    uv = ensure_uv()
    say("installing the locked dependencies")
    install(uv)
    STAMP.write_text(wanted, encoding="utf-8")
    say(f"ready in {time.monotonic() - started:.0f} s")


def fingerprint() -> str:
    """What the environment was made from: the lock, the project file, the place and the version of Python."""
    total = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}".encode())
    for name in ("uv.lock", "pyproject.toml"):
        total.update((ROOT / name).read_bytes())
    return total.hexdigest()


def ensure_venv() -> None:
    """Make .venv.

    Debian's python3 may come without venv: then uv makes it, else apt brings what is missing, else the system's pip
    fills one that has no pip of its own.
    """
    same = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if PYTHON.exists() and succeeds([str(PYTHON), "-c", same]):
        return
    say(f"making .venv with Python {sys.version.split()[0]}")
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if succeeds(make):
        return
    uv = shutil.which("uv")
    if uv and succeeds([uv, "venv", "--clear", "-q", "--python", sys.executable, str(VENV)]):
        return
    if can_apt():
        say("installing python3-venv")
        apt_install(f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv")
        if succeeds(make):
            return
    if succeeds([sys.executable, "-m", "pip", "--version"]) and succeeds([*make, "--without-pip"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise SetUpFailed("this Python cannot make a virtual environment; on Debian: apt-get install python3-venv")


def ensure_uv() -> str:
    """The uv in .venv, else the one on PATH, else the locked version from the registry."""
    own = VENV / "bin" / "uv"
    if own.exists():
        return str(own)
    found = shutil.which("uv")
    if found:
        return found
    say("installing uv")
    pip = [str(PYTHON), "-m", "pip"]
    if not succeeds([*pip, "--version"]):
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    run([*pip, "install", "-q", "--disable-pip-version-check", f"uv=={locked_version('uv')}"])
    return str(own)


def install(uv: str) -> None:
    """Install exactly what the lock says, by hash, from the registry that uv is set to: the lock names none."""
    run([uv, "export", "--frozen", "--no-emit-project", "--no-header", "-q", "-o", str(REQUIREMENTS)])
    into = ["--python", str(PYTHON), "-q"]
    run([uv, "pip", "install", *into, "--require-hashes", "-r", str(REQUIREMENTS)])
    run([uv, "pip", "install", *into, "--no-deps", "-e", "."])


def locked_version(package: str) -> str:
    """The version of a package in uv.lock."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return next(str(entry["version"]) for entry in lock["package"] if entry["name"] == package)


def ensure_browser() -> None:
    """A Chromium: the system's, else apt's when we are root, else Playwright's."""
    if find_browser() is not None:
        return
    if can_apt():
        say("installing chromium with apt")
        # Ubuntu's package is a stub that starts nothing in a container, hence the trial run.
        if apt_install("chromium") and works(find_browser()):
            return
    say("installing Chromium with Playwright")
    system = ["--with-deps"] if can_apt() else []
    if not succeeds([str(VENV / "bin" / "playwright"), "install", *system, "chromium"]):
        raise SetUpFailed("no browser could be installed; put a Chromium on PATH, or name one by DEADAIR_BROWSER=…")
    NOTE.write_text(playwright_browser(), encoding="utf-8")


def works(browser: Path | None) -> bool:
    """Whether that browser starts."""
    return browser is not None and succeeds([str(browser), "--version"])


def playwright_browser() -> str:
    """Where Playwright put its Chromium."""
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    return subprocess.run([str(PYTHON), "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def ensure_cdk() -> None:
    """The pinned CDK CLI, in the cache folder and nowhere else."""
    if CDK.exists():
        return
    say(f"installing {CDK_CLI}")
    CDK_HOME.mkdir(parents=True, exist_ok=True)
    npm = VENV / "bin" / "npm"
    run([str(npm), "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(CDK_HOME), CDK_CLI])


def can_apt() -> bool:
    """Whether we may install system packages: root on a Debian."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_install(*packages: str) -> bool:
    """Install the first of these packages that installs; say whether one did."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    succeeds(["apt-get", "update", "-qq"], quiet)
    options = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    return any(succeeds([*options, package], quiet) for package in packages)


def succeeds(command: Sequence[str], environment: dict[str, str] | None = None) -> bool:
    """Run quietly; say whether it ended well."""
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: Sequence[str]) -> None:
    """Run a step of the set-up; its own words are shown when it fails."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        name = " ".join(command[:3])
        raise SetUpFailed(f"`{name} …` failed:\n{(result.stderr or result.stdout).strip()}")


def say(text: str) -> None:
    """One calm line of progress."""
    print(f"setup: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
