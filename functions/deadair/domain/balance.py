"""Conservation, message by message: what was received, what became of it, and what the timelines tell, side by side.

Knows which of these belong together. Refuses to know tables and queues: it compares what was read.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from deadair.domain.line import Outcome

ENTERED = frozenset({Outcome.OPENED.value, Outcome.APPENDED.value, Outcome.RECOVERED.value})


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a message: its outcome, the reason, the incident (its id) that it went into."""

    outcome: str
    reason: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of a transition: the message that brought it first, and what it became."""

    message_id: str
    outcome: str
    incident: str


@dataclass(slots=True)
class Books:
    """Three records that are made apart from each other, as they were read.

    `received`: the digest of each message's body, by message id. `became`: by message id. `recorded`: by the
    transition's key. `told`: the incidents whose timelines have the entry of a transition, by its key. `there`: the
    incidents that have a state.
    """

    received: dict[str, str] = field(default_factory=dict)
    became: dict[str, Became] = field(default_factory=dict)
    recorded: dict[str, Recorded] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)

    @property
    def waiting(self) -> set[str]:
        """Messages without an outcome."""
        return self.received.keys() - self.became.keys()

    def brought_again(self) -> set[str]:
        """Waiting messages whose very text another message brought, which has its outcome.

        That is how it looks when AWS, and not we, sent dead letters once more: it gives them new ids.
        """
        settled = {self.received[one] for one in self.became if self.received.get(one)}
        return {one for one in self.waiting if self.received[one] in settled}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not add up, in words, and what it is about: for a second look, one by one."""

    text: str
    message_id: str = ""
    transition: str = ""
    incident: str = ""


def differences(books: Books) -> Iterator[Difference]:
    """What does not add up between messages, records and timelines. Messages that wait are another question."""
    for message_id in sorted(books.became.keys() - books.received.keys()):
        yield Difference(f"message {message_id} has an outcome and was never received", message_id)
    brought = {record.message_id for record in books.recorded.values()}
    for message_id, became in books.became.items():
        if became.outcome in ENTERED and message_id not in brought:
            yield Difference(
                f"message {message_id} {became.outcome} {became.incident}, and no transition says so", message_id
            )
    for key, record in books.recorded.items():
        yield from _of_record(books, key, record)
    for key in books.told.keys() - books.recorded.keys():
        for incident in sorted(books.told[key]):
            yield Difference(f"{incident} tells of transition {key}, which was never recorded", "", key, incident)
    for incident in sorted(set().union(*books.told.values()) - books.there):
        yield Difference(f"{incident} has a timeline and is nowhere any more", incident=incident)


def _of_record(books: Books, key: str, record: Recorded) -> Iterator[Difference]:
    """Its message says the same, its incident tells of it; and nobody tells of what entered no incident."""
    became, told = books.became.get(record.message_id), books.told.get(key, set())
    about = (record.message_id, key, record.incident)
    if became is None or (became.outcome, became.incident) != (record.outcome, record.incident):
        said = f"{became.outcome} {became.incident}".strip() if became else "nothing"
        yield Difference(
            f"transition {key} is recorded as {record.outcome} {record.incident}, its message says {said}", *about
        )
    if record.outcome in ENTERED and record.incident not in told:
        yield Difference(f"{record.incident} does not tell of transition {key}", *about)
    if record.outcome not in ENTERED and told:
        yield Difference(f"{', '.join(sorted(told))} tells of transition {key}, which entered no incident", *about)


@dataclass(frozen=True, slots=True)
class Balance:
    """The account. `ignored` and `dead` by reason; `in_flight` messages have no outcome yet and may still get one.

    `set_aside` of them lie with the queue's dead letters; `brought_again` came as another message, which has its
    outcome. `queued` is what lies in the intake queue. `elsewhere` are other rooms' dead letters, by queue.
    `problems` make it not balance.
    """

    received: int
    outcomes: dict[str, int]
    ignored: dict[str, int]
    dead: dict[str, int]
    in_flight: int
    set_aside: int
    brought_again: int
    queued: int
    transitions: int
    entries: int
    elsewhere: dict[str, int]
    problems: list[str]

    @property
    def balances(self) -> bool:
        """Whether everything that was received is accounted for."""
        return not self.problems


def balance_of(
    books: Books, found: list[str], *, set_aside: set[str], queued: int, elsewhere: dict[str, int]
) -> Balance:
    """The account. `found` are differences that a second look confirmed, `set_aside` ids among the dead letters."""
    again = books.brought_again()
    waiting = books.waiting - again
    aside = waiting & set_aside
    missing = sorted(waiting - aside)
    problems = list(found)
    if len(missing) > queued:
        named = ", ".join(missing) if queued == 0 else f"among {', '.join(missing)}"
        problems.append(f"{len(missing) - queued} messages were received and are nowhere any more: {named}")
    outcomes = Counter(became.outcome for became in books.became.values())
    return Balance(
        received=len(books.received),
        outcomes={outcome.value: outcomes[outcome.value] for outcome in Outcome},
        ignored=_reasons(books, Outcome.IGNORED),
        dead=_reasons(books, Outcome.DEAD_LETTERED),
        in_flight=len(waiting),
        set_aside=len(aside),
        brought_again=len(again),
        queued=queued,
        transitions=sum(record.outcome in ENTERED for record in books.recorded.values()),
        entries=sum(len(told) for told in books.told.values()),
        elsewhere=elsewhere,
        problems=problems,
    )


def _reasons(books: Books, outcome: Outcome) -> dict[str, int]:
    counted = Counter(became.reason or "unknown" for became in books.became.values() if became.outcome == outcome)
    return dict(sorted(counted.items()))
