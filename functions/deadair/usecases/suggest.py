"""What the data know of a postmortem: the five questions, and the summary, impact and factors beyond them.

Knows which facts answer what. Refuses to answer for a person: these are suggestions until somebody saves them.
"""

from collections.abc import Iterable
from typing import Any

from deadair.adapters.jinja.postmortem import Templates, class_words, signal_words
from deadair.domain.checks import KNOWN
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.gaps import unwatched
from deadair.domain.history import sentence
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, lengths, started
from deadair.domain.postmortem import SUGGESTIBLE
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Milestone
from deadair.domain.timeline import Entry, Fact
from deadair.domain.vendor import vendor_of
from deadair.usecases.beside import NOTHING, Beside

# Names past this many would make a sentence that nobody reads.
AT_MOST = 5
# People began to mend it with these words; what they looked at first is in the checks.
MENDED = "Mitigated: "


def suggestions(
    incident: Incident, beside: Beside = NOTHING, timeline: Iterable[Entry] = (), templates: Templates | None = None
) -> dict[str, str]:
    """What the facts answer, as Markdown by key; those of which they know nothing are left out."""
    values = _of_incident(incident) | _of_lengths(incident) | _of_look(beside.found) | _of_row(incident, beside)
    values |= {
        "changes": [{"at": one.at.isoformat(), "kind": one.kind, "text": one.text} for one in beside.changes],
        "mitigations": [
            entry.text.removeprefix(MENDED)
            for entry in timeline
            if entry.fact is Fact.MITIGATED and entry.text.startswith(MENDED)
        ][-AT_MOST:],
    }
    said = templates or Templates()
    made = {key: said.suggestion(key, values) for key in SUGGESTIBLE}
    return {key: text for key, text in made.items() if text}


def _of_incident(incident: Incident) -> dict[str, Any]:
    unknown = incident.failure_class is FailureClass.UNKNOWN
    ticks = sorted(incident.checks.items(), key=lambda one: one[1].at)
    return {
        "title": incident.title.rstrip("."),
        "integration_name": incident.integration_name,
        "severity": incident.severity.value,
        "failure_class": "" if unknown else class_words(incident.failure_class.value),
        "class_key": incident.failure_class.value,
        "vendor": vendor_of(incident),
        "consent": incident.consent,
        "alarms": sorted({alarm.name for alarm in incident.alarms.values()})[:AT_MOST],
        "signal": signal_words(incident.signal.value),
        "fix": incident.fix,
        "failed_fixes": list(incident.failed_fixes),
        "by_itself": incident.ending is not None and incident.ending.value == "by_itself",
        "opened_by": incident.by_hand.by if incident.by_hand else "",
        "acknowledged_by": incident.acknowledged_by,
        "affected": incident.affected.rstrip("."),
        "checks": [{"text": KNOWN[id_].text, "by": tick.by} for id_, tick in ticks if id_ in KNOWN][:AT_MOST],
    }


def _of_lengths(incident: Incident) -> dict[str, Any]:
    told = {name: length.total_seconds() if length is not None else None for name, length in lengths(incident).items()}
    at = {f"{name}_at": incident.when(name) for name in (Milestone.MITIGATED, Milestone.RESOLVED)}
    return {
        "started_at": started(incident).isoformat(),
        "detected_at": detected(incident).isoformat(),
        **{name: moment.isoformat() if moment else "" for name, moment in at.items()},
        **{f"{name}_s": seconds for name, seconds in told.items()},
        "to_detect_s": told["to_detect"] or 0,
    }


def _of_look(found: Diagnosed | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "evidence": list(found.evidence)[:AT_MOST],
        "beneath": class_words(found.beneath.value) if found.beneath else "",
        "log_errors": [{"text": one.text, "count": one.count} for one in found.log_errors][:AT_MOST],
        "last_good_at": found.last_good_at.isoformat() if found.last_good_at else "",
        "missed_records": found.missed_records,
        "missed_why": found.missed_why,
        "depends": list(found.affected)[:AT_MOST],
        "process": found.process.rstrip(" ."),
        "campaigns": list(found.campaigns)[:AT_MOST],
        "pattern": sentence(found.history) if found.history else "",
    }


def _of_row(incident: Incident, beside: Beside) -> dict[str, Any]:
    if beside.row is None:
        return {}
    beneath = [beside.found.beneath] if beside.found and beside.found.beneath else []
    return {"lacks": [gap.value for gap in unwatched(beside.row.row, incident.failure_class, *beneath)]}
