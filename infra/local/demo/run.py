"""Starting the stack, telling the story, and serving on. Wiring only."""

from rich.console import Console

from infra.local.demo.story import Story
from infra.local.demo.telling import Teller
from infra.local.demo.witness import NotSeenError
from infra.local.errors import NoStack
from infra.local.options import Options
from infra.local.supervisor import LocalStack
from infra.local.up import FAILED, OK, interrupt_on_signals, on_a_stack, stop_on_signals
from infra.target import Target, find_stack


def demo(options: Options, *, leave: bool) -> int:
    """Tell the story on the stack of this state directory, started if it does not run. Returns the exit status."""
    console = Console()
    try:
        running = find_stack(options.state_dir)
    except NoStack:
        return _with_own_stack(options, console, leave=leave)
    return _tell(running, options, console)


def _with_own_stack(options: Options, console: Console, *, leave: bool) -> int:
    def tell_and_serve(stack: LocalStack, target: Target) -> int:
        try:
            interrupt_on_signals()
            status = _tell(target, options, console)
            stop_on_signals(stack)
            if status == OK and not leave:
                console.print("\nServing on. Ctrl-C stops it and keeps its incidents.", highlight=False)
                stack.wait()
        except KeyboardInterrupt:
            console.print("\n  Stopped in the middle of the story.", highlight=False)
            status = FAILED if leave else OK
        return status

    return on_a_stack(options, console, tell_and_serve)


def _tell(target: Target, options: Options, console: Console) -> int:
    teller = Teller(console)
    try:
        Story(target, teller, options.state_dir).play()
    except (NotSeenError, OSError) as missing:
        console.print("\nThe story broke off:", style="red", highlight=False)
        console.print(f"  {missing}", markup=False, highlight=False)
        return FAILED
    console.print("\n[bold]Every step was seen.[/bold] Look around:", highlight=False)
    for name, address in (("Web", target.web), ("Slack", target.slack)):
        teller.look(f"{name:6}", address)
    return OK
