"""`up` at a terminal: progress, addresses, Ctrl-C. Knows rich and signals; the stack itself is `supervisor`."""

import signal
import time
from types import FrameType

from rich.console import Console
from rich.status import Status

from infra.local.errors import AlreadyRunning, LocalStackError, NoFolder, PortTaken
from infra.local.options import Options
from infra.local.supervisor import LocalStack
from infra.target import Target

OK, FAILED, REFUSED = 0, 1, 2


def up(options: Options, console: Console | None = None) -> int:
    """Run a local stack until Ctrl-C or SIGTERM. Returns the exit status: 2 is a polite refusal."""
    out = console or Console()
    stack = LocalStack(options, lambda message: out.print(f"  {message}", highlight=False))
    stop_on_signals(stack)
    began = time.monotonic()
    try:
        with Status("Starting", console=out):
            target = stack.start()
        _show(out, target, time.monotonic() - began)
        stack.wait()
    except (PortTaken, AlreadyRunning, NoFolder) as refusal:
        out.print(str(refusal), markup=False, highlight=False)
        return REFUSED
    except LocalStackError as error:
        out.print(str(error), markup=False, highlight=False, style="red")
        stack.stop()
        return FAILED
    except KeyboardInterrupt:
        out.print("  Stopped while starting.")
        return OK
    return stopped(out, stack)


def stopped(out: Console, stack: LocalStack) -> int:
    """Stop the stack and say how that went. Returns the exit status."""
    with Status("Saving and stopping", console=out):
        saved = stack.stop()
    out.print("  Stopped; everything is saved." if saved else "  Stopped, but the last save did not succeed.")
    return OK if saved else FAILED


def interrupt_on_signals() -> None:
    """Ctrl-C and SIGTERM end what is under way, a story for example."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)


def stop_on_signals(stack: LocalStack) -> None:
    """Ctrl-C and SIGTERM end the start when it is under way, and afterwards let `wait` return."""
    started: list[bool] = []

    def handle(_number: int, _frame: FrameType | None) -> None:
        if not stack.layout.stack_file.exists() and not started:
            raise KeyboardInterrupt
        started.append(True)
        stack.request_stop()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)


def _show(out: Console, target: Target, seconds: float) -> None:
    out.print(f"\n[bold]Deadair is up[/bold] after {seconds:.1f} s. Ctrl-C stops it and keeps its incidents.")
    for name, address in (("Web", target.web), ("Slack", target.slack), ("AWS", target.endpoint)):
        out.print(f"  {name:6}{address}", highlight=False)
