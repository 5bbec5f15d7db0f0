"""`make deploy`: the pinned CDK CLI on the stack, with the operator's answers as CloudFormation parameters.

Knows which environment variable answers which parameter, and which answers would only fail at the first alarm. Refuses
to know credentials: AWS_PROFILE, AWS_REGION and the rest of the AWS environment are the CLI's business. CloudFormation
keeps the answers, so a later deployment needs none.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from infra.config import parameter_name, stage_named
from infra.node import ensure_node
from infra.setup import CDK, ROOT

SIGN_IN = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_SCOPES", "OIDC_TEAMS", "OIDC_DOMAINS")
# An answer that was given once and is empty now takes the earlier one back.
TAKEN_BACK = ("SLACK_EMOJI", "EMAIL_SENDER", "PING_URL")
ANSWERS = (
    *("FALLBACK_OWNER", "ALARM_SCOPE", "LOG_GROUPS", "SLACK_CHANNEL", "SLACK_TEAM", "ADMINS", "WEB_URL"),
    *(*SIGN_IN, *TAKEN_BACK),
)
OWNER_FIELDS = ("name", "email", "slack_id")
SCOPE_FIELDS = ("accounts", "regions", "prefixes")


def main(arguments: Sequence[str]) -> int:
    """`python -m infra.deploy [stage] [cdk options…]`, or `bootstrap [cdk options…]` once for an account and region."""
    stage, *options = arguments or ["prod"]
    if stage == "bootstrap":
        return _cdk("bootstrap", *options)
    try:
        stack = stack_of(stage)
        given = parameters(stack, os.environ)
    except ValueError as wrong:
        print(f"deploy: {wrong}", file=sys.stderr)
        return 2
    return _cdk("deploy", stack, "-c", f"stage={stage}", *given, *options)


def stack_of(stage: str) -> str:
    """The stack's name. Raises ValueError for a stage that must not, or cannot, stand in an account."""
    found = stage_named(stage)
    if found.is_local:
        raise ValueError("the stage `local` opens its pages to whoever asks, so it stays on one machine: `make up`")
    return found.stack_name


def parameters(stack: str, environ: Mapping[str, str]) -> list[str]:
    """`FALLBACK_OWNER={…}` in the environment becomes `--parameters <stack>:FallbackOwner={…}`.

    Raises ValueError for an answer that the rooms could not read.
    """
    given = {name: environ[name] for name in ANSWERS if environ.get(name) or (name in TAKEN_BACK and name in environ)}
    if "FALLBACK_OWNER" in given:
        _check_owner(given["FALLBACK_OWNER"])
    if "ALARM_SCOPE" in given:
        _check_scope(given["ALARM_SCOPE"])
    return [
        part for name, value in given.items() for part in ("--parameters", f"{stack}:{parameter_name(name)}={value}")
    ]


def _check_owner(text: str) -> None:
    owner = _object("FALLBACK_OWNER", text)
    if not owner.get("name") or set(owner) - set(OWNER_FIELDS) or not all(isinstance(x, str) for x in owner.values()):
        raise ValueError(f"FALLBACK_OWNER: give {', '.join(OWNER_FIELDS)}, each a text, and nothing else")


def _check_scope(text: str) -> None:
    for name, values in _object("ALARM_SCOPE", text).items():
        if name not in SCOPE_FIELDS:
            raise ValueError(f"ALARM_SCOPE: {name!r} is none of {', '.join(SCOPE_FIELDS)}")
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(f'ALARM_SCOPE: {name} is a list of texts, such as ["…"]')


def _object(setting: str, text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as odd:
        raise ValueError(f"{setting}: not JSON ({odd}); put it in single quotes") from odd
    if not isinstance(found, dict):
        raise ValueError(f'{setting}: a JSON object, such as {{"…": "…"}}')  # noqa: TRY004 - one family for main
    return found


def _cdk(*words: str) -> int:
    return subprocess.run([str(ensure_node() / "node"), str(CDK), *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
