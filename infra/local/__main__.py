"""`python -m infra.local`: run the local stack without the `deadair` command."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from infra.local.options import Options, Ports
from infra.local.up import up


def main(
    state_dir: Annotated[Path, typer.Option(help="Where the state is kept.")] = Path(".deadair"),
    aws_port: Annotated[int, typer.Option(help="The embedded AWS.")] = Ports.aws,
    web_port: Annotated[int, typer.Option(help="The web pages.")] = Ports.web,
    slack_port: Annotated[int, typer.Option(help="The local Slack.")] = Ports.slack,
) -> None:
    """Run the local stack until Ctrl-C."""
    sys.exit(up(Options(state_dir=state_dir, ports=Ports(aws_port, web_port, slack_port))))


if __name__ == "__main__":
    typer.run(main)
