"""How long an incident waits for somebody: for an acknowledgement, and after it for a word.

Knows severity, consent and what a row asks for. Refuses to know people and clocks.
"""

from dataclasses import dataclass
from datetime import timedelta

from deadair.domain.handling import Handling
from deadair.domain.severity import Severity

# Minutes. Of the lower two they are working minutes: an hour, and a working day.
ACK_MIN = {Severity.SEV1: 5, Severity.SEV2: 15, Severity.SEV3: 60, Severity.SEV4: 480}
UPDATE_MIN = {Severity.SEV1: 30, Severity.SEV2: 60, Severity.SEV3: 480, Severity.SEV4: 2400}
# What may wait for somebody's working time.
PATIENT = frozenset({Severity.SEV3, Severity.SEV4})
# The alarms are OK, or the harm has stopped: whoever has it is asked once whether it is over.
CONFIRM_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """Minutes until the next person is told, minutes until a silent holder is asked, and whose minutes they are."""

    ack_min: int
    update_min: int
    working: bool


def patience(severity: Severity, handling: Handling, *, consent: bool) -> Patience:
    """What the row says, else what follows from severity; for consent in half the time."""
    return Patience(
        handling.ack_min or _half_of(ACK_MIN[severity], when=consent),
        handling.update_min or _half_of(UPDATE_MIN[severity], when=consent),
        severity in PATIENT,
    )


def _half_of(minutes: int, *, when: bool) -> int:
    return (minutes + 1) // 2 if when else minutes
