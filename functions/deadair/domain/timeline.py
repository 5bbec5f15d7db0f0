"""A timeline entry: what happened, when, and who says so. Entries are only ever added.

Knows that inserting an entry is the fact that the line publishes. Refuses to know how entries are stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from deadair.domain.ownership import Person
from deadair.domain.rights import NOBODYS, Rights


class Fact(StrEnum):
    """The names under which facts are published. A name and its version never change once published."""

    OPENED = "incident.opened.v1"
    ALARM_RECORDED = "incident.alarm_recorded.v1"
    RECOVERED = "incident.recovered.v1"
    ACKNOWLEDGED = "incident.acknowledged.v1"
    NOTED = "incident.noted.v1"
    MITIGATED = "incident.mitigated.v1"
    RESOLVED = "incident.resolved.v1"
    REOPENED = "incident.reopened.v1"
    ASSIGNED = "incident.assigned.v1"
    FALSE_ALARM = "incident.false_alarm.v1"
    MERGED = "incident.merged.v1"
    SPLIT = "incident.split.v1"
    AFFECTED = "incident.affected.v1"
    LINKED = "incident.linked.v1"
    CHANGE_NOTED = "incident.change_noted.v1"
    UNDONE = "incident.undone.v1"
    SEVERITY_SET = "incident.severity_set.v1"
    CAUSE_NAMED = "incident.cause_named.v1"
    CHECKED = "incident.checked.v1"
    MILESTONE_SET = "incident.milestone_set.v1"
    DIAGNOSED = "incident.diagnosed.v1"
    REPEATED = "incident.repeated.v1"
    ALARM_CHANGED = "incident.alarm_changed.v1"
    SNOOZED = "incident.snoozed.v1"
    HELD = "incident.held.v1"
    HOLD_ENDED = "incident.hold_ended.v1"
    ESCALATED = "incident.escalated.v1"
    ASKED = "incident.asked.v1"
    UNREACHABLE = "incident.unreachable.v1"
    POSTMORTEM_DRAFTED = "postmortem.drafted.v1"
    POSTMORTEM_ANSWERED = "postmortem.answered.v1"
    POSTMORTEM_REVIEW_ASKED = "postmortem.review_asked.v1"
    POSTMORTEM_APPROVED = "postmortem.approved.v1"
    POSTMORTEM_RETURNED = "postmortem.returned.v1"
    POSTMORTEM_PUBLISHED = "postmortem.published.v1"
    POSTMORTEM_REFRESHED = "postmortem.refreshed.v1"
    ACTION_ADDED = "action.added.v1"
    ACTION_CHANGED = "action.changed.v1"
    ACTION_DONE = "action.done.v1"
    ACTION_DROPPED = "action.dropped.v1"


class Source(StrEnum):
    """Where an entry came in."""

    ALARM = "alarm"
    SLACK = "slack"
    WEB = "web"
    CLI = "cli"
    SYSTEM = "system"


# Doors through which people come.
PEOPLES = frozenset({Source.SLACK, Source.WEB, Source.CLI})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, through which door, and what they may do."""

    person: Person
    source: Source
    rights: Rights = NOBODYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. `id` is unique within the incident and decides the order at equal times.

    `occurred_at` is when it happened, `recorded_at` when Deadair learned of it (both aware, UTC).
    `supersedes` names the entry that this one corrects. `data` holds what machines read again: strings only. `actor`
    is the person whose step is written with it; an entry that was read does not know them.
    """

    incident: str
    id: str
    fact: Fact
    occurred_at: datetime
    recorded_at: datetime
    author: str
    source: Source
    text: str
    integration: str = ""
    supersedes: str = ""
    data: tuple[tuple[str, str], ...] = ()
    actor: Actor | None = field(default=None, compare=False, repr=False)

    @property
    def details(self) -> dict[str, str]:
        """`data` as a mapping."""
        return dict(self.data)


ENDS = frozenset({Fact.RESOLVED, Fact.FALSE_ALARM})
# What an entry that takes a step back is about, in its data once it is read in order.
TURNED = "turned"


def in_order(entries: list[Entry]) -> list[Entry]:
    """Entries as people read them: by what happened when, then by id; superseded ones left out.

    What opened it, or reopened it after an end, is the ALARM that came first by the alarms' own times, whichever was
    heard first.
    """
    gone = _gone(entries)
    shown = sorted((e for e in entries if e.id not in gone), key=lambda e: (e.occurred_at, e.id))
    shown = _with_what_they_turn(shown, {entry.id: entry for entry in entries})
    alarms = [place for place, entry in enumerate(shown) if _is_alarm(entry)]
    if any(shown[place].fact is Fact.OPENED for place in alarms):
        for place in alarms:
            fact = Fact.OPENED if place == alarms[0] else Fact.ALARM_RECORDED
            shown[place] = replace(shown[place], fact=fact)
    return _with_reopenings(shown)


def about(entry: Entry) -> str:
    """The fact of the step that an entry takes back or does again; of any other entry its own. Of entries in order."""
    return entry.details.get(TURNED, entry.fact)


def _with_what_they_turn(shown: list[Entry], known: Mapping[str, Entry]) -> list[Entry]:
    """What takes back names the fact of the step that was there first, which may not be shown any more."""
    found = []
    for entry in shown:
        first = entry
        while first.fact is Fact.UNDONE and first.supersedes in known:
            first = known[first.supersedes]
        turned = {} if first is entry else {TURNED: first.fact.value}
        found.append(replace(entry, data=tuple(sorted((entry.details | turned).items()))) if turned else entry)
    return found


def _gone(entries: list[Entry]) -> set[str]:
    """What is left out: what was superseded, unless the taking back was taken back. Of several turns the last shows."""
    over = {entry.supersedes: entry for entry in entries if entry.supersedes}
    turns = {entry.id for entry in entries if entry.fact is Fact.UNDONE}
    return {
        entry.supersedes
        for entry in entries
        if entry.supersedes and (entry.id not in turns or entry.supersedes in turns or _stands(entry, over))
    }


def _stands(undone: Entry, over: Mapping[str, Entry]) -> bool:
    """Whether it was itself taken back an even number of times."""
    turns, later = 0, over.get(undone.id)
    while later is not None:
        turns, later = turns + 1, over.get(later.id)
    return turns % 2 == 0


def _with_reopenings(shown: list[Entry]) -> list[Entry]:
    since = 0
    for place, entry in enumerate(shown):
        if entry.fact in ENDS:
            since = place
        elif entry.fact is Fact.REOPENED and entry.source is Source.ALARM:
            first = next(at for at in range(since, place + 1) if shown[at].details.get("state") == "ALARM")
            shown[place] = replace(entry, fact=Fact.ALARM_RECORDED)
            shown[first] = replace(shown[first], fact=Fact.REOPENED)
    return shown


def _is_alarm(entry: Entry) -> bool:
    return entry.fact in (Fact.OPENED, Fact.ALARM_RECORDED) and entry.details.get("state") == "ALARM"
