"""A postmortem and its incident become a document of the knowledge base: facts, Markdown, HTML and JSON of all.

Knows which facts belong into it, and which of them call for a further version. Refuses to store it and to know a word
that people read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.jinja.postmortem import Templates, document_html, facts, summary, words
from deadair.adapters.s3.documents import as_stored
from deadair.domain.action_item import ActionItem
from deadair.domain.document import Document
from deadair.domain.history import sentence
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, lengths, milestones
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem
from deadair.domain.published import Why
from deadair.domain.timeline import Entry, about
from deadair.domain.vendor import detected_by, vendor_of
from deadair.usecases.beside import NOTHING, Beside

FIX_AT_MOST = 300
# What happened to the document itself, and what is to be done about the incident, are no part of its story.
ASIDE = ("postmortem.", "action.")
Told = dict[str, Any]


def render(
    incident: Incident,
    postmortem: Postmortem,
    timeline: list[Entry],
    beside: Beside = NOTHING,
    *,
    why: Why = Why.PUBLISHED,
    reviewed_by: str = "",
    chart: Mapping[str, Any] | None = None,
    templates: Templates | None = None,
) -> Told:
    """The version as it is stored: see `adapters/s3/documents.py` for its fields, `templates/postmortem` for its words.

    `postmortem` has the words of that version and nothing that was said since.
    """
    told = facts_of(incident, timeline, beside) | _words(postmortem)
    told |= as_stored(_document(incident, postmortem))
    told |= {
        "why": why.value,
        "published_at": postmortem.published_at.isoformat() if postmortem.published_at else None,
        "published_by": postmortem.published_by,
        "reviewed_by": reviewed_by,
        "facts_digest": digest_of(incident, timeline, beside),
        "chart": _named(chart) if chart else None,
    }
    told |= {"facts": facts(told), "summary": summary(told)}
    told["head"] = {name: told[name] for name in _HEAD if told[name] not in ("", [], False)}
    made = (templates or Templates()).document(told)
    told |= {"markdown": made.markdown, "template": {"name": made.name, "digest": made.digest}}
    return told | {"html": document_html(told)}


_HEAD = (
    *("id", "title", "date", "integration", "owner", "severity", "failure_class", "vendor", "detected_by", "consent"),
    *("tags", "version"),
)


def facts_of(incident: Incident, timeline: list[Entry], beside: Beside = NOTHING) -> Told:
    """Everything of a document that no person wrote for it, but the chart, in JSON types."""
    row = beside.row.row if beside.row else {}
    return {
        "signal": incident.signal.value,
        "kind": row.get("kind") or "",
        "status": incident.ending.value if incident.ending else "open",
        "affected": incident.affected,
        "pattern": sentence(beside.found.history) if beside.found and beside.found.history else "",
        "milestones": _milestones(incident),
        "durations_s": {name: _seconds(length) for name, length in lengths(incident).items()},
        "timeline": [_line(entry) for entry in timeline if not about(entry).startswith(ASIDE)],
        "links": [{"url": link.url, "label": link.label or link.url} for link in incident.links],
        "actions": [_action(action) for action in beside.actions],
        "changes_near": [
            {"at": change.at.isoformat(), "kind": change.kind, "text": change.text}
            for change in sorted(beside.changes, key=lambda change: change.at)
        ],
    }


def digest_of(incident: Incident, timeline: list[Entry], beside: Beside = NOTHING) -> str:
    """The same for the same facts. Published words around other facts are a further version."""
    described = _document(incident, Postmortem(incident=incident.id))
    head = {name: value for name, value in as_stored(described).items() if name not in ("version", "body")}
    told = json.dumps([head, facts_of(incident, timeline, beside)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _document(incident: Incident, postmortem: Postmortem) -> Document:
    said = [
        *(postmortem.answers.get(key, "") for key in QUESTIONS),
        *(postmortem.extras.get(key, "") for key in EXTRAS),
    ]
    return Document(
        id=incident.id,
        title=incident.title,
        date=detected(incident),
        body="\n\n".join(filter(None, said)),
        integration=incident.integration,
        integration_name=incident.integration_name,
        owner=incident.owner.name,
        severity=incident.severity.value,
        failure_class=incident.failure_class.value,
        vendor=vendor_of(incident),
        detected_by=detected_by(incident),
        consent=incident.consent,
        fix=(incident.fix or _first_line(postmortem.answers.get("what_fixed", "")))[:FIX_AT_MOST],
        version=postmortem.version,
    )


def _words(postmortem: Postmortem) -> Told:
    return {
        "questions": [
            {"key": key, "question": question, "answer": postmortem.answers.get(key, "")}
            for key, question in QUESTIONS.items()
        ],
        "answers": dict(postmortem.answers),
        "extras": dict(postmortem.extras),
        "impact": asdict(postmortem.impact),
    }


def _milestones(incident: Incident) -> list[Told]:
    told: list[Told] = []
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


def _action(action: ActionItem) -> Told:
    return {
        "id": action.id,
        "text": action.text,
        "kind": action.kind.value,
        "owner": action.owner.name,
        "due_on": action.due_on.isoformat(),
        "status": action.status.value,
        "link": action.link,
    }


def _named(chart: Mapping[str, Any]) -> Told:
    return {**chart, "label": words()["metric"].get(chart["label"], chart["label"])}


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
