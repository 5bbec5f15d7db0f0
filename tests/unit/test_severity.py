"""Claims about how bad an incident is by itself, and how that is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.alarm import Signal
from deadair.domain.grouping import merged
from deadair.domain.severity import FailureClass, Severity, severity_for, why_severity
from tests.builders import an_alarm, an_incident, at

CLASSES = st.sampled_from(FailureClass)
TIERS = st.sampled_from(Severity)


@given(one=TIERS, other=TIERS, failure=CLASSES, consent=st.booleans(), ahead=st.booleans())
def test_a_graver_tier_is_never_less_severe(
    *, one: Severity, other: Severity, failure: FailureClass, consent: bool, ahead: bool
) -> None:
    graver, milder = sorted((one, other))

    assert severity_for(graver, failure, consent=consent, ahead=ahead) <= severity_for(
        milder, failure, consent=consent, ahead=ahead
    )


SAID = st.one_of(st.none(), TIERS)


@given(tiers=st.tuples(TIERS, TIERS), source_said=TIERS, target_said=SAID)
def test_what_somebody_said_makes_no_merge_less_grave_than_either(
    *, tiers: tuple[Severity, Severity], source_said: Severity, target_said: Severity | None
) -> None:
    source = replace(an_incident(1), tier=tiers[0], severity_set=source_said)
    target = replace(an_incident(2), tier=tiers[1], severity_set=target_said)
    one, other = (source, target) if target_said else (target, source)

    _, together = merged(one, other, "Ana", at(10))

    assert together.severity <= min(one.severity, other.severity)


@given(tier=TIERS, failure=CLASSES, ahead=st.booleans())
def test_consent_is_never_under_sev2(*, tier: Severity, failure: FailureClass, ahead: bool) -> None:
    assert severity_for(tier, failure, consent=True, ahead=ahead) <= Severity.SEV2


@given(tier=TIERS, failure=CLASSES, ahead=st.booleans())
def test_nothing_is_worse_than_its_tier_but_by_consent(*, tier: Severity, failure: FailureClass, ahead: bool) -> None:
    assert severity_for(tier, failure, consent=False, ahead=ahead) >= tier


@given(tier=TIERS, failure=CLASSES, consent=st.booleans())
def test_what_is_ahead_is_never_worse_than_what_has_failed(
    *, tier: Severity, failure: FailureClass, consent: bool
) -> None:
    assert severity_for(tier, failure, consent=consent, ahead=True) >= severity_for(tier, failure, consent=consent)


@pytest.mark.parametrize(
    ("signal", "severity", "why"),
    [
        (Signal.SILENCE, "SEV2", "SEV2: HubSpot → Salesforce, tier SEV2, down (silence)"),
        (Signal.LATENCY, "SEV3", "SEV3: HubSpot → Salesforce, tier SEV2, slow, not down"),
        (Signal.QUOTA, "SEV3", "SEV3: HubSpot → Salesforce, tier SEV2, at a limit, not down"),
        (Signal.CREDENTIAL, "SEV3", "SEV3: HubSpot → Salesforce, tier SEV2, nothing has failed yet"),
    ],
)
def test_what_only_lags_or_is_ahead_is_one_less_and_says_so(signal: Signal, severity: str, why: str) -> None:
    incident = replace(an_incident(severity=Severity.SEV2), alarms={}).with_transition(an_alarm(signal=signal))

    assert (incident.severity, why_severity(incident)) == (severity, why)


def test_a_silence_beside_a_slow_alarm_is_no_mere_lag() -> None:
    slow = replace(an_incident(severity=Severity.SEV2), alarms={}).with_transition(an_alarm(signal=Signal.LATENCY))

    assert slow.with_transition(an_alarm(minutes=5, name="other")).severity == "SEV2"


def test_consent_is_said() -> None:
    incident = an_incident(severity=Severity.SEV1, consent=True, integration_name="Opt-out sync")

    assert why_severity(incident) == "SEV1: Opt-out sync, consent, tier SEV1, down (silence)"


def test_what_consent_alone_holds_is_said() -> None:
    slow = replace(an_incident(severity=Severity.SEV3, consent=True), alarms={})

    why = why_severity(slow.with_transition(an_alarm(signal=Signal.LATENCY)))

    assert why.startswith("SEV2: ")
    assert why.endswith("consent, tier SEV3, slow, not down, consent is never under SEV2")


def test_what_somebody_set_is_said_beside_what_follows_by_itself() -> None:
    assert why_severity(an_incident(severity_set=Severity.SEV1)) == "SEV1: set by hand, SEV3 by itself"
