"""Signals in, metrics out. Wiring only: see consumer.py for messages and count_signals.py for what is counted.

Trigger: the signal queue. Answers with the ids of the messages that must come again.
"""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    return {"batchItemFailures": []}
