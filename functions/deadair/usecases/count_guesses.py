"""How often the guessed class was what people said afterwards, over resolved incidents.

Knows that only an incident of which somebody said the cause has a timeline to read. Refuses to write.
"""

from collections.abc import Iterable

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.guesses import Accuracy, accuracy, counts, guess_in
from deadair.domain.incident import Incident


def count_guesses(store: IncidentStore, incidents: Iterable[Incident]) -> Accuracy:
    """Counted over those that count; an incident whose cause nobody named is only counted as such."""
    over = [incident for incident in incidents if counts(incident)]
    said = [incident for incident in over if incident.cause is not None]
    guesses = [guess for one in said if (guess := guess_in(store.timeline(one.number), one)) is not None]
    return accuracy(guesses, len(over) - len(guesses))
