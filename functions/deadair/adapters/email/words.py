"""The words of a letter, from `templates/email/notice.toml`.

Knows what a letter says of an incident. Plain text: nothing in it is markup, so nothing is escaped; line breaks in
what people and alarms say become spaces, so that no one can write a letter of their own into ours.
"""

from datetime import UTC, datetime

from deadair.adapters.email.letters import Letter
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import folder, plain, words_in
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.stages import Milestone

LONGEST = 200


def letter(incident: Incident, person: Person, why: str, links: Links) -> Letter:
    """What one person is told; `why` is owner, told or question."""
    values = {
        "id": incident.id,
        "title": one_line(incident.title, LONGEST),
        "name": one_line(person.name, LONGEST),
        "address": one_line(person.email, LONGEST) or "no address",
        "severity": incident.severity.value,
        "since": _utc(incident.when(Milestone.STARTED) or incident.started_at),
        "cause": plain(f"words.class.{incident.failure_class.value}"),
        "status": _phrase(f"status.{incident.status.value}").format(by=one_line(incident.acknowledged_by, LONGEST)),
        "why": _phrase(f"why.{why}"),
        "page": links.incident(incident.number),
    }
    filled = [_phrase(part).format_map(values) for part in ("subject", "body", "operators")]
    return Letter(*filled)


def review_letter(incident: Incident, person: Person, kind: str, links: Links) -> Letter:
    """That somebody is asked to read a postmortem (`asked`), or that theirs was read (`answered`)."""
    values = {
        "id": incident.id,
        "title": one_line(incident.title, LONGEST),
        "name": one_line(person.name, LONGEST),
        "address": one_line(person.email, LONGEST) or "no address",
        "page": links.postmortem_preview(incident.number)
        if kind == "asked"
        else links.postmortem_form(incident.number),
    }
    filled = [_phrase(part).format_map(values) for part in (f"{kind}.subject", f"{kind}.body", "operators")]
    return Letter(*filled)


def standing_text(kind: str, *, error: str, name: str = "", way: str = "") -> str:
    """What the pages say while notices cannot be delivered; `kind` is slack, token, channel or person."""
    said = _phrase(f"way.{way}") if way else "—"
    return _phrase(f"standing.{kind}").format(error=one_line(error, LONGEST), name=one_line(name, LONGEST), way=said)


def token_letter(text: str) -> Letter:
    """What the operators are told when Slack refuses the token; `text` is what the pages say."""
    return Letter(_phrase("token.subject"), _phrase("token.body").format(text=text))


def _phrase(key: str) -> str:
    found = words_in(folder().parent / "email" / "notice.toml")
    for part in key.split("."):
        found = found[part]
    return str(found).strip()


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
