"""The JSON that stands beside every page: plain values under the project's own words.

Knows names of fields and ISO times. Refuses to know pages. Fields are only ever added.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.stages import Milestone as Step
from deadair.domain.timeline import Entry
from web import addresses
from web.views.incidents import Milestone, PostmortemState

if TYPE_CHECKING:
    from deadair.adapters.search import Hit, SearchResult
    from deadair.domain.change import Change as Happened
    from deadair.domain.health import Health
    from deadair.domain.holding import Window
    from web.views.row_changes import Change


def instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def person(who: Person | None) -> dict[str, str] | None:
    """A person."""
    return {"name": who.name, "email": who.email} if who else None


def incident(one: Incident) -> dict[str, Any]:
    """An incident's current state."""
    return {
        "id": one.id,
        "title": one.title,
        "integration": one.integration,
        "integration_name": one.integration_name,
        "severity": one.severity.value,
        "status": one.status.value,
        "failure_class": one.failure_class.value,
        "signal": one.signal.value,
        "evidence": one.finding.text if one.finding else "",
        "opened_by": one.by_hand.by if one.by_hand else None,
        "affected": one.affected,
        "links": [{"url": link.url, "label": link.label} for link in one.links],
        "consent": one.consent,
        "owner": person(one.owner),
        "owner_note": one.owner_note,
        "started_at": instant(one.when(Step.STARTED)),
        "detected_at": instant(one.when(Step.DETECTED)),
        "opened_at": instant(one.opened_at),
        "acknowledged_at": instant(one.when(Step.ACKNOWLEDGED)),
        "acknowledged_by": one.acknowledged_by,
        "mitigated_at": instant(one.when(Step.MITIGATED)),
        "resolved_at": instant(one.when(Step.RESOLVED)),
        "resolved_by": one.resolved_by,
        "recovered_at": instant(one.recovered_at),
        "fix": one.fix,
        "runbook": one.runbook,
        "drill": one.drill,
        "flapping": one.flapping,
        "merged_into": f"INC-{one.merged_into}" if one.merged_into is not None else None,
        "version": one.version,
        "url": addresses.incident(one.number),
    }


def whole_incident(
    one: Incident, entries: list[Entry], steps: list[Milestone], postmortem: PostmortemState
) -> dict[str, Any]:
    """An incident with its alarms, milestones and timeline."""
    return {
        **incident(one),
        "alarms": [{"name": a.name, "state": a.state.value, "at": instant(a.at)} for a in one.alarms.values()],
        "milestones": [
            {"name": step.key, "at": instant(step.at), "by": step.by, "took_s": seconds(step.took)} for step in steps
        ],
        "timeline": [entry(line) for line in entries],
        "postmortem": {"state": postmortem.state, "answered": postmortem.answered, "questions": postmortem.of},
    }


def entry(line: Entry) -> dict[str, Any]:
    """A timeline entry."""
    return {
        "id": line.id,
        "fact": line.fact.value,
        "occurred_at": instant(line.occurred_at),
        "recorded_at": instant(line.recorded_at),
        "author": line.author,
        "source": line.source.value,
        "text": line.text,
        "data": line.details,
    }


def integration(row: Integration) -> dict[str, Any]:
    """A registry row: all of it, with the fields that decide something on top."""
    return {
        **row.row,
        "slug": row.slug,
        "name": row.name,
        "owner": person(row.owner) if row.owner.name else None,
        "deputy": person(row.deputy),
        "severity": row.severity.value,
        "consent": row.consent,
        "url": addresses.integration(row.slug),
    }


def hit(found: "Hit") -> dict[str, Any]:
    """One found postmortem. `snippet` is plain text; the marked runs are in `marks`."""
    return {
        "id": found.id,
        "title": found.title,
        "date": instant(found.date),
        "company": found.company,
        "integration": found.integration,
        "integration_name": found.integration_name,
        "owner": found.owner,
        "severity": found.severity,
        "failure_class": found.failure_class,
        "vendor": found.vendor,
        "detected_by": found.detected_by,
        "consent": found.consent,
        "fix": found.fix,
        "tags": list(found.tags),
        "imported": found.imported,
        "snippet": "".join(text for text, _ in found.snippet),
        "marks": [text for text, marked in found.snippet if marked],
        "score": found.score,
        "url": addresses.postmortem(found.id),
    }


def search(result: "SearchResult", query: str, filters: dict[str, str], offset: int) -> dict[str, Any]:
    """A page of found postmortems with the facets of all of them."""
    return {
        "query": query,
        "searched_for": result.searched_for,
        "filters": filters,
        "total": result.total,
        "offset": offset,
        "postmortems": [hit(found) for found in result.hits],
        "facets": {
            name: [{"value": value, "count": count} for value, count in values]
            for name, values in result.facets.items()
        },
        "snapshot_at": instant(result.snapshot_at),
    }


def seconds(length: timedelta | None) -> int | None:
    """Whole seconds."""
    return int(length.total_seconds()) if length is not None else None


def health(known: "Health | None") -> dict[str, Any] | None:
    """How an integration is by its last signals; None when it never sent one."""
    if known is None:
        return None
    return {
        "last_signal_at": instant(known.last_signal_at),
        "last_record_at": instant(known.last_record_at),
        "last_success_at": instant(known.last_success_at),
        "last_empty_at": instant(known.last_empty_at),
        "last_error_at": instant(known.last_error_at),
        "status_codes": known.codes,
    }


def change(one: "Change") -> dict[str, Any]:
    """A change of a registry row."""
    return {
        "number": one.number,
        "at": instant(one.at),
        "by": one.by,
        "action": one.action,
        "fields": [{"field": f.name, "before": f.before, "after": f.after} for f in one.fields],
    }


def near_change(one: "Happened") -> dict[str, Any]:
    """A change near an integration: a deploy, a release, a rotated credential."""
    return {"at": instant(one.at), "kind": one.kind, "text": one.text, "by": one.by, "source": one.source}


def window(one: "Window") -> dict[str, Any]:
    """A window of planned maintenance."""
    return {
        "id": one.id,
        "begins_at": instant(one.begins_at),
        "ends_at": instant(one.ends_at),
        "why": one.why,
        "by": one.by,
    }
