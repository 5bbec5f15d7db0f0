"""The JSON of a postmortem that is being written: how far it is, and what became of a save.

Knows names of fields and ISO times. Refuses to know pages. Fields are only ever added.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from deadair.domain.incident import Incident
from deadair.domain.merging import fields_of, mark, marks, marks_text
from deadair.domain.postmortem import Postmortem, missing
from deadair.domain.review import Review
from deadair.usecases.edit_postmortem import Edited, Touch
from web.views.postmortem_form import offered
from web.views.shapes import instant, person


def drafted_data(incident: Incident, postmortem: Postmortem | None) -> dict[str, Any]:
    """Everything that people wrote, and what is missing."""
    known = postmortem or Postmortem(incident=incident.id)
    return {
        "incident": known.incident,
        "status": known.status.value if postmortem else "none",
        "answers": known.answers,
        "extras": known.extras,
        "impact": asdict(known.impact),
        "suggested": known.suggested,
        "unanswered": list(known.unanswered),
        "missing": list(missing(known, incident.severity)),
        "authors": [person(author) for author in known.authors],
        "review": _review(known.review) if known.review else None,
        "version": known.version,
        "edit": known.edit,
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "asked_of": person(review.asked_of),
        "asked_by": person(review.asked_by),
        "asked_at": instant(review.asked_at),
        "approved_by": person(review.approved_by),
        "approved_at": instant(review.approved_at),
        "said": review.said,
    }


def saved_data(edited: Edited, now: datetime) -> dict[str, Any]:
    """What a form that saves by itself needs to go on: marks of what is stored, and what others wrote."""
    known, merged = edited.postmortem, edited.merged
    return {
        "edit": known.edit,
        "saved_at": instant(now),
        "seen": marks(fields_of(known)),
        "offered": marks_text(offered(known)),
        "unanswered": list(known.unanswered),
        "theirs": _theirs(merged.theirs, edited.touches),
        "met": _theirs(merged.met, edited.touches),
    }


def _theirs(texts: Mapping[str, str], touches: Mapping[str, Touch]) -> dict[str, dict[str, Any]]:
    return {key: {"text": text, "mark": mark(text), **_touch(touches.get(key))} for key, text in texts.items()}


def _touch(touch: Touch | None) -> dict[str, Any]:
    return {"by": touch.by, "at": instant(touch.at)} if touch else {"by": "", "at": None}
