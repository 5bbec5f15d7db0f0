"""What the timeline says of an alarm's news, in words and for machines.

Knows that the alarm's texts are other people's: redacted, shown in one line, cut. Refuses to know what the news mean.
"""

from datetime import datetime, timedelta

from deadair.domain.alarm import DEADAIR, AlarmState, Reconfiguration, Transition, shown
from deadair.domain.diagnosis import RESTING
from deadair.domain.incident import LATE, Incident
from deadair.domain.redaction import redact
from deadair.domain.timeline import Entry, Fact, Source

REASON_LIMIT = 2000
# A reason has at most 1,023 characters on AWS; looking for secrets in a megabyte of it would take seconds.
REASON_READ = 8 * REASON_LIMIT
# The previous state is one of three words; nothing longer is worth a place on the timeline.
WORD_LIMIT = 100
CHILDREN_NAMED = 5
DONE = {
    Reconfiguration.CREATED: "was created again in CloudWatch.",
    Reconfiguration.UPDATED: "was changed in CloudWatch.",
    Reconfiguration.DELETED: "was deleted in CloudWatch: nothing will say that it is OK.",
}
STOPPED = "The evidence stopped: nothing says whether it works again."


def fact_for(transition: Transition) -> Fact:
    """The fact that a further transition is published as."""
    if transition.reconfigured:
        return Fact.ALARM_CHANGED
    return Fact.RECOVERED if transition.state is AlarmState.OK else Fact.ALARM_RECORDED


def said(transition: Transition) -> str:
    """The alarm's reason as people see it. Said again it stays the same."""
    return shown(redact(transition.reason[:REASON_READ]), limit=REASON_LIMIT)


def set_off_by(transition: Transition) -> str:
    """The names of the alarms that set a composite alarm off; empty for any other."""
    names = [child.shown_name for child in transition.children[: transition.set_off_by]]
    more = f" and {len(names) - CHILDREN_NAMED} more" if len(names) > CHILDREN_NAMED else ""
    return ", ".join(names[:CHILDREN_NAMED]) + more


def told(transition: Transition, notes: tuple[str, ...] = ()) -> str:
    """What the timeline says of a transition."""
    name = transition.alarm.shown_name
    if transition.reconfigured:
        return _with_notes(f"{name} {DONE[transition.reconfigured]}", notes)
    if transition.rests:
        return f"{name} rests: {RESTING}."
    children = set_off_by(transition)
    parts = (
        f"{name} is {transition.state.value}.",
        said(transition),
        f"Set off by {children}." if children else "",
        f"{_capital(transition.evidence.text)}." if transition.evidence else "",
        STOPPED if transition.state is AlarmState.INSUFFICIENT_DATA else "",
    )
    return _with_notes(" ".join(filter(None, parts)), notes)


def entry_for(transition: Transition, incident: Incident, fact: Fact, now: datetime) -> Entry:
    """The timeline entry of a transition. Its id comes from the transition alone, so it can exist only once."""
    alarm, notes = transition.alarm, (*transition.notes, *_late(transition, now))
    data = {
        "alarm": alarm.shown_name,
        "alarm_key": alarm.key,
        "account": alarm.account,
        "region": alarm.region,
        "state": "" if transition.reconfigured else transition.state.value,
        "reconfigured": transition.reconfigured or "",
        "previous": shown(transition.previous, limit=WORD_LIMIT),
        "signal": transition.signal.value,
        "notes": shown(" · ".join(notes)),
        "set_off_by": set_off_by(transition),
        # Since when the data fail, where the alarm says so: the incident's start follows from it.
        "since": transition.started_at.isoformat(timespec="milliseconds") if transition.started_at else "",
    }
    if transition.evidence is not None:
        data |= {"evidence": transition.evidence.text, "evidence_class": transition.evidence.failure_class.value}
    return Entry(
        incident=incident.id,
        id=f"{transition.at.isoformat(timespec='milliseconds')}#{transition.key}",
        fact=fact,
        occurred_at=transition.at,
        recorded_at=now,
        author=transition.author,
        source=Source.ALARM,
        text=told(transition, notes),
        integration=incident.integration,
        data=tuple(sorted((name, str(value)) for name, value in data.items() if value)),
    )


def _late(transition: Transition, now: datetime) -> tuple[str, ...]:
    """CloudWatch says what has just happened. Deadair itself also says when something should have been done."""
    by = now - transition.at
    return (f"late: heard {_length(by)} after it happened",) if by > LATE and transition.author != DEADAIR else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _length(length: timedelta) -> str:
    hours = round(length / timedelta(hours=1))
    return f"{hours} h" if hours < 2 * 24 else f"{round(length / timedelta(days=1))} days"


def _with_notes(text: str, notes: tuple[str, ...]) -> str:
    return f"{text} ({shown('; '.join(notes))})" if notes else text
