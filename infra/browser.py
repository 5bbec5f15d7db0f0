"""Where a Chromium is, for the browser tests.

Knows the names and places under which systems keep one. Refuses to install it; `infra.setup` does. Standard library
only, because it runs before anything is installed.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_APPS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
# Where the set-up notes a browser that Playwright's installer brought.
NOTE = ROOT / ".venv" / "browser"


def find_browser() -> Path | None:
    """The Chromium to drive: DEADAIR_BROWSER, else the system's, else the one that the set-up installed."""
    chosen = os.environ.get("DEADAIR_BROWSER")
    if chosen:
        return Path(chosen)
    return _on_path() or _on_a_mac() or _noted()


def _on_path() -> Path | None:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def _on_a_mac() -> Path | None:
    candidates = (Path("/Applications") / app for app in MAC_APPS)
    return next((path for path in candidates if path.exists()), None)


def _noted() -> Path | None:
    if not NOTE.exists():
        return None
    path = Path(NOTE.read_text(encoding="utf-8").strip())
    return path if path.exists() else None
