"""`make lock`: update uv.lock and take the names of the registries out of it.

Knows that an address in the lock is only a record of where a file was seen; what is installed is decided by version and
hash, and from where by uv's own settings. Refuses to choose versions: uv keeps those that still satisfy the project.
"""

import re
import sys
from collections.abc import Sequence

from infra.uv import ROOT, uv

LOCK = ROOT / "uv.lock"
HOST = re.compile(r"https://[A-Za-z0-9.:-]+/")
# `.invalid` is reserved (RFC 2606): it can never be anybody's host.
NOWHERE = "https://registry.invalid/"


def without_hosts(text: str) -> str:
    """The lock with every host replaced."""
    return HOST.sub(NOWHERE, text)


def main(arguments: Sequence[str]) -> int:
    """`python -m infra.lock [uv lock options…]`."""
    try:
        uv("lock", *arguments)
    finally:
        LOCK.write_text(without_hosts(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
