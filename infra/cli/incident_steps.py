"""`deadair incidents ack|note|…`: the steps, through the same use cases as Slack and the pages.

Each is its parameters and one call. Refuses to know how a step is printed and who takes it (`incident_step`).
"""

from typing import TYPE_CHECKING, Annotated

import typer

from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from infra.cli.incident_step import Desk, Step, number_of, person_of, step

if TYPE_CHECKING:
    from datetime import datetime

    from deadair.domain.incident import Incident

Email = Annotated[str, typer.Argument(metavar="E-MAIL", help="Somebody whom the registry or Slack knows.")]
Level = Annotated[int, typer.Argument(metavar="1..4", min=1, max=4)]
Override = Annotated[bool, typer.Option("--override", help="Under SEV2 although it is about consent; it is logged.")]
Into = Annotated[str, typer.Argument(metavar="INTO", help="The incident that goes on.")]
Alarms = Annotated[list[str], typer.Argument(metavar="ALARM…", help="Their names.")]
Place = Annotated[int | None, typer.Argument(metavar="[N]", help="Its place in the list; none shows the list.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take the tick away.")]
Words = Annotated[list[str], typer.Argument(metavar="WORDS…", help="In a few words.")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[WORDS…]", help="In a few words.")]
At = Annotated[str, typer.Option(help="When it happened (UTC): 10:42, 10m ago or 2026-11-20T10:42Z.")]


def add_to(app: typer.Typer) -> None:
    """Make a command of every step."""
    from infra.cli.incident_review import REVIEW
    from infra.cli.incident_said import SAID

    for name, work in (STEPS | SAID | REVIEW).items():
        step(app, name)(work)


def _ack(desk: Desk) -> "Incident":
    """Say that somebody has it."""
    from deadair.usecases.acknowledge import acknowledge

    return acknowledge(desk.store, desk.number, desk.actor, now=desk.now)


def _note(desk: Desk, words: Words, at: At = "") -> "Incident":
    """Write a line into the timeline."""
    from deadair.usecases.note import note

    then = time_of(at, desk.now) if at else None
    return note(desk.store, desk.number, desk.actor, " ".join(words), now=desk.now, occurred_at=then)


def _mitigate(desk: Desk, words: Some = None) -> "Incident":
    """Say that the harm has stopped."""
    from deadair.usecases.mitigate import mitigate

    return mitigate(desk.store, desk.number, desk.actor, _said(words), now=desk.now)


def _resolve(desk: Desk, words: Some = None) -> "Incident":
    """Say that it does its job again, and what fixed it."""
    from deadair.usecases.resolve import resolve

    return resolve(desk.store, desk.number, desk.actor, _said(words), now=desk.now)


def _reopen(desk: Desk, words: Some = None) -> "Incident":
    """Say that it was not over."""
    from deadair.usecases.reopen import reopen

    return reopen(desk.store, desk.number, desk.actor, _said(words), now=desk.now)


def _assign(desk: Desk, to: Email, words: Some = None) -> "Incident":
    """Give it to one person who is there."""
    from deadair.usecases.assign import assign
    from deadair.usecases.must_be_there import must_be_there
    from infra.cli.slack_people import workspace_of

    person = must_be_there(workspace_of(desk.target), person_of(desk.target, desk.rows(), to), desk.now)
    return assign(desk.store, desk.number, desk.actor, person, now=desk.now, reason=_said(words))


def _sev(desk: Desk, severity: Level, words: Words, *, override: Override = False) -> "Incident":
    """Say how bad it is, and why."""
    from deadair.usecases.set_severity import set_severity

    why, level = " ".join(words), Severity(f"SEV{severity}")
    return set_severity(desk.store, desk.number, desk.actor, level, why, override=override, now=desk.now)


def _merge(desk: Desk, into: Into) -> "Incident":
    """Say that it is the same break as another; that one goes on."""
    from deadair.usecases.merge import merge

    return merge(desk.store, desk.number, number_of(into), desk.actor, now=desk.now)


def _split(desk: Desk, alarms: Alarms) -> "Incident":
    """Give alarms that are another break an incident of their own."""
    from deadair.usecases.split import split

    return split(desk.store, desk.number, alarms, desk.actor, now=desk.now)


def _false_alarm(desk: Desk, words: Words) -> "Incident":
    """End it: nothing was wrong; say how you know."""
    from deadair.usecases.false_alarm import false_alarm

    return false_alarm(desk.store, desk.number, desk.actor, " ".join(words), now=desk.now)


def _cause(
    desk: Desk, failure_class: Annotated[FailureClass, typer.Argument(metavar="CLASS")], words: Some = None
) -> "Incident":
    """Say what broke; it goes before every guess."""
    from deadair.usecases.name_cause import name_cause

    return name_cause(desk.store, desk.number, desk.actor, failure_class, _said(words), now=desk.now)


def _check(desk: Desk, place: Place = None, *, undo: Undo = False) -> "Incident | None":
    """Tick a first check, or list them."""
    from deadair.adapters.dynamodb.dossiers import read_dossier
    from deadair.domain.errors import Invalid
    from deadair.domain.first_checks import first_checks
    from deadair.usecases.tick import tick
    from infra.cli import incident_words

    dossier = read_dossier(desk.store.client, desk.store.table, desk.number)
    checks = first_checks(dossier.incident, dossier.diagnosed)
    if place is None:
        show = incident_words.print_checks_json if desk.as_json else incident_words.print_checks
        show(dossier.incident, checks)
        return None
    if not 0 < place <= len(checks):
        raise Invalid(f"There is no check {place}.", field="check", remedy=f"check {desk.number}")
    return tick(desk.store, desk.number, desk.actor, checks[place - 1].id, done=not undo, now=desk.now)


def _snooze(
    desk: Desk, until: Annotated[str, typer.Argument(metavar="LENGTH", help="30m, 2h, 1d.")], words: Words
) -> "Incident":
    """Hold its notices for a while; it stays open."""
    from deadair.domain.errors import Invalid
    from deadair.domain.typed_length import parse_length
    from deadair.usecases.snooze import snooze

    length = parse_length(until)
    if length is None:
        raise Invalid(f"`{until}` is no length of time.", field="until", remedy="Write 30m, 2h or 1d.")
    return snooze(desk.store, desk.number, desk.actor, desk.now + length, " ".join(words), now=desk.now)


def _unsnooze(desk: Desk) -> "Incident":
    """Let it give notices again."""
    from deadair.usecases.snooze import end_snooze

    return end_snooze(desk.store, desk.number, desk.actor, now=desk.now)


def _milestone(
    desk: Desk,
    name: Annotated[Milestone, typer.Argument(metavar="MILESTONE")],
    at: Annotated[str, typer.Argument(metavar="TIME", help="UTC: 10:42, '10m ago' or 2026-11-20T10:42Z.")],
    words: Words,
) -> "Incident":
    """Correct when it started, was detected, acknowledged, mitigated or resolved; say how you know."""
    from deadair.usecases.set_milestone import set_milestone

    then = time_of(at, desk.now)
    return set_milestone(desk.store, desk.number, desk.actor, name, then, " ".join(words), now=desk.now)


def _said(words: list[str] | None) -> str:
    return " ".join(words or ())


def time_of(text: str, now: "datetime") -> "datetime":
    """The time that somebody wrote, in UTC. Raises Invalid."""
    from deadair.domain.errors import Invalid
    from deadair.domain.typed_time import parse_time

    at = parse_time(text, now)
    if at is None:
        raise Invalid(f"`{text}` is no time.", field="at", remedy="Write 10:42, '10m ago' or 2026-11-20T10:42Z (UTC).")
    return at


STEPS: dict[str, Step] = {
    "ack": _ack,
    "note": _note,
    "mitigate": _mitigate,
    "resolve": _resolve,
    "reopen": _reopen,
    "assign": _assign,
    "sev": _sev,
    "merge": _merge,
    "split": _split,
    "false-alarm": _false_alarm,
    "cause": _cause,
    "check": _check,
    "snooze": _snooze,
    "unsnooze": _unsnooze,
    "milestone": _milestone,
}
