"""What is told of a look: one line of the timeline, when it found something else than the look before.

Knows what makes two findings differ. Refuses to tell numbers that only grow.
"""

from datetime import datetime
from typing import Any

from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Entry, Fact, Source

AUTHOR = "Deadair"
EVIDENCE_SHOWN, CHANGES_SHOWN = 3, 2


def differs(found: Diagnosed, earlier: Diagnosed | None) -> bool:
    """Whether there is anything new to tell."""
    return earlier is None or _gist(found) != _gist(earlier)


def _gist(found: Diagnosed) -> tuple[Any, ...]:
    changes = frozenset((change.at, change.kind, change.text) for change in found.changes)
    return (found.failure_class, found.confidence, found.beneath, changes, found.affected)


def line_of(found: Diagnosed, incident: Incident, now: datetime) -> Entry:
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
        author=AUTHOR,
        source=Source.SYSTEM,
        text=told(found),
        integration=incident.integration,
        data=tuple(sorted(data.items())),
    )


def told(found: Diagnosed) -> str:
    """The finding in a few sentences."""
    sentences = [_class_of(found)]
    if found.evidence:
        sentences.append(f"{_capital('; '.join(found.evidence[:EVIDENCE_SHOWN]))}.")
    if found.log_errors:
        first = found.log_errors[0]
        sentences.append(f"Most frequent in the logs, {first.count} times: “{first.text}”.")
    if found.changes:
        near = "; ".join(change.text for change in found.changes[:CHANGES_SHOWN])
        sentences.append(f"Changed near the start: {near}.")
    return " ".join(sentences)


def _class_of(found: Diagnosed) -> str:
    if found.failure_class is FailureClass.UNKNOWN:
        return "Looked, and nothing says yet what broke."
    beneath = f", with {_named(found.beneath)} beneath it" if found.beneath else ""
    return f"Looks like {_named(found.failure_class)}{beneath} ({found.confidence.value} confidence)."


def _named(kind: FailureClass) -> str:
    return kind.value.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
