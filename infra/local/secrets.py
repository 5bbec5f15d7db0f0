"""The random secrets of one state directory: Slack's token and signing secret, the session key, who signs in.

Made once, kept in a file that only its owner may read, put into SSM at each start. Knows nothing of who uses them.
"""

import json
import os
import secrets as random_source
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.local.errors import NoFolder
from infra.local.options import STAGE


@dataclass(frozen=True)
class Secrets:
    """Values of one state directory; they never reach a log line."""

    slack_bot_token: str
    slack_signing_secret: str
    web_session_key: str
    oidc_client_id: str
    oidc_client_secret: str

    def __repr__(self) -> str:
        return "Secrets(…)"

    def parameters(self) -> dict[str, str]:
        """SSM parameter names and their values."""
        return {
            f"/deadair/{STAGE}/slack/bot-token": self.slack_bot_token,
            f"/deadair/{STAGE}/slack/signing-secret": self.slack_signing_secret,
            f"/deadair/{STAGE}/web/session-key": self.web_session_key,
            f"/deadair/{STAGE}/web/client-secret": self.oidc_client_secret,
        }


def load_or_make(path: Path) -> Secrets:
    """Read the secrets of this state directory, or invent them and keep them. Raises NoFolder for a damaged file."""
    if not path.exists():
        return _kept(path, Secrets(**_made_at_first(), **_made_later()))
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        complete = Secrets(**{**_made_later(), **known})
    except (ValueError, TypeError) as error:
        raise NoFolder(str(path), "is damaged; remove the file, and new secrets are made") from error
    return complete if known == asdict(complete) else _kept(path, complete)


def _made_at_first() -> dict[str, str]:
    return {
        "slack_bot_token": f"xoxb-local-{random_source.token_hex(16)}",
        "slack_signing_secret": random_source.token_hex(16),
        "web_session_key": random_source.token_hex(32),
    }


def _made_later() -> dict[str, str]:
    """What state directories of an earlier version lack: they get it beside what they have."""
    numbers = (10**12 + random_source.randbelow(9 * 10**12) for _ in range(2))
    return {
        "oidc_client_id": ".".join(map(str, numbers)),
        "oidc_client_secret": random_source.token_hex(16),
    }


def _kept(path: Path, made: Secrets) -> Secrets:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    draft.replace(path)
    return made


def put_parameters(ssm: Any, secrets: Secrets) -> None:
    """Make SSM agree with the file. The file wins."""
    for name, value in secrets.parameters().items():
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
