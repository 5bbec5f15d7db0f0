"""What the card of an open incident answers in five minutes: since when, how bad, what changed, who.

Knows the lines and what each needs. Refuses to know their order on the card and how it is sent. Everything follows
from its arguments, never from a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.slack.mrkdwn import Mrkdwn, duration, escape, instant, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.diagnosed import Diagnosed, NearChange
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.link import Link
from deadair.domain.stages import Milestone, Status

VALUE = 500  # characters of one value; the longest names and fixes still leave the card readable
# Slack takes 12,000 characters in all blocks of a message together, and an escaped & counts five.
LINE, PARAGRAPH, NARROW = 160, 900, 420
CHANGES, NAMES = 3, 3
LABEL, ADDRESS = 60, 200
AS_GOOD_AS_AT_ONCE_S = 60


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Who is told if nobody answers; `at` None: nobody knows when."""

    name: str
    at: datetime | None = None


def since(incident: Incident) -> Mrkdwn:
    """Since when it is broken, and how long that was before the alarm."""
    started, detected = incident.when(Milestone.STARTED), incident.when(Milestone.DETECTED)
    if incident.by_hand and not incident.alarms:
        return say("card.since.said", at=instant(started or incident.opened_at), by=one_line(incident.by_hand.by, 80))
    if started is None or detected is None:
        return instant(incident.detected_at)
    gap = (detected - started).total_seconds()
    if gap < AS_GOOD_AS_AT_ONCE_S:
        return say("card.since.alarm", at=instant(started))
    return say("card.since.before", at=instant(started), gap=duration(gap))


def holder(incident: Incident) -> Mrkdwn:
    """Who has it; the owner beside, when that is somebody else."""
    by, owner = one_line(incident.acknowledged_by, LINE), one_line(incident.owner.name, LINE)
    at = {Status.ACKNOWLEDGED: Milestone.ACKNOWLEDGED, Status.MITIGATED: Milestone.MITIGATED}.get(incident.status)
    when = (incident.when(at) if at else None) or incident.opened_at
    has = say(f"card.holder.{incident.status.value}", by=by or "?", at=instant(when), owner=owner)
    if incident.status is Status.OPEN or incident.acknowledged_by == incident.owner.name:
        return has
    return lines_of([has, say("card.holder.owner", owner=owner)])


def upcoming(incident: Incident, following: Sequence[Upcoming]) -> Mrkdwn | str:
    """Who was told beside the owner, and who comes next and when; only while nobody has it."""
    if incident.status is not Status.OPEN:
        return ""
    told = told_beside_owner(incident)
    lines = []
    if told:
        lines.append(say("card.next.told", names=_listed(told)) if following else _listed(told))
    if following and following[0].at is not None:
        first = following[0]
        lines.append(say("card.next.next", name=one_line(first.name, LINE), at=instant(following[0].at)))
    elif following:
        lines.append(say("card.next.order", names=" → ".join(one_line(one.name, LINE) for one in following[:NAMES])))
    return lines_of(lines) if lines else ""


def upcoming_label(following: Sequence[Upcoming]) -> str:
    """What stands above who was told and who comes next."""
    return plain("card.labels.next" if following else "card.labels.told")


def told_beside_owner(incident: Incident) -> list[str]:
    """The names of those who were told because nobody had it."""
    return [one.person.name for one in incident.escalation.told if one.person != incident.owner]


def affected(incident: Incident, diagnosed: Diagnosed | None) -> Mrkdwn | str:
    """Who or what suffers: what people say goes before what was found."""
    said = one_line(incident.affected, 2 * LINE)
    found = _found_affected(diagnosed) if diagnosed else ""
    process = one_line(diagnosed.process, LINE) if diagnosed else ""
    if said:
        lines = [say("card.affected.line", what=said), say("card.affected.found", what=found) if found else ""]
    else:
        lines = [say("card.affected.line", what=found) if found else say("card.affected.title") if process else ""]
    return lines_of(line for line in (*lines, process) if line)


def _found_affected(diagnosed: Diagnosed) -> Mrkdwn:
    """How many records are missed, who else depends on it, and what waits for them: the page has how it is known."""
    missed, parts = diagnosed.missed_records, []
    if missed is not None:
        shape = "none" if not missed else "one" if missed == 1 else "records"
        parts.append(say(f"card.affected.{shape}", count=f"{missed:,}"))
    elif diagnosed.missed_why:
        parts.append(say("card.affected.unknown"))
    if diagnosed.affected:
        parts.append(_listed(diagnosed.affected))
    if diagnosed.campaigns:
        parts.append(say("card.affected.campaigns", names=_listed(diagnosed.campaigns)))
    return Mrkdwn(" · ".join(parts))


def changes(incident: Incident, diagnosed: Diagnosed | None) -> Mrkdwn | str:
    """What changed near the start, the nearest first."""
    if diagnosed is None or not diagnosed.changes:
        return ""
    started = incident.when(Milestone.STARTED) or incident.detected_at
    return lines_of([say("card.changes.title"), *(_change(one, started) for one in diagnosed.changes[:CHANGES])])


def links_of(incident: Incident) -> Mrkdwn | str:
    """The addresses that people kept with it, the newest first; one that is too long is named only."""
    newest = incident.links[::-1][:NAMES]
    names = [_link(one) for one in newest]
    if len(incident.links) > NAMES:
        names.append(say("card.links.more", count=len(incident.links) - NAMES))
    return say("card.links.line", links=Mrkdwn(" · ".join(names))) if names else ""


def _link(one: Link) -> Mrkdwn:
    label = one_line(one.label or one.url.partition("://")[2], LABEL)
    return link(one.url, label) if len(one.url) <= ADDRESS else escape(label)


def held_back(hold: Hold | None) -> Mrkdwn | str:
    """That notices wait, until when, why and who said so."""
    if hold is None:
        return ""
    by = say("card.hold.by", by=one_line(hold.by, 80)) if hold.by else ""
    why = one_line(hold.why, 200)
    if hold.until is None:
        return say("card.hold.open", why=why, by=by)
    return say("card.hold.until", at=instant(hold.until), why=why, by=by)


def alarms(incident: Incident) -> Mrkdwn | str:
    """The first alarm, and how many more in steps: a storm of them is no reason to edit the card each time."""
    if not incident.alarms:
        return ""
    first = min(incident.alarms.values(), key=lambda alarm: (alarm.first_alarm_at, alarm.name))
    others = len(incident.alarms) - 1
    many = next((step for step in (300, 100, 30, 10, 3) if others > step), 0)
    more = say("card.many_alarms", count=many) if many else say("card.more_alarms", count=others) if others else ""
    return say("card.alarm", name=one_line(first.name, 200), more=more)


def _change(change: NearChange, started: datetime) -> Mrkdwn:
    gap = (started - change.at).total_seconds()
    by = say("card.changes.by", by=one_line(change.by, 80)) if change.by else ""
    shape = "before" if gap >= 0 else "after"
    return say(f"card.changes.{shape}", gap=duration(abs(gap)), text=one_line(change.text, LINE), by=by)


def _listed(names: Sequence[str]) -> Mrkdwn:
    shown = ", ".join(one_line(name, 80) for name in names[:NAMES])
    return say("card.affected.more", names=shown, count=len(names) - NAMES) if len(names) > NAMES else escape(shown)
