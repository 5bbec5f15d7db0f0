"""Try the local Slack alone: `python -m infra.local.slack --port 8741 --web-url http://localhost:8080`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from infra.local.slack.server import start

SOME_PEOPLE = (
    {"id": "U0ANA", "name": "Ana Lima", "email": "ana.lima@example.com", "tz": "Europe/Lisbon"},
    {"id": "U0BEN", "name": "Ben Okafor", "email": "ben.okafor@example.com", "tz": "America/New_York"},
    {"id": "U0CHIYO", "name": "Chiyo Tanaka", "email": "chiyo.tanaka@example.com", "tz": "Asia/Tokyo"},
)


def main() -> int:
    """Serve until interrupted; the secrets come from the environment, or are plain words for trying things."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.slack", description="A Slack workspace for one machine."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--web-url", default="http://localhost:8080", help="where the app answers")
    parser.add_argument("--state-dir", type=Path, default=Path(".deadair"))
    given = parser.parse_args()
    handle = start(
        given.host,
        given.port,
        state_dir=given.state_dir,
        signing_secret=os.environ.get("LOCAL_SLACK_SIGNING_SECRET", "try-signing-secret"),
        bot_token=os.environ.get("LOCAL_SLACK_BOT_TOKEN", "xoxb-try"),
        web_url=given.web_url,
        people=SOME_PEOPLE,
    )
    sys.stdout.write(f"Local Slack: {handle.url}\n")
    sys.stdout.flush()
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    done.wait()
    handle.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
