"""What is told of a look: one line of the timeline, when it found something else than the look before.

Knows what makes two findings differ. Refuses to tell numbers that only grow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deadair.domain.alarm import DEADAIR
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Entry, Fact, Source

NAMED = 2


def differs(found: Diagnosed, earlier: Diagnosed | None) -> bool:
    """Whether there is anything new to tell. What is no longer found is no news."""
    if earlier is None or _class(found) != _class(earlier):
        return True
    return bool(_new_changes(found, earlier)) or _also_affected(found, earlier)


def _class(found: Diagnosed) -> tuple[Any, ...]:
    return (found.failure_class, found.confidence, found.beneath)


def _new_changes(found: Diagnosed, earlier: Diagnosed) -> list[str]:
    known = {(change.at, change.kind, change.text) for change in earlier.changes}
    return [change.text for change in found.changes if (change.at, change.kind, change.text) not in known]


def _also_affected(found: Diagnosed, earlier: Diagnosed) -> bool:
    return bool(set(found.affected) - set(earlier.affected))


def line_of(found: Diagnosed, earlier: Diagnosed | None, incident: Incident, now: datetime) -> Entry:
    """The timeline entry of a finding. Its id is that of the look, so it can exist only once."""
    data = {"class": found.failure_class.value, "confidence": found.confidence.value}
    if found.beneath:
        data["beneath"] = found.beneath.value
    return Entry(
        incident=incident.id,
        id=f"looked#{found.edit:06d}",
        fact=Fact.DIAGNOSED,
        occurred_at=now,
        recorded_at=now,
        author=DEADAIR,
        source=Source.SYSTEM,
        text=told(found, earlier),
        integration=incident.integration,
        data=tuple(sorted(data.items())),
    )


def told(found: Diagnosed, earlier: Diagnosed | None = None) -> str:
    """What is new in the finding, in one sentence: the page has the rest."""
    if earlier is None or _class(found) != _class(earlier):
        return _class_of(found)
    new = _new_changes(found, earlier)
    if new:
        return f"Found what changed near the start: {_listed(new, '; ')}."
    return f"Found who is affected: {_listed(found.affected, ', ')}."


def _class_of(found: Diagnosed) -> str:
    if found.failure_class is FailureClass.UNKNOWN:
        return "Looked, and nothing says yet what broke."
    beneath = f", with {found.beneath.words} beneath it" if found.beneath else ""
    why = f": {found.evidence[0]}" if found.evidence else ""
    return f"Looks like {found.failure_class.words}{beneath} ({found.confidence.value} confidence){why}."


def _listed(texts: Sequence[str], between: str) -> str:
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return between.join(texts[:NAMED]) + more
