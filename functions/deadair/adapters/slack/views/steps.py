"""The modals of single steps: a note, an end, a new owner, a hold, a false alarm, a reopening.

Knows what each asks. Refuses to know what is done with the answer.
"""

from datetime import timedelta

from deadair.adapters.slack.blocks import Block, context, section
from deadair.adapters.slack.card import status_of
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View, chosen, modal, somebody, typed
from deadair.adapters.slack.mrkdwn import Mrkdwn, instant, one_line
from deadair.adapters.slack.phrases import plain, say, subject
from deadair.domain.incident import Incident
from deadair.domain.typed_length import parse_length

NOTE, RESOLVE, ASSIGN = "note", "resolve", "assign"
SNOOZE, FALSE_ALARM, REOPEN = "snooze", "false_alarm", "reopen"
# The longest that the use cases take.
NOTE_TEXT, REASON, SNOOZE_REASON = 3000, 1000, 500
TITLE = 200
NAMES, NAME = 5, 80


def about(incident: Incident) -> Block:
    """What it is about and where it stands now, which may be further than the card that was pressed."""
    title = one_line(incident.title, TITLE)
    return section(say("modals.about", id=incident.id, title=title, status=status_of(incident)))


def note_modal(incident: Incident, zone: str, carried: Carried, first: str = "") -> View:
    """A line for the timeline, now or at another time."""
    text = _asked(NOTE, "text", longest=NOTE_TEXT, lines=True, first=first)
    hint = plain("modals.note.at_hint", zone=zone)
    at = typed("at", _word(NOTE, "at"), hint=hint, example=_word(NOTE, "at_example"), longest=60, optional=True)
    return _modal(NOTE, incident, carried, text, at)


def resolve_modal(incident: Incident, carried: Carried) -> View:
    """What fixed it; what still rings stands above."""
    fix = _asked(RESOLVE, "fix", longest=REASON, lines=True, first=incident.fix, optional=True)
    state = _alarms(incident)
    return _modal(
        RESOLVE, incident, carried, *([section(state)] if state else []), fix, context(say("modals.resolve.next"))
    )


def assign_modal(incident: Incident, carried: Carried) -> View:
    """Somebody else, or oneself, and why."""
    who = somebody("who", _word(ASSIGN, "who"), hint=_word(ASSIGN, "who_hint"), example=_word(ASSIGN, "who_example"))
    return _modal(ASSIGN, incident, carried, who, _asked(ASSIGN, "reason", longest=REASON))


def snooze_modal(incident: Incident, most: timedelta, carried: Carried) -> View:
    """No notices for a while, at `most` so long, and why."""
    known = subject("modals")[SNOOZE]["lengths"].items()
    lengths = [(length, words) for length, words in known if (parse_length(length) or most) <= most]
    length = chosen("length", _word(SNOOZE, "length"), lengths, first="1h")
    return _modal(SNOOZE, incident, carried, length, _asked(SNOOZE, "reason", longest=SNOOZE_REASON))


def false_alarm_modal(incident: Incident, carried: Carried) -> View:
    """Why it was no incident."""
    return _modal(FALSE_ALARM, incident, carried, _asked(FALSE_ALARM, "reason", longest=REASON))


def reopen_modal(incident: Incident, carried: Carried) -> View:
    """Why it is not over."""
    return _modal(REOPEN, incident, carried, _asked(REOPEN, "reason", longest=REASON))


def _modal(name: str, incident: Incident, carried: Carried, *blocks: Block) -> View:
    title = plain(f"modals.{name}.title", id=incident.id)
    return modal(name, title, _word(name, "submit"), [about(incident), *blocks], carried)


def _asked(
    name: str, field: str, *, longest: int, lines: bool = False, first: str = "", optional: bool = False
) -> Block:
    return typed(
        field,
        _word(name, field),
        hint=_word(name, f"{field}_hint"),
        example=_word(name, f"{field}_example"),
        longest=longest,
        lines=lines,
        first=first,
        optional=optional,
    )


def _word(name: str, key: str) -> str:
    return plain(f"modals.{name}.{key}")


def _alarms(incident: Incident) -> Mrkdwn | None:
    """What its alarms say, for whoever is about to end it."""
    if incident.recovered_at is not None:
        return say("modals.resolve.quiet", at=instant(incident.recovered_at))
    names = [one_line(name, NAME) for name in incident.still_failing]
    if not names:
        return None
    shown = ", ".join(names[:NAMES])
    more = plain("modals.resolve.failing_more", names=shown, count=len(names) - NAMES)
    return say("modals.resolve.failing", names=more if len(names) > NAMES else shown)
