"""What a look at an incident concludes: which class, how sure, by which evidence.

Knows what each source is worth, and that what an alarm says of itself is not overruled. Refuses to read anything, and
to forget: a later look replaces what an earlier one found only when it is at least as sure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from deadair.domain.alarm import Signal
from deadair.domain.diagnosed import Confidence, Diagnosed
from deadair.domain.diagnosis import LIKELY, SETTLED
from deadair.domain.incident import Incident
from deadair.domain.log_errors import Told
from deadair.domain.severity import FailureClass
from deadair.domain.signs import SIGNS

ALARM, REASON, SIGNALS, LOGS = "alarm", "reason", "signals", "logs"
# At equal weight the one that says more: words of a log know a refused signature from a refused password.
TELLING = {LOGS: 0, SIGNALS: 1, REASON: 2, ALARM: 3}
CLEAR, FAINT = 2, 1
# Fewer lines of one kind than this among all errors is not what broke.
SHARE_PCT = 20
ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of the class, in words; `clear`: beyond doubt."""

    source: str
    failure_class: FailureClass
    text: str
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """`looked` is what the look itself found, whatever the alarms had settled."""

    failure_class: FailureClass
    confidence: Confidence
    evidence: tuple[str, ...] = ()
    looked: FailureClass | None = None

    @property
    def beneath(self) -> FailureClass | None:
        """What was found under a class that the alarms had settled."""
        return self.looked if self.looked is not self.failure_class else None


def verdict(incident: Incident, said: Iterable[Said], words: Mapping[Signal, str] | None = None) -> Verdict:
    """The class of alarms and signals, else of the look; how sure; and the evidence, that for the class first.

    `words` are what the alarms of a signal say in their reasons.
    """
    voices = [*_alarms(incident, words or {}), *said]
    looked = _looked(incident, [one for one in voices if one.source != ALARM])
    found = replace(incident, looked=looked).guessed
    if found is FailureClass.UNKNOWN:
        found = _heaviest(voices) or FailureClass.UNKNOWN
    ranked = sorted(voices, key=lambda one: (one.failure_class is not found, not one.clear, TELLING[one.source]))
    evidence = tuple(dict.fromkeys(one.text for one in ranked if one.text))
    return Verdict(found, _confidence(incident, found, voices), evidence, looked)


def _looked(incident: Incident, voices: list[Said]) -> FailureClass | None:
    """What the look found; what is only faint does not go before what the alarms make likely."""
    heaviest = _heaviest(voices)
    clear = any(one.clear and one.failure_class is heaviest for one in voices)
    counts = clear or incident.likely is FailureClass.UNKNOWN
    return heaviest if heaviest and counts else incident.looked


def said_by_logs(told: Told) -> list[Said]:
    """What the error lines say: every class that is a good part of them. Only the greatest part is clear."""
    return [
        Said(
            LOGS,
            kind,
            f"{count} of {told.total} errors in the logs say {kind.words}",
            clear=kind in told.clear and place == 0,
        )
        for place, (kind, count) in enumerate(told.classes)
        if 100 * count >= SHARE_PCT * told.total
    ]


def takes_over(found: Verdict, earlier: Diagnosed | None, incident: Incident) -> bool:
    """Whether what was found takes the place of what was known: it is as sure, or the alarms say otherwise now."""
    if earlier is None or (earlier.failure_class is not incident.guessed and incident.signal in SETTLED):
        return True
    if found.failure_class is FailureClass.UNKNOWN:
        return earlier.failure_class is FailureClass.UNKNOWN
    return ORDER.index(found.confidence) >= ORDER.index(earlier.confidence)


def _alarms(incident: Incident, words: Mapping[Signal, str]) -> list[Said]:
    """What the alarms of the incident say of themselves. One that only asks says nothing."""
    counts = Counter(alarm.signal for alarm in incident.alarms.values())
    return [
        Said(ALARM, LIKELY[signal], _alarm_words(SIGNS[signal], count, words.get(signal, "")), signal in SETTLED)
        for signal, count in sorted(counts.items())
        if signal in LIKELY
    ]


def _alarm_words(sign: str, count: int, words: str) -> str:
    said = f"an alarm says: {sign}" if count == 1 else f"{count} alarms say: {sign}"
    return f"{said} ({words})" if words else said


def _heaviest(voices: list[Said]) -> FailureClass | None:
    """The class that the sources say most surely, each source once."""
    weights: dict[tuple[FailureClass, str], int] = {}
    for one in voices:
        place = (one.failure_class, one.source)
        weights[place] = max(weights.get(place, 0), CLEAR if one.clear else FAINT)
    totals: Counter[FailureClass] = Counter()
    for (kind, _), weight in weights.items():
        totals[kind] += weight
    telling = {kind: min(TELLING[source] for known, source in weights if known is kind) for kind in totals}
    known = [kind for kind in totals if kind is not FailureClass.UNKNOWN]
    return min(known, key=lambda kind: (-totals[kind], telling[kind], kind), default=None)


def _confidence(incident: Incident, found: FailureClass, voices: list[Said]) -> Confidence:
    """high: two kinds of sources, or a signal that says of itself what is wrong; medium: one clearly; else low.

    One step less where another source says clearly something else; but a settled signal stays what it is.
    """
    if found is FailureClass.UNKNOWN:
        return Confidence.LOW
    if any(LIKELY.get(alarm.signal) is found and alarm.signal in SETTLED for alarm in incident.alarms.values()):
        return Confidence.HIGH
    agreeing = {one.source for one in voices if one.failure_class is found}
    clear = any(one.clear for one in voices if one.failure_class is found)
    disputed = any(one.clear and one.failure_class is not found for one in voices)
    level = 2 if len(agreeing) > 1 and clear else int(clear)
    return ORDER[max(0, level - disputed)]
