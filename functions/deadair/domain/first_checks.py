"""Which first checks stand beside an incident: those of what a person named, else those of what was found.

Knows whose word goes first. Refuses to know the checks themselves and who ticked them.
"""

from deadair.domain.checks import Check, checks_of
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident


def first_checks(incident: Incident, diagnosed: Diagnosed | None) -> tuple[Check, ...]:
    """The checks in their order; before the first look, those of the class that the alarms say."""
    if incident.cause is None and diagnosed is not None and diagnosed.failure_class is incident.failure_class:
        return diagnosed.checks
    return checks_of(incident.failure_class)
