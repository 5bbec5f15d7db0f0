"""The past postmortems that help most with an incident: those with a fix, nearest first.

Knows what is near: the same integration and class; the same class elsewhere that is like it in its words; the same
integration; the same class at all. Within each the newest first, or the most alike. Refuses to be patient for whoever
asks: see there.
"""

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.signs import SIGNS

if TYPE_CHECKING:
    from deadair.adapters.search import Hit, KnowledgeIndex

BEST = 3
# Some of those that are found have no fix written down.
LOOKED_AT = 12
WORDS = 300


def best_three(
    knowledge: "KnowledgeIndex", incident: Incident, diagnosed: Diagnosed | None = None, *, afresh: bool = False
) -> "list[Hit]":
    """At most three, each once. `afresh` looks for a newer index first. Raises Unavailable."""
    kind = "" if incident.failure_class is FailureClass.UNKNOWN else incident.failure_class.value
    near = knowledge.related(
        integration=incident.integration,
        failure_class=kind,
        exclude=incident.id,
        limit=LOOKED_AT,
        afresh=afresh,
    )
    same = [hit for hit in near if hit.integration == incident.integration]
    both = [hit for hit in same if kind and hit.failure_class == kind]
    found = _fixed(both, incident)
    if len(found) < BEST and kind:
        found = _fixed(chain(found, _alike(knowledge, incident, diagnosed, kind)), incident)
    if len(found) < BEST:
        found = _fixed(chain(found, same, _of_integration(knowledge, incident), near), incident)
    return found[:BEST]


def _alike(knowledge: "KnowledgeIndex", incident: Incident, diagnosed: Diagnosed | None, kind: str) -> "Iterable[Hit]":
    """Those of the same class, the most like it first: by what was found, else by its signal."""
    evidence = [*diagnosed.evidence, *(one.text for one in diagnosed.log_errors)] if diagnosed else []
    found = incident.finding.text if incident.finding else ""
    words = " ".join([SIGNS[incident.signal], *incident.systems, found, *evidence])[:WORDS]
    hits = knowledge.search(words, filters={"failure_class": kind}, limit=LOOKED_AT).hits
    return [hit for hit in hits if hit.integration != incident.integration]


def _of_integration(knowledge: "KnowledgeIndex", incident: Incident) -> "Iterable[Hit]":
    """The newest of the integration; of a class with many others none of them may be among the related."""
    return knowledge.search("", filters={"integration": incident.integration}, limit=LOOKED_AT).hits


def _fixed(hits: "Iterable[Hit]", incident: Incident) -> "list[Hit]":
    """Those with a fix, each once, and never the incident's own."""
    unique = {hit.id: hit for hit in reversed(list(hits)) if hit.fix.strip() and hit.id != incident.id}
    return list(reversed(unique.values()))
