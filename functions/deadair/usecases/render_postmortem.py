"""A postmortem and its incident become a document of the knowledge base: facts, Markdown, HTML and JSON of all.

Knows which facts belong into it. Refuses to store it and to know a word that people read.
"""

from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.jinja.postmortem import document_html, document_markdown, facts, summary
from deadair.adapters.s3.documents import as_stored
from deadair.domain.document import Document
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, lengths, milestones
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.timeline import Entry

FIX_AT_MOST = 300


def render(incident: Incident, postmortem: Postmortem, timeline: list[Entry]) -> dict[str, Any]:
    """The version as it is stored: see `templates/postmortem/document.md` for what it says."""
    told = as_stored(_document(incident, postmortem)) | _facts(incident, postmortem, timeline)
    told |= {"facts": facts(told), "summary": summary(told)}
    variables = told | {
        "head": {name: told[name] for name in _HEAD if told[name] not in ("", [])},
        "timeline": [line | {"at": line["occurred_at"]} for line in told["timeline"]],
    }
    return told | {"markdown": document_markdown(variables), "html": document_html(variables)}


_HEAD = ("id", "title", "date", "integration", "owner", "severity", "failure_class", "tags", "version")


def _document(incident: Incident, postmortem: Postmortem) -> Document:
    answers = [postmortem.answers.get(key, "") for key in QUESTIONS]
    return Document(
        id=incident.id,
        title=incident.title,
        date=detected(incident),
        body="\n\n".join(answers),
        integration=incident.integration,
        integration_name=incident.integration_name,
        owner=incident.owner.name,
        severity=incident.severity.value,
        failure_class=incident.failure_class.value,
        fix=(incident.fix or _first_line(postmortem.answers.get("what_fixed", "")))[:FIX_AT_MOST],
        version=postmortem.version,
    )


def _facts(incident: Incident, postmortem: Postmortem, timeline: list[Entry]) -> dict[str, Any]:
    return {
        "signal": incident.signal.value,
        "consent": incident.consent,
        "questions": [
            {"key": key, "question": question, "answer": postmortem.answers.get(key, "")}
            for key, question in QUESTIONS.items()
        ],
        "answers": dict(postmortem.answers),
        "milestones": _milestones(incident),
        "durations_s": {name: _seconds(length) for name, length in lengths(incident).items()},
        "timeline": [_line(entry) for entry in timeline if not entry.fact.startswith("postmortem.")],
        "published_at": postmortem.published_at.isoformat() if postmortem.published_at else None,
        "published_by": postmortem.published_by,
    }


def _milestones(incident: Incident) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    before: datetime | None = None
    for name, at in milestones(incident):
        took = _seconds(at - before) if before else None
        told.append({"name": name, "at": at.isoformat(), "took_s": took})
        before = at
    return told


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def _line(entry: Entry) -> dict[str, str]:
    return {
        "occurred_at": entry.occurred_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "author": entry.author,
        "source": entry.source.value,
        "fact": entry.fact.value,
        "text": entry.text,
    }


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
