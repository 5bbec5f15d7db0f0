"""`deadair up` and `deadair demo`: the whole product on this machine. Wiring; the work is in infra/local."""

from pathlib import Path
from typing import Annotated

import typer

AwsPort = Annotated[int, typer.Option(min=1, max=65535, help="The embedded AWS.")]
WebPort = Annotated[int, typer.Option(min=1, max=65535, help="The web pages.")]
SlackPort = Annotated[int, typer.Option(min=1, max=65535, help="The local Slack.")]
DEFAULT_STATE_DIR = Path(".deadair")


def up(
    context: typer.Context, aws_port: AwsPort = 4566, web_port: WebPort = 8080, slack_port: SlackPort = 8081
) -> None:
    """Run the local stack until Ctrl-C; it keeps its incidents."""
    from infra.local.options import Options, Ports
    from infra.local.up import up as run

    ports = Ports(aws_port, web_port, slack_port)
    raise typer.Exit(run(Options(state_dir=_state_dir(context), ports=ports, traffic=True)))


def demo(
    context: typer.Context,
    *,
    leave: Annotated[bool, typer.Option("--exit", help="End after the story.")] = False,
    aws_port: AwsPort = 4566,
    web_port: WebPort = 8080,
    slack_port: SlackPort = 8081,
) -> None:
    """Run the local stack and tell one incident's story on it."""
    from infra.local.demo import demo as tell
    from infra.local.options import Options, Ports

    ports = Ports(aws_port, web_port, slack_port)
    options = Options(state_dir=_state_dir(context), ports=ports, traffic=True)
    raise typer.Exit(tell(options, leave=leave))


def _state_dir(context: typer.Context) -> Path:
    chosen: Path | None = context.find_root().obj.state_dir
    return chosen or DEFAULT_STATE_DIR
