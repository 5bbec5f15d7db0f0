"""Which lines of a timeline the thread under a card still lacks, and whether they are reason enough to speak.

Knows what was told by the ids of entries and by counts of alarms' news, so that neither the order nor the repetition
of facts matters. Refuses to read and to send.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.slack.thread import News, Rings
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from deadair.domain.timeline import Entry, Fact, Source
from notifier.drawing import Marks

# What Deadair did itself waits for a reader: for the first line of a person, or until somebody has it.
QUIET = frozenset(
    {
        Fact.DIAGNOSED,
        Fact.REPEATED,
        Fact.HELD,
        Fact.HOLD_ENDED,
        Fact.ASKED,
        Fact.NOTED,
        Fact.POSTMORTEM_DRAFTED,
    }
)
# What flapping alarms do over and over.
FLAPS = frozenset({Fact.RESOLVED, Fact.REOPENED})
RINGS = frozenset({Fact.OPENED, Fact.ALARM_RECORDED, Fact.RECOVERED, Fact.ALARM_CHANGED})
PEOPLE = frozenset({Source.SLACK, Source.WEB, Source.CLI})
KINDS = ("rang", "calm", "other")
# Lines that one message takes; their ids go along in its metadata.
MOST = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What the thread holds already: ids of entries, shortened, and how many of the alarms' news of each kind."""

    lines: frozenset[str] = frozenset()
    rings: tuple[int, ...] = (0, 0, 0)

    @classmethod
    def from_marks(cls, marks: Marks) -> "Told":
        """As it was kept."""
        rings = tuple(int(count) for count in marks.get("rings", "0,0,0").split(","))
        return cls(frozenset(filter(None, marks.get("lines", "").split(","))), rings)

    @property
    def marks(self) -> Marks:
        """As it is kept."""
        return {"lines": ",".join(sorted(self.lines)), "rings": ",".join(map(str, self.rings))}

    def with_(self, other: "Told") -> "Told":
        """Together. `other` came later, and its counts reach as far as its message did."""
        return Told(self.lines | other.lines, tuple(map(max, self.rings, other.rings)))


def untold(entries: Iterable[Entry], told: Told) -> tuple[News, Told]:
    """What the next message says, and what is told after it, beyond what was."""
    known = sorted(entries, key=lambda entry: (entry.recorded_at, entry.id))
    rings = [entry for entry in known if _rings(entry)]
    left = [
        entry for entry in known if not _rings(entry) and not _is_opening(entry) and _short(entry) not in told.lines
    ]
    left = left[:MOST]
    counts = Counter(_kind(entry) for entry in rings)
    after = Told(frozenset(map(_short, left)), tuple(counts[kind] for kind in KINDS))
    return News(_without_repeated_looks(left), _ringing(rings, told.rings, after.rings)), after


def speaks(news: News, incident: Incident, *, turned: bool) -> bool:
    """Whether it is time for a message. `turned`: the alarms went quiet, or broke again."""
    has_reader = incident.status in {Status.ACKNOWLEDGED, Status.MITIGATED}
    if has_reader and (news.lines or (turned and news.rings.count)):
        return True
    return any(not _is_quiet(entry, incident) for entry in news.lines)


def state_of(seen: Dossier) -> str:
    """Changes with everything that writes a line, and not with each of the alarms' news: a storm reads no timeline."""
    incident, postmortem, found = seen.incident, seen.postmortem, seen.diagnosed
    told = (
        incident.touched_at,
        incident.status,
        incident.reopened,
        incident.owner,
        incident.owner_note,
        incident.escalation,
        incident.maintenance,
        incident.snooze,
        postmortem.edit if postmortem else 0,
        found.edit if found else 0,
        turn_of(incident),
    )
    return hashlib.blake2b(repr(told).encode("utf-8", "replace"), digest_size=8).hexdigest()


def turn_of(incident: Incident) -> str:
    """What the alarms say together. Alarms that flap turn nothing."""
    if incident.flapping:
        return "flapping"
    return "calm" if incident.recovered_at else "stopped" if incident.evidence_stopped_at else "broken"


def _is_quiet(entry: Entry, incident: Incident) -> bool:
    if entry.source in PEOPLE:
        return False
    return entry.fact in QUIET or (incident.flapping and entry.fact in FLAPS)


def _rings(entry: Entry) -> bool:
    return entry.fact in RINGS and entry.source not in PEOPLE and not _is_opening(entry)


def _is_opening(entry: Entry) -> bool:
    """What the card itself says."""
    return entry.fact is Fact.OPENED and entry.source not in PEOPLE


def _short(entry: Entry) -> str:
    return hashlib.blake2b(entry.id.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _kind(entry: Entry) -> str:
    if entry.fact is Fact.ALARM_CHANGED:
        return "other"
    return {"ALARM": "rang", "OK": "calm"}.get(entry.details.get("state", ""), "other")


def _ringing(rings: list[Entry], before: tuple[int, ...], now: tuple[int, ...]) -> Rings:
    """The news beyond those that were counted before: the latest of each kind."""
    new: list[Entry] = []
    for kind, known, count in zip(KINDS, before, now, strict=True):
        of_kind = [entry for entry in rings if _kind(entry) == kind]
        new += of_kind[len(of_kind) - max(count - known, 0) :]
    if not new:
        return Rings()
    told = Counter(_kind(entry) for entry in new)
    times = sorted(entry.occurred_at for entry in new)
    only = new[0].text if len(new) == 1 else ""
    return Rings(told["rang"], told["calm"], told["other"], times[0], times[-1], only)


def _without_repeated_looks(lines: list[Entry]) -> list[Entry]:
    """Of several looks the last says what is known."""
    looks = [entry for entry in lines if entry.fact is Fact.DIAGNOSED]
    return [entry for entry in lines if entry.fact is not Fact.DIAGNOSED or entry is looks[-1]]
