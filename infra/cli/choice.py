"""Which stack a command works on, and how the choice is written on the command line.

Knows the three global options. Refuses to import anything slow before a command needs the stack.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from infra.target import Target

GLOBAL_OPTIONS = ("--profile", "--stack", "--state-dir")
DEFAULT_STACK = "Deadair-prod"


@dataclass(frozen=True)
class Choice:
    """What the global options said."""

    profile: str = ""
    stack: str = ""
    state_dir: Path | None = None

    def target(self) -> "Target":
        """The stack, found. Raises NoStack."""
        from infra.target import deployed_stack, find_stack

        if self.profile or self.stack:
            return deployed_stack(self.stack or DEFAULT_STACK, self.profile or None)
        return find_stack(self.state_dir)


def chosen(context: typer.Context) -> "Target":
    """The stack of the running command. Raises NoStack."""
    choice: Choice = context.find_root().obj
    return choice.target()


def output(target: "Target", name: str) -> str:
    """An output of the stack, such as a table's name. Raises NoStack when the stack has none of that name."""
    from infra.local.errors import NoStack

    if name not in target.outputs:
        raise NoStack(
            f"The stack {target.stack} has no output {name}: it is not Deadair's, or an older one. Deploy it again."
        )
    return target.outputs[name]


def parameter(target: "Target", name: str) -> str:
    """What the stack was deployed with, such as `Admins`; empty where nobody said. Raises botocore's errors."""
    found = target.client("cloudformation").describe_stacks(StackName=target.stack)["Stacks"][0]
    told = {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])}
    return str(told.get(name, ""))


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with the global options in front, so that they may be written anywhere."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in GLOBAL_OPTIONS:
            front += [argument, *(value for value in [next(waiting, None)] if value is not None)]
        elif argument.startswith(tuple(f"{name}=" for name in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
