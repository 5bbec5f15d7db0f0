"""Start, await and end the embedded AWS as a child process. Knows processes; the child's inside is `embedded`."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from infra.local.errors import EmbeddedAwsFailed
from infra.local.layout import Layout
from infra.local.options import ACCOUNT, REGION, Options
from infra.local.ports import HOST

_ROOT = Path(__file__).resolve().parents[2]
_START_S = 30.0
_STOP_S = 20.0
_LOG_TAIL = 12


def environment(options: Options, layout: Layout) -> dict[str, str]:
    """What the child and, through it, every function sees.

    The operator's own AWS settings stay out, so that no function can reach a real account.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return inherited | {
        "PYTHONPATH": str(_ROOT),
        "GATEWAY_PORT": str(options.ports.aws),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(layout.aws.resolve()),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(layout.objects.resolve()),
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": "300",
        "LOG_LEVEL": "WARNING",
        # Listeners that we do not use; they would take fixed ports and 30 MB.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "TMPDIR": str((layout.root / "tmp").resolve()),
        "AWS_ENDPOINT_URL": options.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class MiniStack:
    """The child process, from start to end."""

    def __init__(self, options: Options, layout: Layout) -> None:
        self._options, self._layout = options, layout
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The child's process id, 0 when it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the child in a session of its own, so that Ctrl-C reaches the supervisor only."""
        _empty(self._layout.root / "tmp")
        command = [
            *(sys.executable, "-m", "infra.local.embedded", str(self._options.ports.aws)),
            *(str(self._layout.saves.resolve()), str(self._options.save_every_s), str(os.getpid())),
        ]
        with self._layout.aws_log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=_ROOT,
                env=environment(self._options, self._layout),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when it answers; raise EmbeddedAwsFailed when it ended or takes too long."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if not self.is_alive():
                raise EmbeddedAwsFailed(f"The embedded AWS ended while starting.\n{self.log_tail()}")
            if self._answers():
                return
            time.sleep(0.05)
        raise EmbeddedAwsFailed(f"The embedded AWS did not answer within {_START_S:.0f} s.\n{self.log_tail()}")

    def is_alive(self) -> bool:
        """False when the child ended by itself or was killed."""
        return self._process is not None and self._process.poll() is None

    def save_now(self) -> None:
        """Have the child save this instant."""
        self._tell("save")

    def refuses(self) -> str:
        """Why nothing new is taken, in words; empty while all is well, and when it does not answer in time."""
        try:
            with urllib.request.urlopen(f"{self._options.endpoint}/_deadair/refuses", timeout=1) as answer:  # noqa: S310 - our own child
                return str(json.load(answer)["refuses"])
        except (urllib.error.URLError, OSError, ValueError, KeyError):
            return ""

    def begin_work(self) -> None:
        """Have the child give work to the functions, and start a worker for each; returns when all are warm."""
        self._tell("work")

    def _tell(self, what: str) -> None:
        request = urllib.request.Request(f"{self._options.endpoint}/_deadair/{what}", method="POST")  # noqa: S310 - our own child
        with urllib.request.urlopen(request, timeout=_START_S):  # noqa: S310 - http to 127.0.0.1
            pass

    def stop(self) -> bool:
        """Ask it to end, give it time to save; True when it ended by itself with its state saved."""
        if self._process is None:
            return True
        self._process.terminate()
        try:
            return self._process.wait(timeout=_STOP_S) == 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        finally:
            self._process = None
            # The functions' copies of the code: the embedded AWS leaves them, so that its end is a short one.
            shutil.rmtree(self._layout.root / "tmp", ignore_errors=True)

    def log_tail(self) -> str:
        """The last lines that it had to say."""
        if not self._layout.aws_log.exists():
            return ""
        lines = self._layout.aws_log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LOG_TAIL:])

    def _answers(self) -> bool:
        url = f"http://{HOST}:{self._options.ports.aws}/_ministack/health"
        try:
            with urllib.request.urlopen(url, timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            return False


def _empty(folder: Path) -> None:
    """Function folders of a run that was killed stay behind here; no other run uses this folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
