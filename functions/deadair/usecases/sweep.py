"""Everything that waits is looked at again, whatever became of its schedule; and errors that nobody took back go.

Knows no deadline: each incident decides for itself what is due.
"""

from collections.abc import Callable

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.domain.incident import parse_number
from deadair.domain.late_alarms import still_ringing
from deadair.domain.standing_error import Kind

# More open incidents than this at once nobody works on; the rest is met by the facts about it.
SWEPT = 5000
# So many of the last ones may have been ended by somebody who did not know that another alarm rang.
LOOKED_BACK = 50


def sweep(store: IncidentStore, errors: StandingErrors, ask: Callable[[list[int]], None]) -> int:
    """`ask` has each of these incidents looked at. Returns how many."""
    past = store.past_incidents(LOOKED_BACK).items
    numbers = [one.number for one in [*store.open_incidents(SWEPT), *filter(still_ringing, past)]]
    ask(numbers)
    _take_back(store, errors)
    return len(numbers)


def _take_back(store: IncidentStore, errors: StandingErrors) -> None:
    """An incident that began to wait anew forgot that nobody could be reached; its error is not to outlive that."""
    standing = [error.name for error in errors.all() if error.kind is Kind.UNREACHABLE]
    named = {number: name for name in standing if (number := parse_number(name)) is not None}
    for number, incident in store.get_many(list(named)).items():
        if incident.escalation.unreachable is None:
            errors.clear(Kind.UNREACHABLE, named[number])
