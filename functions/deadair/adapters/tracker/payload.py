"""What a tracker is told of an action item: one JSON object, signed as signals are.

Knows the names of its fields, which never change. Refuses to know who receives it.
"""

import json
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.items import instant
from deadair.adapters.slack.links import Links
from deadair.domain.action_item import ActionItem
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.signal_signature import HEADER, header


def payload(fact: str, item: ActionItem, incident: Incident, links: Links) -> bytes:
    """The bytes that are signed and sent: the item as it is now; `version` grows with every change of it."""
    told = {"type": fact, "action": _action(item, links), "incident": _incident(incident, links)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: str, delivery: str, body: bytes, now: datetime) -> dict[str, str]:
    """What goes with it. `delivery` stays the same when it is sent again, so that a receiver takes it once."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Deadair",
        "Deadair-Delivery": delivery,
        HEADER: header(secret, int(now.timestamp()), body),
    }


def _action(item: ActionItem, links: Links) -> dict[str, Any]:
    return {
        "id": item.id,
        "number": item.number,
        "text": item.text,
        "kind": item.kind.value,
        "status": item.status.value,
        "owner": _person(item.owner),
        "due_on": item.due_on.isoformat(),
        "link": item.link,
        "added_by": item.added_by,
        "added_at": instant(item.added_at),
        "ended_by": item.ended_by,
        "ended_at": instant(item.ended_at),
        "why": item.why,
        "version": item.version,
        "url": links.action(item.incident),
    }


def _incident(incident: Incident, links: Links) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title,
        "integration": incident.integration,
        "integration_name": incident.integration_name,
        "severity": incident.severity.value,
        "failure_class": incident.failure_class.value,
        "url": links.incident(incident.number),
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email}
