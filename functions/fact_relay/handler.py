"""Timeline entries in, facts out. Wiring only.

Trigger: the incidents table's stream. Answers with the place from which the stream must come again.
"""

from functools import cache
from typing import Any

from deadair.adapters.aws import client
from deadair.telemetry import speak
from fact_relay.consumer import facts, publish
from fact_relay.settings import RelaySettings

logger = speak("fact_relay")


@cache
def bus() -> str:
    """The bus's name, read once per process."""
    return RelaySettings.from_env().incident_bus


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is a batch of stream records."""
    found = facts(event["Records"], bus())
    refused = publish(client("events"), found)
    logger.info("relayed", extra={"facts": len(found), "refused_from": refused})
    return {"batchItemFailures": [{"itemIdentifier": refused}] if refused else []}
