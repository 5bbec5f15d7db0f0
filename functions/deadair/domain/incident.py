"""An incident: a period in which an integration does not do its job, and what may happen to it.

Knows which steps are legal and what alarms do to it in any order. Refuses to know storage, Slack and clocks.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from deadair.domain.alarm import DEADAIR, AlarmState, Signal, Transition
from deadair.domain.alarm_on_incident import AlarmOnIncident, Finding, first_finding
from deadair.domain.alarms_together import evidence_stopped_at, is_full, recovered_at, with_news
from deadair.domain.audit import Head
from deadair.domain.by_hand import ByHand
from deadair.domain.diagnosis import ASKING, SETTLED, leading, likely_class
from deadair.domain.errors import IllegalTransition
from deadair.domain.escalation import NOT_ESCALATED, Escalation
from deadair.domain.holding import Hold
from deadair.domain.link import Link
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity, usual_severity
from deadair.domain.signs import AHEAD, SIGNS
from deadair.domain.stages import Ending, Milestone, Status, Tick

# News that are older than this when they come are old news. EventBridge and queues are late by seconds.
LATE = timedelta(hours=1)


# Nothing of it is in the log of consent.
NOT_LOGGED = Head()
# What a reopening takes back, also where it was set by hand.
TAKEN_BACK = frozenset({Milestone.MITIGATED, Milestone.RESOLVED})
# So many fixes after which it was opened again are remembered.
FAILED_FIXES = 3
# Whoever ends it so had it, if nobody else did.
BY_SOMEBODY = frozenset({Ending.FIXED, Ending.FALSE_ALARM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The current state of an incident. Times are aware and UTC; `version` grows with every write.

    `number` is for people (INC-42), `sort_id` sorts by opening. What alarms drive: `started_at` is the earliest
    failing data that any alarm showed, `detected_at` the earliest ALARM, `recovered_at` the latest OK when every
    alarm is OK, `likely` the class that follows from the most telling alarm's signal and, where that only says that
    something is wrong, from `finding`. What a look at logs and signals found is `looked`.

    What people say is kept beside it and goes before it: `cause`, `severity_set`, `milestones` (read them by `when`).
    `tier` is the severity of the row. `pending_since` is when it last began to wait for somebody: its opening, a
    handing over, a reopening. `touched_at` is the last step of a person.

    `owner_pending`: the registry could not say whose it is, and `named` is the slug that its alarm named, if any.
    `inactive_since`: the owner whom the row names is not in Slack any more, and `owner` is who has it instead.
    `held_by` is who acknowledged it, as they were known then; read it by `holder`.
    `systems` are those that its data go through. `split_from` is the incident of which it was a part. `affected`
    is who or what suffers, in people's words, `links` are addresses that belong to it. `consent_log` is, for consent,
    how far its own log reaches. `failed_fixes` are the last ones after which it was opened again, oldest first.
    `recorded_afterwards`: it was over when somebody told of it, so it is news to nobody.
    """

    number: int
    sort_id: str
    integration: str
    integration_name: str
    tier: Severity
    owner: Person
    opened_at: datetime
    started_at: datetime
    detected_at: datetime
    likely: FailureClass = FailureClass.UNKNOWN
    looked: FailureClass | None = None
    cause: FailureClass | None = None
    severity_set: Severity | None = None
    signal: Signal = Signal.UNKNOWN
    status: Status = Status.OPEN
    consent: bool = False
    owner_note: str = ""
    runbook: str = ""
    alarms: dict[str, AlarmOnIncident] = field(default_factory=dict)
    finding: Finding | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    fix: str = ""
    failed_fixes: tuple[str, ...] = ()
    ending: Ending | None = None
    merged_into: int | None = None
    milestones: dict[Milestone, datetime] = field(default_factory=dict)
    checks: dict[str, Tick] = field(default_factory=dict)
    reopened: int = 0
    pending_since: datetime | None = None
    touched_at: datetime | None = None
    maintenance: Hold | None = None
    snooze: Hold | None = None
    escalation: Escalation = NOT_ESCALATED
    drill: bool = False
    owner_pending: bool = False
    inactive_since: datetime | None = None
    held_by: Person | None = None
    named: str = ""
    by_hand: ByHand | None = None
    systems: tuple[str, ...] = ()
    split_from: int | None = None
    affected: str = ""
    links: tuple[Link, ...] = ()
    consent_log: Head = NOT_LOGGED
    recorded_afterwards: bool = False
    version: int = 1

    @property
    def severity(self) -> Severity:
        """How bad it is: what somebody said, else what follows from tier, failure class and consent."""
        return self.severity_set or usual_severity(self)

    @property
    def holder(self) -> Person | None:
        """Who has it. Of those who took it before that was kept, only the name is known."""
        if not self.acknowledged_by:
            return None
        known = self.held_by
        return known if known and known.name == self.acknowledged_by else Person(self.acknowledged_by)

    @property
    def is_ahead(self) -> bool:
        """Whether all that it is about has not happened yet."""
        return bool(self.alarms) and all(alarm.signal in AHEAD for alarm in self.alarms.values())

    @property
    def nothing_arrives(self) -> bool:
        """Whether one of its alarms rang for silence."""
        return any(alarm.signal is Signal.SILENCE for alarm in self.alarms.values())

    @property
    def failure_class(self) -> FailureClass:
        """What broke: what somebody said, else what was found out."""
        return self.cause or self.guessed

    @property
    def guessed(self) -> FailureClass:
        """What was found out: what an alarm says of itself, else what a look found, else what alarms make likely."""
        settled = self.signal in SETTLED and self.likely is not FailureClass.UNKNOWN
        return self.likely if settled else self.looked or self.likely

    def when(self, milestone: Milestone) -> datetime | None:
        """When it was: what somebody set afterwards, else what was recorded."""
        recorded = {
            Milestone.STARTED: self.started_at,
            Milestone.DETECTED: self.detected_at,
            Milestone.ACKNOWLEDGED: self.acknowledged_at,
            Milestone.MITIGATED: self.mitigated_at,
            Milestone.RESOLVED: self.resolved_at,
        }
        return self.milestones.get(milestone) or recorded[milestone]

    @property
    def id(self) -> str:
        """The name for people and addresses."""
        return f"INC-{self.number}"

    @property
    def title(self) -> str:
        """What is wrong with what, in a few words."""
        said = self.by_hand.text if self.by_hand and not self.alarms else SIGNS[self.signal]
        return f"{self.integration_name}: {said or 'opened by hand'}"

    @property
    def is_open(self) -> bool:
        """Whether people still have to do something."""
        return self.status is not Status.RESOLVED

    @property
    def recovered_at(self) -> datetime | None:
        """When the last of its alarms became OK; None while any is not, or may not be."""
        return recovered_at(self.alarms)

    @property
    def evidence_stopped_at(self) -> datetime | None:
        """Since when no alarm says that it is broken, and one has no data to say that it works; None else."""
        return evidence_stopped_at(self.alarms)

    @property
    def is_old_news(self) -> bool:
        """Whether it had recovered before Deadair first heard of it, and the news were late: nobody need be called."""
        recovered = self.recovered_at
        over = recovered is not None and recovered <= self.opened_at
        return over and self.opened_at - self.detected_at > LATE

    def with_transition(self, transition: Transition) -> Self:
        """Take in what an alarm said. Any order and any repetition of the same transitions ends the same.

        Beyond what there is room for the alarms that came first stay, and nobody claims that all have recovered.
        """
        alarms = with_news(self.alarms, transition)
        if transition.state is not AlarmState.ALARM:
            return replace(self, alarms=alarms)
        started = transition.started_at or transition.at
        return replace(
            self.named_by(alarms, first_finding((self.finding, Finding.of(transition)))),
            started_at=min(self.started_at, started, transition.at),
            detected_at=min(self.detected_at, transition.at),
        )

    def named_by(self, alarms: dict[str, AlarmOnIncident], finding: Finding | None) -> Self:
        """The incident of these alarms and this evidence: they say what it is about."""
        signal = leading((alarm.signal, alarm.first_alarm_at, key) for key, alarm in alarms.items())
        asked = finding.failure_class if finding and finding.signal in ASKING else None
        likely = likely_class(signal, asked, {alarm.signal for alarm in alarms.values()})
        return replace(self, alarms=alarms, finding=finding, signal=signal, likely=likely)

    def awaits(self, transition: Transition) -> bool:
        """Whether this news is about the incident: an ALARM before its end, or what followed one of its ALARMs."""
        if transition.state is AlarmState.ALARM:
            return self.resolved_at is None or transition.at <= self.resolved_at
        known = self.alarms.get(transition.alarm.key)
        if transition.reconfigured and (known is None or not self.is_open):
            return False
        if known is None:
            return is_full(self.alarms) and transition.at >= self.detected_at
        return transition.at >= known.first_alarm_at

    def reopens(self, transition: Transition, within: timedelta) -> bool:
        """Whether this ALARM says that it is not over after all. What was merged goes on elsewhere."""
        if self.resolved_at is None or self.ending is Ending.MERGED or transition.state is not AlarmState.ALARM:
            return False
        return self.resolved_at < transition.at <= self.resolved_at + within

    def reopen_by_alarm(self, maintenance: Hold | None, now: datetime) -> Self:
        """It broke again, and waits for somebody; who had it before, and since when, is on the timeline."""
        again = self._not_over(Status.OPEN)
        return replace(
            again,
            milestones={name: at for name, at in again.milestones.items() if name is not Milestone.ACKNOWLEDGED},
            acknowledged_at=None,
            acknowledged_by="",
            pending_since=now,
            escalation=NOT_ESCALATED,
            maintenance=maintenance,
            snooze=None,
        )

    @property
    def flapping(self) -> bool:
        """Whether one of its alarms rings again and again."""
        return any(alarm.flaps for alarm in self.alarms.values())

    @property
    def still_failing(self) -> list[str]:
        """The names of its alarms that are in ALARM."""
        return sorted(alarm.name for alarm in self.alarms.values() if alarm.state is AlarmState.ALARM)

    def acknowledge(self, by: str, now: datetime) -> Self:
        """Somebody has it. Legal once, while open."""
        self._must_be("acknowledge", Status.OPEN)
        return replace(self, status=Status.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=by)

    def mitigate(self, by: str, now: datetime) -> Self:
        """The harm has stopped, the cause may still be there. Acknowledges as well, if nobody had."""
        self._must_be("mitigate", Status.OPEN, Status.ACKNOWLEDGED)
        return replace(self._acknowledged(by, now), status=Status.MITIGATED, mitigated_at=now)

    def resolve(self, by: str, fix: str, now: datetime) -> Self:
        """It does its job again. Acknowledges as well, if nobody had; an empty `fix` keeps the one said before."""
        self._must_be("resolve", Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED)
        return replace(self._over(Ending.FIXED, by, now), fix=fix or self.fix)

    def false_alarm(self, by: str, now: datetime, why: str = "") -> Self:
        """Nothing was broken; `why` stands where the fix would."""
        self._must_be("false alarm", Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED)
        return replace(self._over(Ending.FALSE_ALARM, by, now), fix=why)

    def resolve_by_itself(self, now: datetime) -> Self:
        """Its alarms are OK, and its row says that this is enough. Nobody need have acknowledged it."""
        return self._over(Ending.BY_ITSELF, DEADAIR, now)

    def merge_into(self, number: int, by: str, now: datetime) -> Self:
        """It goes on as another incident."""
        self._must_be("merge", Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED)
        return replace(self._over(Ending.MERGED, by, now), merged_into=number)

    def reopen(self) -> Self:
        """It was not over. Back to where somebody has it."""
        self._must_be("reopen", Status.RESOLVED, Status.MITIGATED)
        return self._not_over(Status.ACKNOWLEDGED)

    def assign(self, owner: Person) -> Self:
        """Give it to one named person; they have not acknowledged it yet, unless work goes on already."""
        self._must_be("assign", Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED)
        return replace(self, owner=owner, owner_note="", inactive_since=None)

    def _over(self, ending: Ending, by: str, now: datetime) -> Self:
        held = self._acknowledged(by, now) if ending in BY_SOMEBODY else self
        return replace(
            held,
            status=Status.RESOLVED,
            resolved_at=now,
            resolved_by=by,
            ending=ending,
            alarms={key: alarm.at_end() for key, alarm in held.alarms.items()},
        )

    def _not_over(self, status: Status) -> Self:
        told = {name: at for name, at in self.milestones.items() if name not in TAKEN_BACK}
        counted = self.reopened + (self.status is Status.RESOLVED)
        alarms = {key: alarm.not_over() for key, alarm in self.alarms.items()}
        # Why it was a false alarm is no fix of what goes on.
        fix = "" if self.ending is Ending.FALSE_ALARM else self.fix
        failed = (*self.failed_fixes, self.fix) if self.fix and self.ending is Ending.FIXED else self.failed_fixes
        ended = replace(self, alarms=alarms, resolved_at=None, resolved_by="", ending=None, mitigated_at=None, fix=fix)
        again = replace(ended, status=status, milestones=told, reopened=counted, failed_fixes=failed[-FAILED_FIXES:])
        # From here on it is worked like any other.
        return replace(again, recorded_afterwards=False)

    def _acknowledged(self, by: str, now: datetime) -> Self:
        if self.acknowledged_at is not None:
            return self
        return replace(self, acknowledged_at=now, acknowledged_by=by)

    def _must_be(self, step: str, *allowed: Status) -> None:
        if self.merged_into is not None:
            told = f"{self.id} was merged into INC-{self.merged_into}; {step} does not apply."
            raise IllegalTransition(told, field="status", remedy=f"show {self.merged_into}")
        if self.status not in allowed:
            remedy = f"reopen {self.number}" if self.status is Status.RESOLVED else f"show {self.number}"
            raise IllegalTransition(
                f"{self.id} is {self.status}; {step} does not apply.", field="status", remedy=remedy
            )


# More digits than any incident will have are somebody's typing error, not a number.
MOST_DIGITS = 9


def parse_number(text: str) -> int | None:
    """The number in `INC-42`, `inc-42`, `42` or `#42`; None for anything else."""
    bare = text.strip().lstrip("#").upper().removeprefix("INC-")
    return int(bare) if bare.isascii() and bare.isdigit() and 0 < len(bare) <= MOST_DIGITS else None
