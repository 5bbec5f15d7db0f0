"""What the alarms of an incident said in their reasons, heard from its timeline.

Knows which lines are an alarm's. Refuses to know what follows from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from deadair.domain.alarm import DEADAIR, AlarmState, Signal
from deadair.domain.looking import REASON, Said
from deadair.domain.reasons import Wording, in_words, read_reason
from deadair.domain.timeline import Entry, Fact
from deadair.domain.wordings import meaning_of

QUOTED = 120


@dataclass(frozen=True, slots=True)
class Heard:
    """What the newest alarm of each signal says in CloudWatch's words, and what reasons of other words mean."""

    words: dict[Signal, str] = field(default_factory=dict)
    said: tuple[Said, ...] = ()


def heard_in(lines: Iterable[Entry]) -> Heard:
    """From entries, newest first. A wording that nobody knows says nothing."""
    words: dict[Signal, str] = {}
    said: dict[str, Said] = {}
    for line in lines:
        if not _is_an_alarm(line):
            continue
        reason = _reason_in(line)
        read = read_reason(reason)
        if read.wording is Wording.UNKNOWN and (meaning := meaning_of(reason)):
            text = f"the alarm says: {reason[:QUOTED]}"
            said.setdefault(text, Said(REASON, meaning.failure_class, text, meaning.clear))
        elif text := in_words(read):
            words.setdefault(Signal(line.details.get("signal", Signal.UNKNOWN)), text)
    return Heard(words, tuple(said.values()))


def _is_an_alarm(line: Entry) -> bool:
    about = line.details
    told = line.fact in (Fact.OPENED, Fact.REOPENED, Fact.ALARM_RECORDED) and about.get("state") == AlarmState.ALARM
    return told and line.author != DEADAIR


def _reason_in(line: Entry) -> str:
    """What the alarm itself said, without what we said beside it: that is heard elsewhere, and once."""
    said = line.text.partition(f" is {AlarmState.ALARM}.")[2].partition(" Set off by ")[0]
    evidence = line.details.get("evidence")
    return (said.partition(f"{evidence}.")[0] if evidence else said).strip()
