"""How bad an incident is, and how that is said.

Knows SEV1 to SEV4, what is milder than an outage and that consent is different. Refuses to know alarms and people.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deadair.domain.incident import Incident


class Severity(StrEnum):
    """SEV1 is customers' data or consent at risk; SEV4 is a nuisance."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


class FailureClass(StrEnum):
    """How integrations fail. The words of the field."""

    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    VENDOR_ERROR = "vendor_error"
    EMPTY_SUCCESS = "empty_success"
    VERSION = "version"
    SCHEMA = "schema"
    WEBHOOK = "webhook"
    SILENCE = "silence"
    LATENCY = "latency"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """As it stands in a sentence."""
        return self.value.replace("_", " ")


SEVERITIES = tuple(Severity)
# What works slowly, or will not for much longer, has not stopped.
MILDER = frozenset({FailureClass.LATENCY, FailureClass.RATE_LIMIT})
# Whatever else is known: an opt-out that comes late can break the law.
LEAST_WITH_CONSENT = Severity.SEV2


def severity_for(
    tier: Severity, failure_class: FailureClass = FailureClass.UNKNOWN, *, consent: bool, ahead: bool = False
) -> Severity:
    """How bad it is, if nobody says otherwise: the row's tier; one less where it only lags, or has not happened yet.

    Never under SEV2 where consent is carried.
    """
    steps = 1 if ahead or failure_class in MILDER else 0
    found = SEVERITIES[min(SEVERITIES.index(tier) + steps, len(SEVERITIES) - 1)]
    return min(found, LEAST_WITH_CONSENT) if consent else found


def usual_severity(incident: "Incident") -> Severity:
    """What follows for an incident, whatever somebody set. A silence beside what lags is no mere lag."""
    told = FailureClass.SILENCE if incident.nothing_arrives else incident.failure_class
    return severity_for(incident.tier, told, consent=incident.consent, ahead=incident.is_ahead)


def why_severity(incident: "Incident") -> str:
    """One line for the card: `SEV1: Opt-out sync, consent, tier SEV1, down (silence)`."""
    usual = usual_severity(incident)
    if incident.severity_set is not None and incident.severity_set is not usual:
        return f"{incident.severity_set}: set by hand, {usual} by itself"
    consent = "consent" if incident.consent else ""
    parts = (incident.integration_name, consent, f"tier {incident.tier}", _how(incident), _kept_up(incident))
    return f"{incident.severity}: {', '.join(filter(None, parts))}"


def _how(incident: "Incident") -> str:
    """What the failure class says of it: down, or milder than that."""
    if incident.is_ahead:
        return "nothing has failed yet"
    told = FailureClass.SILENCE if incident.nothing_arrives else incident.failure_class
    if told is FailureClass.LATENCY:
        return "slow, not down"
    if told in MILDER:
        return "at a limit, not down"
    return f"down ({told.words})" if told is not FailureClass.UNKNOWN else ""


def _kept_up(incident: "Incident") -> str:
    """Where consent alone holds it."""
    alone = severity_for(incident.tier, incident.failure_class, consent=False, ahead=incident.is_ahead)
    return f"consent is never under {LEAST_WITH_CONSENT}" if incident.consent and alone > LEAST_WITH_CONSENT else ""
