"""`make deploy`: the pinned CDK CLI on the stack, with the operator's answers as CloudFormation parameters.

Knows which environment variable answers which parameter. Refuses to know credentials: AWS_PROFILE, AWS_REGION and the
rest of the AWS environment are the CLI's business. CloudFormation keeps the answers, so a later deployment needs none.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from infra.node import ensure_node
from infra.setup import CDK, ROOT

ANSWERS = ("FALLBACK_OWNER", "ALARM_SCOPE", "SLACK_CHANNEL", "SLACK_TEAM", "WEB_URL")


def parameters(stack: str, environ: Mapping[str, str]) -> list[str]:
    """`FALLBACK_OWNER={…}` in the environment becomes `--parameters <stack>:FallbackOwner={…}`."""
    given = [(name, environ[name]) for name in ANSWERS if environ.get(name)]
    return [part for name, value in given for part in ("--parameters", f"{stack}:{_parameter(name)}={value}")]


def main(arguments: Sequence[str]) -> int:
    """`python -m infra.deploy [stage] [cdk options…]`, or `bootstrap [cdk options…]` once for an account and region."""
    stage, *options = arguments or ["prod"]
    if stage == "bootstrap":
        return _cdk("bootstrap", *options)
    stack = f"Deadair-{stage}"
    return _cdk("deploy", stack, "-c", f"stage={stage}", *parameters(stack, os.environ), *options)


def _cdk(*words: str) -> int:
    return subprocess.run([str(ensure_node() / "node"), str(CDK), *words], cwd=ROOT, check=False).returncode


def _parameter(setting: str) -> str:
    return "".join(word.capitalize() for word in setting.split("_"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
