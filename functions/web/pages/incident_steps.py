"""What may be done to an incident from its page: each step is one call of a use case with what the form says.

Knows the fields of the forms. Refuses to show anything: a refusal goes to the page, which shows it with the words.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from deadair.adapters.slack.ahead import parse_length
from deadair.adapters.slack.when import parse_time
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident, Milestone
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.assign import assign
from deadair.usecases.mitigate import mitigate
from deadair.usecases.name_cause import name_cause
from deadair.usecases.note import note
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.snooze import end_snooze, snooze
from deadair.usecases.tick import tick
from web.call import Call
from web.views.incidents import people

Fields = Mapping[str, str]
Step = Callable[[Call, int, Fields], Incident]
Named = TypeVar("Named", bound=StrEnum)


def _assign(call: Call, number: int, fields: Fields) -> Incident:
    return assign(call.web.incidents, number, call.actor, _person(call, fields.get("owner", "")), now=call.now)


def _person(call: Call, key: str) -> Person:
    """Whom the form names: somebody of the registry, or the one who asks."""
    everybody = [call.person, *people(call.web.registry.rows())]
    for person in everybody:
        if key and key.lower() in {person.email.lower(), person.name.lower()}:
            return person
    raise Invalid("Nobody of that name is in the registry.", field="owner", remedy="Choose a person from the list.")


def _milestone(call: Call, number: int, fields: Fields) -> Incident:
    name, reason = _one_of(Milestone, fields, "milestone"), fields.get("reason", "")
    at = _time(call, fields.get("at", ""))
    return set_milestone(call.web.incidents, number, call.actor, name, at, reason, now=call.now)


def _cause(call: Call, number: int, fields: Fields) -> Incident:
    failure_class = _one_of(FailureClass, fields, "class")
    return name_cause(call.web.incidents, number, call.actor, failure_class, fields.get("text", ""), now=call.now)


def _check(call: Call, number: int, fields: Fields) -> Incident:
    done = fields.get("done", "1") != "0"
    return tick(call.web.incidents, number, call.actor, fields.get("check", ""), done=done, now=call.now)


def _snooze(call: Call, number: int, fields: Fields) -> Incident:
    length = parse_length(fields.get("for", ""))
    if length is None:
        raise Invalid("That is no length of time.", field="for", remedy="Choose one of the list.")
    return snooze(call.web.incidents, number, call.actor, call.now + length, fields.get("text", ""), now=call.now)


def _one_of(kind: type[Named], fields: Fields, field: str) -> Named:
    """The word of a choice. Raises Invalid for one that was not offered."""
    try:
        return kind(fields.get(field, ""))
    except ValueError as odd:
        raise Invalid("That is none of the choices.", field=field, remedy="Choose one of the list.") from odd


def _time(call: Call, text: str) -> datetime:
    """A time in UTC, as the field gives it or as people type it. Raises Invalid."""
    at = parse_time(text, call.now)
    if at is None:
        raise Invalid("That is no time.", field="at", remedy="Write it in UTC, as in 2026-11-20 10:42.")
    return at


STEPS: dict[str, Step] = {
    "acknowledge": lambda c, n, _: acknowledge(c.web.incidents, n, c.actor, now=c.now),
    "note": lambda c, n, f: note(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "mitigate": lambda c, n, f: mitigate(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "resolve": lambda c, n, f: resolve(c.web.incidents, n, c.actor, f.get("fix", ""), now=c.now),
    "reopen": lambda c, n, f: reopen(c.web.incidents, n, c.actor, f.get("text", ""), now=c.now),
    "assign": _assign,
    "cause": _cause,
    "check": _check,
    "snooze": _snooze,
    "unsnooze": lambda c, n, _: end_snooze(c.web.incidents, n, c.actor, now=c.now),
    "milestone": _milestone,
}
