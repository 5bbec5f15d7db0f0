"""Who runs the command, and the people whom the local Slack should know. Failing to tell them is only a warning."""

import getpass
import json
import urllib.error
import urllib.request
from collections.abc import Iterable

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.parts import PersonRow
from infra.cli import terminal
from infra.target import Target

ANSWER_S = 5.0


def operator() -> str:
    """The name that a change of the registry carries."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container user without a name
        return "cli"


def people_of(rows: Iterable[Row]) -> list[PersonRow]:
    """Everybody with a Slack id whom the rows name, once."""
    named = (person for row in rows for person in (row.owner, row.deputy, row.escalation) if person)
    return list({person.slack_id: person for person in named if person.slack_id}.values())


def tell_local_slack(target: Target, rows: Iterable[Row]) -> None:
    """Add the people to the local Slack, so that they can be chosen there. Does nothing for a deployed stack."""
    if not target.is_local or not target.slack:
        return
    listed = [{"id": person.slack_id, "name": person.name, "email": person.email} for person in people_of(rows)]
    if not listed:
        return
    request = urllib.request.Request(  # noqa: S310 - the local stack's own http address
        f"{target.slack}/_local/people",
        data=json.dumps({"people": listed}).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_S):  # noqa: S310 - as above
            pass
    except (urllib.error.URLError, OSError) as error:
        terminal.note(
            f"The local Slack was not told of {len(listed)} people ({error}); the registry is written.", "yellow"
        )
