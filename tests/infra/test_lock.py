"""Claims about the lock: it pins bytes, and it names no place (decision 001)."""

import re
import subprocess
import tomllib

from infra.lock import HOST, without_hosts
from infra.uv import uv_path
from tests.infra.template import ROOT

# In pieces, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
    )
]


def tracked_files() -> list[str]:
    """The files that a clone holds; in an unpacked archive, which has no git, the lock alone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [name for name in listed.stdout.split("\0") if name] or ["uv.lock"]


def test_no_tracked_file_names_a_registry() -> None:
    names = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS).encode())

    naming = [name for name in tracked_files() if (ROOT / name).is_file() and names.search((ROOT / name).read_bytes())]

    assert naming == []


def test_each_address_in_the_lock_leads_nowhere() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")

    assert set(HOST.findall(lock)) == {"https://registry.invalid/"}


def test_every_locked_file_has_a_hash() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))

    files = [
        file
        for package in lock["package"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    ]

    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)


def test_taking_hosts_out_keeps_versions_and_hashes() -> None:
    line = '{ url = "https://files.example.com/packages/ab/x-1.0.whl", hash = "sha256:00" }'

    assert without_hosts(line) == '{ url = "https://registry.invalid/packages/ab/x-1.0.whl", hash = "sha256:00" }'
    assert without_hosts(without_hosts(line)) == without_hosts(line)


def test_the_lock_fits_the_project() -> None:
    """`uv lock --check` needs no network when it does, and says so when it does not: run `make lock`."""
    checked = subprocess.run(
        [uv_path(), "lock", "--check", "--offline", "-q"], cwd=ROOT, capture_output=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
