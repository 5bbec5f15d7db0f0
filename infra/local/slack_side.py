"""Start the local Slack beside the embedded AWS, with the people of the sample registry in it.

Knows how it is called and who must be there from the first minute. Refuses to know anything of Slack itself.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from infra.config import local_stage
from infra.local.layout import Layout
from infra.local.options import Options
from infra.local.ports import HOST
from infra.local.secrets import Secrets
from infra.local.slack.server import Handle, start

SAMPLE = Path(__file__).parent / "sample" / "registry.yaml"
_ROLES = ("owner", "deputy", "escalation")


def start_slack(options: Options, layout: Layout, secrets: Secrets) -> Handle:
    """The running local Slack. Raises OSError when its port is taken."""
    return start(
        HOST,
        options.ports.slack,
        state_dir=layout.slack,
        signing_secret=secrets.slack_signing_secret,
        bot_token=secrets.slack_bot_token,
        web_url=options.web_url,
        people=list(people()),
        client_id=secrets.oidc_client_id,
        client_secret=secrets.oidc_client_secret,
    )


def people(sample: Path = SAMPLE) -> Iterator[dict[str, Any]]:
    """Everyone whom the sample registry names, and the person who gets what nobody owns; each once."""
    seen: set[str] = set()
    for person in (*_named(sample), _fallback()):
        if person.get("slack_id") and person["slack_id"] not in seen:
            seen.add(person["slack_id"])
            yield person


def _named(sample: Path) -> Iterator[dict[str, Any]]:
    if not sample.exists():
        return
    rows = yaml.safe_load(sample.read_text(encoding="utf-8"))["integrations"]
    for row in rows:
        for role in _ROLES:
            if isinstance(row.get(role), dict):
                yield row[role]


def _fallback() -> dict[str, Any]:
    return dict(json.loads(local_stage().defaults["FALLBACK_OWNER"]))
