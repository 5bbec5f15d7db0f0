"""The CDK app: `python -m infra.app`, run by the CDK CLI and by `infra.synth`.

Knows how a stage is chosen (`-c stage=local`, else `prod`). Refuses to know what is in the stack.
"""

from infra.node import ensure_node

ensure_node()

from aws_cdk import App  # jsii starts Node when aws_cdk is imported

from infra.config import stage_named
from infra.stack import DeadairStack


def build(app: App) -> DeadairStack:
    """The stack of the stage that the app's context names."""
    return DeadairStack(app, stage_named(str(app.node.try_get_context("stage") or "prod")))


def main() -> None:
    """Synthesise into the folder that the CDK CLI names, else into cdk.out."""
    app = App()
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
