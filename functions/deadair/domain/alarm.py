"""What an alarm is and what a transition of it is, whatever carried the news.

Knows identity, order and the typed reading (signal) of an alarm. Refuses to know events, queues and tables.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from deadair.domain.severity import FailureClass

if TYPE_CHECKING:
    from deadair.domain.holding import Hold


class AlarmState(StrEnum):
    """The three states of a CloudWatch alarm, in CloudWatch's own words."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Reconfiguration(StrEnum):
    """What people do to an alarm itself, in CloudWatch's own words."""

    CREATED = "create"
    UPDATED = "update"
    DELETED = "delete"


class Signal(StrEnum):
    """Our typed reading of what an alarm watches."""

    SILENCE = "silence"
    ERROR_RATE = "error_rate"
    LATENCY = "latency"
    FRESHNESS = "freshness"
    QUOTA = "quota"
    CREDENTIAL = "credential"
    VERSION = "version"
    UNKNOWN = "unknown"


# Who says that something changed: CloudWatch, or Deadair itself of a date that comes near.
CLOUDWATCH, DEADAIR = "CloudWatch", "Deadair"

# What an alarm of the registry shows while nothing is expected: far from every floor, and like no number of records.
RESTS = 1e9
TAG_KEPT, NO_TAG_KEPT = timedelta(days=1), timedelta(hours=1)

# At the same instant ALARM wins over OK, and OK over INSUFFICIENT_DATA: a tie must never hide a failure.
PRECEDENCE = {AlarmState.INSUFFICIENT_DATA: 0, AlarmState.OK: 1, AlarmState.ALARM: 2}


@dataclass(frozen=True, slots=True)
class AlarmIdentity:
    """Who an alarm is: (partition, account, region, name), compared byte by byte."""

    partition: str
    account: str
    region: str
    name: str

    @property
    def key(self) -> str:
        """32 hex characters that are the same for the same alarm and for no other."""
        return digest(self.partition, self.account, self.region, self.name)

    @property
    def arn(self) -> str:
        """The name that AWS knows it by."""
        return f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:{self.name}"

    @property
    def shown_name(self) -> str:
        """The name for people: NFC, control and direction marks replaced, at most 200 characters."""
        return shown(self.name, limit=200)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the tag `Integration` of an alarm said when it was looked up: a slug, or nothing."""

    alarm: str
    slug: str
    asked_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it need not be looked up again: people tag an alarm after it was missing a tag, seldom anew."""
        return now - self.asked_at < (TAG_KEPT if self.slug else NO_TAG_KEPT)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the integration's own signals showed when an alarm was recorded, in words, and the class that it means."""

    text: str
    failure_class: FailureClass


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of one alarm's state, at the alarm's own time `at` (aware, UTC).

    `stamp` is that time as it was told; `at` is never later than its receipt by more than a few minutes.
    `started_at` is where the failing data begin, when the alarm says so. `dimensions` and `tags` are what
    it offers for finding its integration. `notes` say what was odd about it. `evidence` is found when it is recorded.
    `quiet`: it was muted or suppressed where it comes from. `children` are the alarms that a composite alarm looks at,
    those first that set it off (`set_off_by` of them). `rests`: it has no data because nothing is expected.
    `reconfigured`: the alarm itself was changed; then `state` is INSUFFICIENT_DATA and means nothing.
    """

    alarm: AlarmIdentity
    state: AlarmState
    at: datetime
    stamp: datetime
    reason: str = ""
    previous: str = ""
    description: str = ""
    started_at: datetime | None = None
    signal: Signal = Signal.UNKNOWN
    metric: str = ""
    namespace: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    author: str = CLOUDWATCH
    evidence: Evidence | None = None
    quiet: "Hold | None" = None
    children: tuple[AlarmIdentity, ...] = ()
    set_off_by: int = 0
    rests: bool = False
    reconfigured: Reconfiguration | None = None

    @property
    def what(self) -> str:
        """What happened in one word: the alarm's new state, or what was done to the alarm itself."""
        return self.reconfigured.value if self.reconfigured else self.state.value

    @property
    def key(self) -> str:
        """The natural key: the same for every delivery of the same transition, never the event's id."""
        return digest(self.alarm.key, self.what, self.stamp.isoformat(timespec="milliseconds"))

    @property
    def order(self) -> tuple[datetime, int]:
        """Later wins; at the same instant ALARM wins."""
        return (self.at, PRECEDENCE[self.state])


def digest(*parts: str) -> str:
    """A 128-bit hexadecimal digest of parts that cannot be confused by moving text between them."""
    framed = b"".join(
        len(data).to_bytes(8, "big") + data for data in (p.encode("utf-8", "surrogatepass") for p in parts)
    )
    return hashlib.blake2b(framed, digest_size=16).hexdigest()


def shown(text: str, *, limit: int = 2000) -> str:
    """Text for people: NFC, one line, nothing invisible that could mislead; cut with an ellipsis.

    Control (Cc), format (Cf: direction overrides, zero width) and surrogate characters become U+FFFD;
    joiners that scripts need inside words (ZWJ, ZWNJ) stay.
    """
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(_visible(ch) for ch in normal)
    flat = " ".join(kept.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _visible(ch: str) -> str:
    if ch in "\t\n\r":
        return " "
    if ch in "\u200c\u200d":
        return ch
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(ch) in {"Cc", "Cf", "Cs", "Co"} else ch
