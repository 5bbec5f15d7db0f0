"""What may be done to an incident from its page: each step is one call of a use case with what the form says.

Knows the fields of the forms. Refuses to show anything: a refusal goes to the page, which shows it with the words.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident, parse_number
from deadair.domain.ownership import Person, same_person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.domain.standing_in import everybody
from deadair.domain.typed_length import parse_length
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.add_link import add_link
from deadair.usecases.assign import assign
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.mitigate import mitigate
from deadair.usecases.name_cause import name_cause
from deadair.usecases.note import note
from deadair.usecases.note_change import note_change
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.say_affected import say_affected
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.set_severity import set_severity
from deadair.usecases.snooze import end_snooze, snooze
from deadair.usecases.split import split
from deadair.usecases.tick import tick
from deadair.usecases.undo import undo
from web.call import Call
from web.pages.typed_times import typed_time

Fields = Mapping[str, str]
# Steps whose form may say when it was.
TIMED = frozenset({"note", "change", "milestone"})
Step = Callable[[Call, int, Fields], Incident]
Named = TypeVar("Named", bound=StrEnum)


def _assign(call: Call, number: int, fields: Fields) -> Incident:
    owner, reason = _person(call, fields.get("owner", "")), fields.get("text", "")
    if not same_person(owner, call.person):
        owner = call.web.members.must_be_there(owner, call.now)
    return assign(call.web.incidents, number, call.actor, owner, now=call.now, reason=reason)


def _person(call: Call, key: str) -> Person:
    """Whom the form names: somebody of the registry, or the one who asks."""
    for person in [call.person, *everybody(call.web.registry.rows())]:
        if key and key.lower() in {person.email.lower(), person.name.lower()}:
            return person
    raise Invalid("Nobody of that name is in the registry.", field="owner", remedy="Choose a person from the list.")


def _note(call: Call, number: int, fields: Fields) -> Incident:
    at = typed_time(call, "at")
    return note(call.web.incidents, number, call.actor, fields.get("text", ""), now=call.now, occurred_at=at)


def _milestone(call: Call, number: int, fields: Fields) -> Incident:
    name, reason = _one_of(Milestone, fields, "milestone"), fields.get("reason", "")
    at = typed_time(call, "at")
    if at is None:
        raise Invalid("That is no time.", field="at", remedy="Say when it was.")
    return set_milestone(call.web.incidents, number, call.actor, name, at, reason, now=call.now)


def _cause(call: Call, number: int, fields: Fields) -> Incident:
    failure_class = _one_of(FailureClass, fields, "class")
    return name_cause(call.web.incidents, number, call.actor, failure_class, fields.get("text", ""), now=call.now)


def _check(call: Call, number: int, fields: Fields) -> Incident:
    done = fields.get("done", "1") != "0"
    return tick(call.web.incidents, number, call.actor, fields.get("check", ""), done=done, now=call.now)


def _snooze(call: Call, number: int, fields: Fields) -> Incident:
    return snooze(call.web.incidents, number, call.actor, _until(call), fields.get("text", ""), now=call.now)


def _until(call: Call) -> datetime:
    length = parse_length(call.request.fields.get("for", ""))
    if length is None:
        raise Invalid("That is no length of time.", field="for", remedy="Choose one of the list.")
    return call.now + length


def time_of(call: Call, verb: str) -> datetime | None:
    """The time that a step was told, for whoever wants to see how it was read; None: none was."""
    if verb == "snooze":
        return _until(call)
    return typed_time(call, "at") if verb in TIMED else None


def _severity(call: Call, number: int, fields: Fields) -> Incident:
    severity, why = _one_of(Severity, fields, "severity"), fields.get("text", "")
    override = fields.get("override") == "1"
    actor = call.acting(why) if override else call.actor
    return set_severity(call.web.incidents, number, actor, severity, why, override=override, now=call.now)


def _merge(call: Call, number: int, fields: Fields) -> Incident:
    into = parse_number(fields.get("into", ""))
    if into is None:
        raise Invalid("That is no incident.", field="into", remedy="Write its number, as in INC-42.")
    return merge(call.web.incidents, number, into, call.actor, now=call.now)


def _split(call: Call, number: int, fields: Fields) -> Incident:
    alarms = [value for name, value in fields.items() if name.startswith("alarm-")]
    if not alarms:
        raise Invalid("No alarm is chosen.", field="alarms", remedy="Choose those that are another break.")
    return split(call.web.incidents, number, alarms, call.actor, now=call.now)


def _one_of(kind: type[Named], fields: Fields, field: str) -> Named:
    """The word of a choice. Raises Invalid for one that was not offered."""
    try:
        return kind(fields.get(field, ""))
    except ValueError as odd:
        raise Invalid("That is none of the choices.", field=field, remedy="Choose one of the list.") from odd


def _affected(call: Call, number: int, fields: Fields) -> Incident:
    return say_affected(call.web.incidents, number, call.actor, fields.get("text", ""), now=call.now)


def _link(call: Call, number: int, fields: Fields) -> Incident:
    url, label = fields.get("url", ""), fields.get("label", "")
    return add_link(call.web.incidents, number, call.actor, url, label, now=call.now)


def _change(call: Call, number: int, fields: Fields) -> Incident:
    text, at = fields.get("text", ""), typed_time(call, "at")
    return note_change(call.web.changes, call.web.incidents, number, call.actor, text, now=call.now, occurred_at=at)


def _undo(call: Call, number: int, fields: Fields) -> Incident:
    return undo(call.web.incidents, number, call.actor, entry=fields.get("entry", ""), now=call.now).incident


STEPS: dict[str, Step] = {
    "acknowledge": lambda c, n, _: acknowledge(c.web.incidents, n, c.actor, now=c.now),
    "note": _note,
    "mitigate": lambda c, n, f: mitigate(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "resolve": lambda c, n, f: resolve(c.web.incidents, n, c.actor, f.get("fix", ""), now=c.now),
    "reopen": lambda c, n, f: reopen(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "assign": _assign,
    "false-alarm": lambda c, n, f: false_alarm(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "sev": _severity,
    "merge": _merge,
    "split": _split,
    "cause": _cause,
    "check": _check,
    "snooze": _snooze,
    "unsnooze": lambda c, n, _: end_snooze(c.web.incidents, n, c.actor, now=c.now),
    "milestone": _milestone,
    "affected": _affected,
    "link": _link,
    "change": _change,
    "undo": _undo,
}
