"""What the notifier needs of one incident, in one read: its state, what was found, its postmortem, its notices.

Knows that these items sort after the timeline's entries in the incident's partition, so that a long timeline costs
this read nothing. Refuses to write.
"""

from dataclasses import dataclass, field
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.diagnoses import diagnosed_from
from deadair.adapters.dynamodb.incident_items import incident_from
from deadair.adapters.dynamodb.items import postmortem_from
from deadair.adapters.dynamodb.notices import Progress, progress_from
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.errors import NotFound
from deadair.domain.incident import Incident
from deadair.domain.postmortem import Postmortem

NOTHING_YET = Progress({}, 0, unfinished=False)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One moment of an incident."""

    incident: Incident
    postmortem: Postmortem | None = None
    notices: dict[str, Progress] = field(default_factory=dict)
    diagnosed: Diagnosed | None = None

    def progress(self, name: str) -> Progress:
        """How far a notice was."""
        return self.notices.get(name, NOTHING_YET)


def read_dossier(client: Any, table: str, number: int) -> Dossier:
    """Read it as it is now. `client` is a low-level DynamoDB client. Raises NotFound."""
    answer = client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND sk >= :head",
        ExpressionAttributeValues={":pk": {"S": keys.incident_pk(number)}, ":head": {"S": keys.HEAD}},
        ConsistentRead=True,
    )
    items = {item["sk"]["S"]: item for item in answer["Items"]}
    if keys.HEAD not in items:
        raise NotFound(f"There is no INC-{number}.", field="incident", remedy="list")
    written = items.get(keys.postmortem(number)["sk"]["S"])
    found = items.get(keys.diagnosis(number)["sk"]["S"])
    return Dossier(
        incident_from(items[keys.HEAD]),
        postmortem_from(written) if written else None,
        {sk.removeprefix(keys.NOTICE): progress_from(item) for sk, item in items.items() if sk.startswith(keys.NOTICE)},
        diagnosed_from(found) if found else None,
    )
