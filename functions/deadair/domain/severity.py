"""How bad an incident is, and how that is said.

Knows SEV1 to SEV4 and that consent is different. Refuses to know alarms and people.
"""

from enum import StrEnum


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


def severity_for(default: Severity, *, consent: bool) -> Severity:
    """The severity an incident opens with: the row's own, but never under SEV2 where consent is carried."""
    return min(default, Severity.SEV2) if consent else default
