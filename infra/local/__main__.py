"""`python -m infra.local`: run the local stack without the `deadair` command."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from infra.local.options import Options, Ports
from infra.local.up import up


def main(  # noqa: PLR0917 - typer reads the parameters as flags
    state_dir: Annotated[Path, typer.Option(help="Where the state is kept.")] = Path(".deadair"),
    aws_port: Annotated[int, typer.Option(help="The embedded AWS.")] = Ports.aws,
    web_port: Annotated[int, typer.Option(help="The web pages.")] = Ports.web,
    slack_port: Annotated[int, typer.Option(help="The local Slack.")] = Ports.slack,
    cloud_assembly: Annotated[Path | None, typer.Option(help="Another synthesised stack than ours.")] = None,
    save_every_s: Annotated[float, typer.Option(help="Seconds between two saves while things change.")] = 10.0,
) -> None:
    """Run the local stack until Ctrl-C."""
    ports = Ports(aws_port, web_port, slack_port)
    options = Options(
        state_dir=state_dir, ports=ports, cloud_assembly=cloud_assembly, save_every_s=save_every_s, traffic=True
    )
    sys.exit(up(options))


if __name__ == "__main__":
    typer.run(main)
