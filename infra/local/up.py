"""`up` at a terminal: progress, addresses, Ctrl-C. Knows rich and signals; the stack itself is `supervisor`."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from rich.console import Console
from rich.status import Status

from infra.local.errors import AlreadyRunning, LocalStackError, NoFolder, PortTaken
from infra.local.options import Options
from infra.local.supervisor import LocalStack
from infra.target import Target

OK, FAILED, REFUSED = 0, 1, 2


# What is done on a running stack; returns an exit status.
Work = Callable[[LocalStack, Target], int]


def up(options: Options, console: Console | None = None) -> int:
    """Run a local stack until Ctrl-C or SIGTERM. Returns the exit status: 2 is a polite refusal."""
    out = console or Console()
    began = time.monotonic()

    def serve(stack: LocalStack, target: Target) -> int:
        _show(out, target, time.monotonic() - began)
        stack.wait()
        return OK

    return on_a_stack(options, out, serve)


def on_a_stack(options: Options, out: Console, work: Work) -> int:
    """Start a stack, do the work on it, and stop it whatever happened. Returns the exit status."""
    stack = LocalStack(options, lambda message: out.print(f"  {message}", highlight=False))
    stop_on_signals(stack)
    try:
        with Status("Starting", console=out):
            target = stack.start()
    except (PortTaken, AlreadyRunning, NoFolder) as refusal:
        out.print(str(refusal), markup=False, highlight=False)
        return REFUSED
    except LocalStackError as error:
        return _failed(out, error)
    except KeyboardInterrupt:
        out.print("  Stopped while starting.")
        return OK
    try:
        status = work(stack, target)
    except LocalStackError as error:
        status = _failed(out, error)
    finally:
        saved = _stop(out, stack)
    return status or saved


def _failed(out: Console, error: LocalStackError) -> int:
    out.print(str(error), markup=False, highlight=False, style="red")
    return FAILED


def _stop(out: Console, stack: LocalStack) -> int:
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
