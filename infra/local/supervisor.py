"""The local stack as a whole: embedded AWS, deployed template, web proxy, local Slack, alarm evaluator, traffic.

Knows the order of starting and stopping and who tells whom. Each part's inside is its own module.
"""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from infra.local import archive, ports, recovery, saves, secrets, slack_side
from infra.local.deploy import Deployed, Deployer
from infra.local.errors import EmbeddedAwsFailed
from infra.local.evaluator import Evaluator
from infra.local.layout import Layout
from infra.local.ministack import MiniStack
from infra.local.options import ACCOUNT, REGION, STACK_NAME, STAGE, Options, Ports, Progress, silent
from infra.local.proxy import Proxy
from infra.local.slack.server import Handle
from infra.local.traffic.service import Traffic
from infra.synth import Assembly, synth
from infra.target import Target, local_clients, target_of

# One cache for all state directories: the result depends on the sources only.
SYNTHESISED = Path(__file__).resolve().parents[2] / ".deadair" / "synth"


class LocalStack:
    """One local stack. `start` and `stop` are a pair; `wait` returns when the embedded AWS died."""

    def __init__(self, options: Options, progress: Progress = silent) -> None:
        self.options, self._progress = options, progress
        self.layout = Layout(options.state_dir.absolute())
        self.ministack = MiniStack(options, self.layout)
        self._clients = local_clients(options.endpoint, REGION)
        self._proxy = Proxy(options.ports.web, options.ports.aws)
        self._slack: Handle | None = None
        self._evaluator = Evaluator(options.endpoint, options.evaluate_every_s, patience_s=options.patience_s)
        self._traffic: Traffic | None = None
        self._ended = threading.Event()
        self._refuses = ""

    def start(self) -> Target:
        """Bring everything up and write the address card. On any error nothing is left running."""
        self.layout.create()
        if recovery.recover(self.layout):
            self._progress("The last run did not stop by itself; cleaned up after it")
        ports.require_free(self.options.ports.flags())
        recovery.claim(self.layout, os.getpid())
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> Target:
        self._tell_about_the_last_save()
        self._proxy.start()
        self._progress("Starting the embedded AWS")
        self.ministack.start()
        recovery.claim(self.layout, os.getpid(), self.ministack.pid)
        assembly = self._assembly()
        self.ministack.wait_until_ready()
        known = secrets.load_or_make(self.layout.secrets_file)
        secrets.put_parameters(self._clients.get("ssm"), known)
        self._slack = slack_side.start_slack(self.options, self.layout, known)
        deployed = self._deploy(assembly, known)
        self._open_the_door(deployed)
        threading.Thread(target=self._begin_work, name="begin-work", daemon=True).start()
        self._traffic = self._start_traffic(deployed)
        self._evaluator.start()
        return self._write_card(deployed)

    def _start_traffic(self, deployed: Deployed) -> Traffic | None:
        """The world outside; a stack without a registry has none."""
        if "RegistryTable" not in deployed.outputs:
            return None
        target = target_of(self._card(deployed, ""))
        traffic = Traffic(target, self.layout.traffic_file, everyone=self.options.traffic)
        self._evaluator.excused = traffic.behind
        traffic.start()
        return traffic

    def _begin_work(self) -> None:
        with suppress(OSError):  # the stack is being stopped already
            self.ministack.begin_work()

    def _tell_about_the_last_save(self) -> None:
        older = saves.go_back_to_a_whole_one(self.layout.saves)
        note = saves.last_note(self.layout.saves)
        if older and note:
            moment = note.saved_at.astimezone()
            self._progress(
                f"The newest save is damaged; its state is from the one before, {moment:%Y-%m-%d %H:%M:%S}. "
                "What came after that is gone."
            )
        elif note and not note.clean:
            moment = note.saved_at.astimezone()
            self._progress(
                f"The embedded AWS was killed; its state is from its last save, {moment:%Y-%m-%d %H:%M:%S}. "
                "What came after that is gone."
            )

    def _assembly(self) -> Assembly:
        folder = self.options.cloud_assembly
        if folder is None:
            self._progress("Synthesising the stack (only when its sources changed)")
            folder = synth(STAGE, SYNTHESISED)
        return Assembly(folder, STACK_NAME)

    def _deploy(self, assembly: Assembly, known: secrets.Secrets) -> Deployed:
        deployed = Deployer(self._clients, STACK_NAME, self._progress).deploy(assembly, self._parameters(known))
        if deployed.changed:
            archive.make_archives(self._clients, deployed, STACK_NAME)
            self.ministack.save_now()
        for omission in deployed.omissions:
            self._progress(f"Left out: {omission.type} {omission.logical_id} ({omission.reason})")
        return deployed

    def _parameters(self, known: secrets.Secrets) -> dict[str, str]:
        """The template's parameters that follow from the ports, and what the local Slack calls us."""
        slack = self.options.ports.slack
        return {
            "WebUrl": self.options.web_url,
            "SlackApiUrl": f"{self.options.slack_url}/api/",
            "SlackHooks": f"localhost:{slack}",
            "OidcIssuer": self.options.slack_url,
            "OidcClientId": known.oidc_client_id,
        }

    def _open_the_door(self, deployed: Deployed) -> None:
        api = deployed.physical_id("AWS::ApiGatewayV2::Api")
        if api:
            self._proxy.open_to(api)

    def _write_card(self, deployed: Deployed) -> Target:
        card = self._card(deployed, self._traffic.address if self._traffic else "")
        draft = self.layout.stack_file.with_suffix(".new")
        draft.write_text(json.dumps(card, indent=2), encoding="utf-8")
        draft.replace(self.layout.stack_file)
        return target_of(card)

    def _card(self, deployed: Deployed, traffic: str) -> dict[str, Any]:
        return {
            "endpoint": self.options.endpoint,
            "region": REGION,
            "account": ACCOUNT,
            "stack": STACK_NAME,
            "outputs": {name: self._on_our_port(value) for name, value in deployed.outputs.items()},
            "web": self.options.web_url,
            "slack": self.options.slack_url,
            "traffic": traffic,
            "pid": os.getpid(),
        }

    def _on_our_port(self, output: str) -> str:
        """Addresses in outputs keep the port of the day when they were made."""
        return re.sub(r"^(http://[\w.]*localhost):\d+", rf"\1:{self.options.ports.aws}", output)

    def wait(self, poll_s: float = 0.5) -> None:
        """Return when `request_stop` was called; raise EmbeddedAwsFailed when the embedded AWS ended."""
        while not self._ended.wait(poll_s):
            if not self.ministack.is_alive():
                raise EmbeddedAwsFailed(f"The embedded AWS ended by itself.\n{self.ministack.log_tail()}")
            self._tell_about_the_disk()

    def _tell_about_the_disk(self) -> None:
        """Say it once when nothing new is taken for want of a disk, and once when it is again."""
        now = self.ministack.refuses()
        if now and not self._refuses:
            self._progress(f"{now} Nothing new is taken until there is room; what was taken before is kept.")
        elif self._refuses and not now:
            self._progress("The disk takes saves again; everything is taken as before.")
        self._refuses = now

    def request_stop(self) -> None:
        """Let `wait` return; usable in a signal handler."""
        self._ended.set()

    def stop(self) -> bool:
        """End everything in reverse order; True when the embedded AWS saved its state."""
        self.layout.stack_file.unlink(missing_ok=True)
        if self._traffic:
            self._traffic.stop()
        self._evaluator.stop()
        self._proxy.stop()
        saved = self.ministack.stop()
        if self._slack:
            self._slack.stop()
        recovery.release(self.layout)
        return saved


@contextmanager
def running_stack(
    state_dir: Path,
    ports: Ports,
    *,
    quiet: bool = True,
    cloud_assembly: Path | None = None,
    progress: Progress = print,
    **choices: Any,
) -> Iterator[Target]:
    """A local stack for the length of a `with` block, for tests. `choices` are other fields of Options."""
    options = Options(state_dir=state_dir, ports=ports, cloud_assembly=cloud_assembly, **choices)
    stack = LocalStack(options, silent if quiet else progress)
    target = stack.start()
    try:
        yield target
    finally:
        stack.stop()
