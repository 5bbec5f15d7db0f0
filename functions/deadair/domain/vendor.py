"""Whose side of an integration failed, as far as the way in which it failed tells.

Knows which side each class points to. Refuses to accuse: where nobody knows what failed, it is nobody's.
"""

from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass

# What did not send; everything else is what did not take, or took and threw away.
SENDERS = frozenset({FailureClass.SILENCE, FailureClass.WEBHOOK})
PERSON = "person"


def vendor_of(incident: Incident) -> str:
    """The system on whose side it failed: the sender's, the receiver's; empty when nobody knows."""
    if not incident.systems or incident.failure_class is FailureClass.UNKNOWN:
        return ""
    return incident.systems[0 if incident.failure_class in SENDERS else -1]


def detected_by(incident: Incident) -> str:
    """What saw it first: the signal of its alarm, or `person`."""
    return PERSON if incident.by_hand else incident.signal.value
